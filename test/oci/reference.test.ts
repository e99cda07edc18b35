/** Image references against what distribution/reference v0.6.0 itself answered. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import {
	formatName,
	formatReference,
	InvalidReferenceError,
	isRegistryHost,
	parseReference,
} from '../../src/oci/reference.ts';
import { suite } from '../harness.ts';

interface Golden {
	text: string;
	error?: string;
	host?: string;
	repository?: string;
	tag?: string;
	digest?: string;
	whole?: string;
}

/** Made by a Go program: ParseNormalizedNamed, TagNameOnly, one row per text. Absent fields were empty. */
const golden = JSON.parse(readFileSync(new URL('references.json', import.meta.url), 'utf8')) as Golden[];

const test = suite('oci/reference');

test('every text is read as Go reads it, errors included', () => {
	assert.ok(golden.length > 100);
	for (const { text, ...expected } of golden) assert.equal(read(text), expected, JSON.stringify(text));
});

test('the name for the keyring has neither tag nor digest', () => {
	assert.is(formatName(parseReference('nginx')), 'docker.io/library/nginx');
	assert.is(formatName(parseReference('localhost:5000/a/b:1')), 'localhost:5000/a/b');
	assert.is(formatName(parseReference('my_host.local/app:1')), 'my_host.local/app');
});

test('a reference in full is read as itself', () => {
	for (const { whole } of golden) {
		if (whole !== undefined) assert.is(formatReference(parseReference(whole)), whole);
	}
});

test('a host is what images name a registry by, where one can be', () => {
	for (const host of ['localhost', 'registry.example.com', 'a.b:5000', 'docker.io', '[::1]:5000', '10.0.0.1']) {
		assert.is(isRegistryHost(host), true, host);
	}
	const others = ['', 'registry', 'a b', 'https://a.b', 'a.b/c', 'a.b:99999', '1.2.3.999', 'my_host.local', 'a.b:'];
	for (const text of others) assert.is(isRegistryHost(text), false, text);
});

test('a very long text is answered at once', () => {
	const started = performance.now();
	for (const text of [
		'a'.repeat(100_000),
		'a.'.repeat(50_000),
		`${'a-'.repeat(50_000)}/x`,
		`x:${'a'.repeat(100_000)}`,
	]) {
		assert.throws(
			() => parseReference(text),
			(error: unknown) => error instanceof InvalidReferenceError,
		);
	}
	assert.ok(performance.now() - started < 5_000);
});

function read(text: string): Omit<Golden, 'text'> {
	try {
		const reference = parseReference(text);
		const { host, repository, tag, digest } = reference;
		return {
			...(host !== '' && { host }),
			repository,
			...(tag !== null && { tag }),
			...(digest !== null && { digest }),
			whole: formatReference(reference),
		};
	} catch (error) {
		if (error instanceof InvalidReferenceError) return { error: error.message };
		throw error;
	}
}

test.run();
