/** `--verbose`, `--log-file` and `--quiet`: everything that leaves the program is told, and no credential is. */

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { cli, type Ending, runCli, runProgram } from '../cli/run-cli.ts';
import { findKubectl } from '../contracts/kubectl/find-kubectl.ts';
import { suite } from '../harness.ts';
import { type EmbeddedEnvironment, planEnvironment } from './environment.ts';

const test = suite<{ environment: EmbeddedEnvironment; kept: string }>('calls that are told', { timeout: 90 });
const recorder = new URL('fixtures/record-requests.mjs', import.meta.url).href;

test.before((context) => {
	context.environment = planEnvironment('calls');
	context.kept = join(dirname(dirname(context.environment.folder)), 'kept');
	mkdirSync(context.kept);
});
test.after(({ environment }) => environment?.close());

/** Runs the program with a log, and holds it to what Node itself saw. */
async function runRecorded(
	{ environment, kept }: { environment: EmbeddedEnvironment; kept: string },
	...args: string[]
): Promise<Ending & { log: string }> {
	const [log, record] = [join(kept, 'calls.log'), join(kept, 'requests.txt')];
	for (const file of [log, record]) rmSync(file, { force: true });
	const ending = await runProgram(
		process.execPath,
		['--import', recorder, cli, '--name', environment.name, '--log-file', log, ...args],
		{ ...environment.env, NODE_OPTIONS: '', RECORD_REQUESTS: record },
	);
	const text = readFileSync(log, 'utf8');
	const told = text.split('\n').flatMap((line) => /^\S+Z ([A-Z]+ https?:[^?\s]+)/.exec(line)?.[1] ?? []);
	const seen = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : [];
	assert.equal(told.sort(), seen.sort(), args.join(' '));
	return { ...ending, log: text };
}

function findSecrets(folder: string): string[] {
	const credentials = JSON.parse(readFileSync(join(folder, 'credentials.json'), 'utf8')) as Record<
		string,
		{ username: string; password: string }
	>;
	const { token } = JSON.parse(readFileSync(join(folder, 'embedded.json'), 'utf8')) as { token: string };
	return Object.values(credentials).flatMap(({ username, password }) => [
		password,
		Buffer.from(`${username}:${password}`).toString('base64'),
		Buffer.from(password).toString('base64'),
		token,
	]);
}

test('up, grade and down: each request has its line, and no credential is in any', async (context) => {
	const { environment } = context;
	const up = await runRecorded(context, 'up', '--provider', 'embedded', '--random-password');
	assert.is(up.code, 0, up.stderr);
	assert.match(up.log, /^\S+Z serve-embedded calls {2}ready {2}\d+ ms$/m);
	assert.match(up.log, /^\S+Z PUT http:\S+\/manifests\/1\.0 {2}201 {2}\d+ ms$/m);
	const secrets = findSecrets(environment.folder);
	assert.is(secrets.length, 4);
	const [password = ''] = secrets;
	const auths = { 'registry.example.com': { username: 'myuser', password } };
	await environment.apply([
		{
			...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'my-registry-creds' } },
			type: 'kubernetes.io/dockerconfigjson',
			stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
		},
	]);
	const grade = await runRecorded(context, '--verbose', 'grade', '--timeout', '0');
	assert.is(grade.code, 1, grade.stderr);
	assert.match(grade.log, /GET https:\S+\/secrets\/my-registry-creds {2}200/);
	assert.match(grade.log, /POST https:\S+\/pods\?dryRun=All {2}\d+/);
	assert.match(grade.log, /GET http:\S+\/v2\/myapp\/manifests\/\S+ {2}200/);
	const down = await runRecorded(context, '--verbose', 'down');
	assert.is(down.code, 0, down.stderr);
	assert.match(down.log, /kill \d+ {2}ended/);
	for (const text of [up, grade, down].flatMap(({ log, stderr }) => [log, stderr])) {
		for (const secret of [...secrets, 'Bearer', 'Basic', 'Authorization']) assert.not.match(text, secret);
	}
	assert.is(withoutTimes(grade.log), grade.stderr.replaceAll(/^… .*\n/gm, '').trim());
});

test('the log is for this account only, also where it was there before, and is added to', async ({ kept }) => {
	const log = join(kept, 'old.log');
	writeFileSync(log, 'what was there\n', { mode: 0o644 });
	const { code } = await runCli(['--log-file', log, 'list']);
	assert.is(code, 0);
	assert.is(statSync(log).mode & 0o777, 0o600);
	assert.is(readFileSync(log, 'utf8'), 'what was there\n');
});

test('a log that cannot be written is told before anything is done', async ({ environment }) => {
	const { code, stdout, stderr } = await environment.run('--log-file', '/dev/null/x', 'up', '--provider', 'embedded');
	assert.equal([code, stdout], [3, '']);
	assert.match(stderr, /^✘ The log could not be written to \/dev\/null\/x: .* {2}exit 3\n/);
	assert.not.ok(existsSync(environment.folder));
});

test('each program that is run has its line', async ({ kept }) => {
	const folder = join(kept, 'bin');
	mkdirSync(folder);
	const [log, record] = [join(kept, 'programs.log'), join(kept, 'programs.txt')];
	const script = `#!/bin/sh\necho "kubectl $*" >>'${record}'\nexec '${await findKubectl()}' "$@"\n`;
	writeFileSync(join(folder, 'kubectl'), script, { mode: 0o755 });
	const { code, stderr } = await runCli(['--log-file', log, 'demo'], {
		PATH: [folder, process.env['PATH']].join(delimiter),
	});
	assert.is(code, 0, stderr);
	const told = [...readFileSync(log, 'utf8').matchAll(/^\S+Z (kubectl .*) {2}exit 0 {2}\d+ ms$/gm)].map(
		([, call]) => call,
	);
	assert.is(told.length, 4);
	assert.equal(told, readFileSync(record, 'utf8').trim().split('\n'));
});

test('with --quiet there are results and errors, and nothing else', async ({ environment }) => {
	const up = await environment.run('--quiet', 'up', '--provider', 'embedded');
	assert.equal([up.code, up.stderr], [0, '']);
	assert.match(up.stdout, /^\nReady in /);
	const [loud, quiet] = [await environment.run('grade', '--timeout', '1'), await environment.run('grade', '-q')];
	assert.equal([quiet.code, quiet.stderr], [1, '']);
	assert.is(quiet.stdout, loud.stdout);
	const down = await environment.run('-q', 'down');
	assert.equal([down.code, down.stderr], [0, '']);
	const again = await environment.run('-q', 'grade');
	assert.is(again.code, 3);
	assert.match(again.stderr, /^✘ There is no environment calls\. +exit 3\n/);
});

test('--quiet and --verbose do not go together', async () => {
	const { code, stderr } = await runCli(['-q', '-v', 'list']);
	assert.is(code, 2);
	assert.match(stderr, '--quiet and --verbose do not go together.');
});

test.run();

function withoutTimes(log: string): string {
	return log.trim().replaceAll(/^\S+Z /gm, '');
}
