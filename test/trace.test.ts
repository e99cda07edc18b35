/** What a call is told as: enough to find it, and no credential. */

import * as assert from 'uvu/assert';
import { ProgramError, runProgram } from '../src/exec.ts';
import { describeProgram, describeRequest, listenToCalls, watchCalls } from '../src/trace.ts';
import { suite } from './harness.ts';

const test = suite('calls');

/** Arguments → how they are told. */
const programs: [args: string[], told: string][] = [
	[['info', '--format', '{{json .}}'], "docker info --format '{{json .}}'"],
	[['login', '-u', 'myuser', '-p', 'hunter2', 'host'], 'docker login -u myuser -p … host'],
	[['login', '--password', 'hunter2'], 'docker login --password …'],
	[['create', '--docker-password=hunter2', '--token=hunter2'], 'docker create --docker-password=… --token=…'],
	[['--client-secret', 'hunter2', '--with-credentials=hunter2'], 'docker --client-secret … --with-credentials=…'],
	[["it's"], "docker 'it'\\''s'"],
];

for (const [args, told] of programs) {
	test(`docker ${args[0]}: ${told}`, () => assert.is(describeProgram('docker', args).text, told));
}

test('neither who asks nor what a registry signed is told of a request', () => {
	const url = new URL('https://myuser:hunter2@registry.example.com/v2/myapp/blobs/uploads/1?_state=hunter2#x');
	assert.equal(describeRequest('PUT', url, 'the registry'), {
		text: 'PUT https://registry.example.com/v2/myapp/blobs/uploads/1?…',
		awaited: 'the registry',
	});
});

test('every ending is told, with how it was, until nobody listens any more', async () => {
	const told: string[] = [];
	const stop = listenToCalls({ begin: () => {}, end: ({ text }, outcome) => told.push(`${text}: ${outcome}`) });
	const calls = watchCalls();
	const running = runProgram('sh', ['-c', 'echo hunter2 >&2; exit 4']).catch((error: unknown) => error);
	assert.is(calls.current()?.awaited, 'sh');
	assert.instance(await running, ProgramError);
	assert.is(calls.current(), null, 'nobody is waited for between two calls');
	await runProgram('no-such-program', []).catch(() => {});
	await runProgram('true', []);
	await runProgram('sleep', ['9'], { timeout: 50 }).catch(() => {});
	stop();
	await runProgram('true', []);
	calls.stop();
	assert.equal(told, [
		"sh -c 'echo hunter2 >&2; exit 4': exit 4",
		'no-such-program: ENOENT',
		'true: exit 0',
		'sleep 9: no end in time',
	]);
});

test.run();
