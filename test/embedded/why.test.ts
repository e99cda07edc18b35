/** `why` on an embedded environment: different causes, a Pod that is fine, and someone who may not read everything. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Explanation } from '../../src/model/explanation.ts';
import type { Ending } from '../cli/run-cli.ts';
import { pullingPod, pullSecret, role, untilRefused } from '../cluster/lab/pulling.ts';
import { suite } from '../harness.ts';
import { canary } from '../runner/canary.ts';
import { type EmbeddedEnvironment, openWithPassword } from './environment.ts';

const test = suite('why', { timeout: 120 });
const passwords = [canary, 'nonsense-password'];
const outputs: string[] = [];
let environment: EmbeddedEnvironment;

test.before(async () => {
	environment = await openWithPassword('why', canary);
	await environment.apply([
		...[pullSecret('good', canary), pullSecret('wrong', 'nonsense-password')],
		...[pullSecret('elsewhere', canary, 'registry.example.org')],
		...[pullingPod('none'), podWith('good', 'good'), podWith('wrong', 'wrong'), podWith('misspelt', 'godd')],
		...[podWith('elsewhere', 'elsewhere'), podWith('absent-tag', 'good', 'registry.example.com/myapp:9.9')],
		pullingPod('bad-name', {}, 'registry.example.com/MyApp:1.0'),
		// Somebody who may look at Pods of one namespace, and at nothing else.
		{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'limited' } },
		...role('limited', [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]),
	]);
	await environment.kubectl('wait', '--for=condition=Ready', 'pod/good', '--timeout=30s');
	for (const name of ['none', 'wrong', 'misspelt', 'elsewhere', 'absent-tag', 'bad-name']) {
		await untilRefused(environment.read, name);
	}
});
test.after(() => environment.close());

const causes: [pod: string, reason: string][] = [
	['none', 'PullSecretNotReferenced'],
	['wrong', 'CredentialsRejected'],
	['misspelt', 'PullSecretMisspelt'],
	['elsewhere', 'RegistryNotListed'],
	['absent-tag', 'ImageNotFound'],
	['bad-name', 'ImageNameInvalid'],
	['nobody', 'PodMissing'],
];
for (const [name, reason] of causes) {
	test(`finds ${reason}`, async () => {
		const { code, explanation } = await why(name);
		assert.is(explanation.diagnosis?.reason, reason);
		assert.is(explanation.outcome, 'wrong');
		assert.is(code, 1);
	});
}

test('has nothing to say against a Pod that runs', async () => {
	const { code, explanation } = await why('good');
	assert.is(code, 0);
	assert.is(explanation.outcome, 'fine');
	assert.is(explanation.diagnosis, null);
	assert.is(explanation.nextTryWithin, null);
	assert.equal(explanation.list, { names: ['good'], origin: 'own', serviceAccount: 'default' });
});

test('prints every part as JSON', async () => {
	const { explanation } = await why('wrong');
	const parts = ['schemaVersion', 'cluster', 'outcome', 'pod', 'container', 'diagnosis', 'list', 'secrets'];
	assert.equal(Object.keys(explanation), [...parts, 'nextTryWithin', 'unread']);
	assert.is(explanation.cluster.environment, 'why');
	assert.is(explanation.nextTryWithin, '5 min 15 s');
	const [entry] = explanation.secrets[0]?.entries ?? [];
	assert.is(entry?.matches, true);
	assert.is(entry?.username, 'myuser');
	assert.is(entry?.trial?.outcome, 'rejected');
});

test('promises no further try of a name that cannot be pulled', async () => {
	assert.is((await why('bad-name')).explanation.nextTryWithin, null);
});

test('tries no credentials in a cluster that is not its own', async () => {
	const { code, explanation } = await why('wrong', '--kubeconfig', join(environment.folder, 'kubeconfig'));
	assert.is(code, 1);
	assert.is(explanation.cluster.environment, null);
	assert.is(explanation.diagnosis?.reason, 'CredentialsRejected');
	assert.is(explanation.secrets[0]?.entries[0]?.trial?.outcome, 'not-tried');
	assert.not.match(explanation.diagnosis?.remedy ?? '', 'kubeproctor credentials');
});

test('a registry whose port cannot be is one that the node cannot reach, and is not asked', async () => {
	const host = 'registry.example.com:99999';
	await environment.apply([
		pullSecret('nowhere', 'nonsense-password', host),
		podWith('nowhere', 'nowhere', `${host}/myapp:1.0`),
	]);
	await untilRefused(environment.read, 'nowhere');
	const { code, explanation } = await why('nowhere', '--try-credentials');
	assert.equal([code, explanation.diagnosis?.reason], [1, 'RegistryUnreachable']);
	assert.is(explanation.secrets[0]?.entries[0]?.trial?.outcome, 'not-tried');
});

test('tries them in a registry that is not its own where that is allowed', async () => {
	const kubeconfig = join(environment.folder, 'kubeconfig');
	const { port } = new URL(environment.record().registries['registry.example.com'] ?? '');
	const host = `localhost:${port}`;
	await environment.apply([
		pullSecret('foreign', 'nonsense-password', host),
		podWith('foreign', 'foreign', `${host}/myapp:1.0`),
	]);
	await untilRefused(environment.read, 'foreign');
	const kept = await why('foreign', '--kubeconfig', kubeconfig);
	assert.is(kept.explanation.secrets[0]?.entries[0]?.trial?.outcome, 'not-tried');
	const tried = await why('foreign', '--kubeconfig', kubeconfig, '--try-credentials');
	assert.is(tried.explanation.secrets[0]?.entries[0]?.trial?.outcome, 'rejected');
	assert.is(tried.explanation.diagnosis?.reason, 'CredentialsRejected');
	assert.is(tried.code, 1);
});

test('believes the node where the registry cannot be reached from here', async () => {
	const kubeconfig = join(environment.folder, 'kubeconfig');
	const { code, explanation } = await why('wrong', '--kubeconfig', kubeconfig, '--try-credentials');
	assert.is(explanation.secrets[0]?.entries[0]?.trial?.outcome, 'unanswered');
	assert.is(explanation.diagnosis?.reason, 'CredentialsRejected');
	assert.is(code, 1);
});

test('says what it was not allowed to read', async () => {
	const kubeconfig = await writeLimited();
	const { code, explanation } = await why('wrong', '--kubeconfig', kubeconfig);
	assert.is(code, 3);
	assert.is(explanation.diagnosis?.reason, 'NotObserved');
	assert.is(explanation.secrets[0]?.state, 'unread');
	assert.ok(explanation.unread.some(({ what }) => what === 'Secret wrong'));
	const fine = await why('good', '--kubeconfig', kubeconfig);
	assert.is(fine.code, 0);
	const elsewhere = await why('wrong', '--kubeconfig', kubeconfig, '-n', 'staging');
	assert.is(elsewhere.code, 3);
	assert.match(elsewhere.explanation.diagnosis?.message ?? '', 'does not let this user');
	const text = await run('pod/wrong', '--kubeconfig', kubeconfig);
	assert.match(text.stdout, 'Secret wrong: this user may not');
});

test('takes nothing but pod/NAME', async () => {
	for (const asked of ['wrong', 'secret/wrong', 'pod/', 'pod/../x']) {
		const { code, stderr } = await run(asked);
		assert.is(code, 2);
		assert.match(stderr, 'names no Pod');
	}
});

test('prints no password, in whatever form', async () => {
	for (const [name] of causes) await run(`pod/${name}`);
	assert.ok(outputs.length > causes.length);
	const forms = passwords.flatMap((password) => [
		...[password, Buffer.from(password).toString('base64')],
		Buffer.from(`myuser:${password}`).toString('base64'),
	]);
	for (const output of outputs) for (const form of forms) assert.not.match(output, form);
});

test.run();

async function run(...args: string[]): Promise<Ending> {
	const ending = await environment.run('why', ...args);
	outputs.push(ending.stdout + ending.stderr);
	return ending;
}

async function why(name: string, ...args: string[]) {
	const { code, stdout, stderr } = await run(`pod/${name}`, '-o', 'json', ...args);
	if (stdout === '') throw new Error(`why ended with ${code}:\n${stderr}`);
	return { code, explanation: JSON.parse(stdout) as Explanation & { cluster: { environment: string | null } } };
}

function podWith(name: string, secret: string, image?: string): object {
	return pullingPod(name, { imagePullSecrets: [{ name: secret }] }, image);
}

async function writeLimited(): Promise<string> {
	const token = (await environment.kubectl('create', 'token', 'limited')).trim();
	const config = JSON.parse(await environment.kubectl('config', 'view', '--raw', '-o', 'json')) as {
		users: { user: object }[];
	};
	for (const user of config.users) user.user = { token };
	const file = join(environment.folder, 'limited.json');
	writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
	return file;
}
