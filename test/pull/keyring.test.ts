/** The keyring against the kubelet's own answers. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { pullSecretKeys, readDockerConfig } from '../../src/pull/docker-config.ts';
import { nameRepository } from '../../src/pull/image.ts';
import { matchesRepository, normaliseRegistryKey, selectEntries } from '../../src/pull/keyring.ts';
import { suite } from '../harness.ts';

/** What k8s.io/kubernetes/pkg/credentialprovider, v1.35.4, answered to `MakeDockerKeyring` and `Lookup`. */
interface Case {
	image: string;
	secrets: { type: string; key: string; content: string }[];
	error?: string;
	/** `username:password`, in the order of trial. */
	credentials?: string[];
}

const cases: Case[] = JSON.parse(readFileSync(new URL('../fixtures/kubelet-keyring.json', import.meta.url), 'utf8'));
const test = suite('keyring');

test('finds what the kubelet finds, in its order', () => {
	let compared = 0;
	for (const { image, secrets, credentials } of cases) {
		if (credentials === undefined) continue;
		compared++;
		const entries = secrets.filter(isRead).flatMap((secret) => read(secret).entries);
		const found = selectEntries(entries, nameRepository(image) ?? '').map(
			({ username, password }) => `${username}:${password}`,
		);
		assert.equal(found, credentials, JSON.stringify({ image, secrets }));
	}
	assert.ok(compared > 900, `${compared} cases`);
});

test('refuses what the kubelet refuses, in its words, but for what is no JSON, which the API server keeps out', () => {
	let compared = 0;
	for (const { secrets, error, credentials } of cases) {
		const malformed = secrets.filter(isRead).flatMap((secret) => read(secret).malformed?.message ?? [])[0];
		assert.is(malformed === undefined, credentials !== undefined, JSON.stringify(secrets));
		if (error === undefined || /^invalid character|^unexpected end/.test(error)) continue;
		compared++;
		assert.is(malformed, error, JSON.stringify(secrets));
	}
	assert.ok(compared > 20, `${compared} cases`);
});

test('refuses headers that are no text, as a node of 1.35.4 does', () => {
	const refusalOf = (headers: unknown) => {
		const content = JSON.stringify({ auths: {}, HttpHeaders: headers });
		return read({ type: 'kubernetes.io/dockerconfigjson', key: '.dockerconfigjson', content }).malformed?.message;
	};
	const place = 'into Go struct field DockerConfigJSON.HttpHeaders of type';
	assert.is(refusalOf(5), `json: cannot unmarshal number ${place} map[string]string`);
	assert.is(refusalOf({ a: 5 }), `json: cannot unmarshal number ${place} string`);
	assert.is(refusalOf({ a: 'b', c: null }), undefined);
});

test("matches a label as Go's filepath.Match does, and takes what Go calls a bad pattern for no match", () => {
	const answers: { pattern: string; text: string; matches: boolean }[] = JSON.parse(
		readFileSync(new URL('../fixtures/go-filepath-match.json', import.meta.url), 'utf8'),
	);
	assert.is(answers.length, 800);
	for (const { pattern, text, matches } of answers) {
		assert.is(matchesRepository(`${pattern}.example.com`, `${text}.example.com/app`), matches, `${pattern} on ${text}`);
	}
});

test('takes no longer for a pattern with many stars', () => {
	const begun = performance.now();
	assert.is(matchesRepository(`${'*a'.repeat(5000)}b.example.com`, `${'a'.repeat(10_000)}.example.com/app`), false);
	assert.is(matchesRepository(`${'*a'.repeat(30)}*b.example.com`, `${'a'.repeat(62)}b.example.com/app`), true);
	assert.ok(performance.now() - begun < 5000);
});

test('keeps an entry under host and path', () => {
	assert.is(normaliseRegistryKey('https://registry.example.com/v1/team'), 'registry.example.com/team');
	assert.is(normaliseRegistryKey('registry.example.com:abc'), null);
});

test('remembers which fields docker would have used', () => {
	const config = read({
		type: 'kubernetes.io/dockerconfigjson',
		key: '.dockerconfigjson',
		content: '{"auths":{"registry.example.com":{"identitytoken":"t"}},"credsStore":"desktop"}',
	});
	assert.equal(config.ignored, ['credsStore', 'identitytoken']);
});

test('tells that auth and the two fields disagree', () => {
	const auth = Buffer.from('robot:right').toString('base64');
	const entry = (fields: object) =>
		read({
			type: 'kubernetes.io/dockerconfigjson',
			key: '.dockerconfigjson',
			content: JSON.stringify({ auths: { 'registry.example.com': { auth, ...fields } } }),
		}).entries[0];
	assert.is(entry({ username: 'robot', password: 'wrong' })?.isAuthAtOdds, true);
	assert.is(entry({ username: 'robot', password: 'wrong' })?.password, 'right');
	assert.is(entry({ username: 'robot', password: 'right' })?.isAuthAtOdds, false);
	assert.is(entry({})?.isAuthAtOdds, false);
});

/** The kubelet passes over Secrets of any other type or key. */
function isRead({ type, key }: Case['secrets'][number]): boolean {
	return pullSecretKeys[type] === key;
}

function read({ type, key, content }: Case['secrets'][number]) {
	return readDockerConfig(type, { [key]: Buffer.from(content).toString('base64') });
}

test.run();
