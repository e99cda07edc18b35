/** A password through a whole life of an environment: only the files that must hold it do, and nothing ever says it. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { canary, listFiles, searchFile, Wanted } from '../runner/canary.ts';
import { bringUp, type EmbeddedEnvironment, openWithPassword } from './environment.ts';
import { ended } from './surroundings.ts';

const host = 'registry.example.com';
const test = suite<{ environment: EmbeddedEnvironment }>('a password and where it is', { timeout: 120 });
const wanted = new Wanted(canary);

test.before(async (context) => {
	context.environment = await openWithPassword('canary', canary);
});
test.after(({ environment }) => environment?.close());

test('up: only credentials.json has it', async ({ environment }) => {
	assert.equal(listHolders(environment), ['credentials.json']);
	assert.match(readFileSync(join(environment.folder, 'credentials.json'), 'utf8'), canary);
});

test('the lab: the Secrets are in the journal, and nowhere else', async ({ environment }) => {
	await environment.apply([
		secret('my-registry-creds', { username: 'myuser', password: canary }),
		// Someone who mixed up the two fields.
		secret('wrong-user', { username: canary, password: 'myuser' }),
		secret('malformed', { auth: `${canary}%` }),
		pod('private-pod', 'my-registry-creds'),
		pod('wrong', 'wrong-user'),
		pod('malformed', 'malformed'),
	]);
	await environment.kubectl('wait', '--for=condition=Ready', 'pod/private-pod', '--timeout=30s');
	assert.equal(listHolders(environment), ['cluster/journal.jsonl', 'credentials.json']);
});

test('whatever is asked of the program, it does not say it', async ({ environment }) => {
	const evidence = join(tmpdir(), 'canary-evidence.json');
	const kubeconfig = join(environment.folder, 'kubeconfig');
	const junk = join(tmpdir(), 'canary-junk.json');
	writeFileSync(junk, '{"schemaVersion": 1}');
	const asked: [args: string[], code: number][] = [
		[['up'], 0],
		[['up', '-o', 'json'], 0],
		[['grade', '--save-evidence', evidence], 1],
		[['grade', '-o', 'json', '--timeout', '0'], 1],
		[['grade', '--evidence', evidence], 1],
		[['grade', '--evidence', junk], 2],
		...['private-pod', 'wrong', 'malformed'].map((name): [string[], number] => [
			['why', `pod/${name}`],
			name === 'private-pod' ? 0 : 1,
		]),
		[['why', 'pod/wrong', '-o', 'json'], 1],
		[['why', 'pod/private-pod', '--kubeconfig', kubeconfig, '--try-credentials'], 0],
		[['status'], 0],
		[['status', '-o', 'json'], 0],
		[['env'], 0],
		[['credentials'], 0],
		[['credentials', '-o', 'json'], 0],
	];
	for (const [args, code] of asked) {
		const ending = await environment.run(...args);
		assert.is(ending.code, code, `${args.join(' ')}: ${ending.stderr}`);
		assert.is(wanted.find(Buffer.from(ending.stdout + ending.stderr)), null, args.join(' '));
	}
	assert.match(readFileSync(evidence, 'utf8'), 'my-registry-creds');
	assert.is(wanted.find(readFileSync(evidence)), null);
	rmSync(evidence);
	rmSync(junk);
	const shown = await environment.run('credentials', '--password');
	assert.match(shown.stdout, canary, 'the one that is asked for it');
});

test('killed and brought back, changed and reset, it is where it was', async ({ environment }) => {
	process.kill(environment.record().pid, 'SIGKILL');
	await ended(environment.record().pid);
	assert.is((await environment.run('grade', '--timeout', '0')).code, 3);
	await bringUp(environment);
	assert.equal(listHolders(environment), ['cluster/journal.jsonl', 'credentials.json']);
	assert.is((await environment.run('rotate')).code, 0);
	assert.equal(listHolders(environment), ['cluster/journal.jsonl']);
});

test('down leaves nothing of it', async ({ environment }) => {
	assert.is((await environment.run('down')).code, 0);
	assert.equal([...listFiles(environment.folder)], []);
});

test.run();

/** Files of the environment that hold it; throws for one that must not. */
function listHolders({ folder }: EmbeddedEnvironment): string[] {
	const files = [...listFiles(folder)];
	assert.equal(
		files.flatMap((file) => searchFile(file, wanted)),
		[],
	);
	const holding = files.filter(({ file }) => wanted.find(readFileSync(file)) !== null);
	return holding.map(({ file }) => file.slice(folder.length + 1)).sort();
}

function secret(name: string, entry: object): object {
	const config = JSON.stringify({ auths: { [host]: entry } });
	return {
		apiVersion: 'v1',
		kind: 'Secret',
		metadata: { name },
		type: 'kubernetes.io/dockerconfigjson',
		data: { '.dockerconfigjson': Buffer.from(config).toString('base64') },
	};
}

function pod(name: string, secretName: string): object {
	const containers = [{ name: 'app', image: `${host}/myapp:1.0` }];
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name },
		spec: { containers, imagePullSecrets: [{ name: secretName }] },
	};
}
