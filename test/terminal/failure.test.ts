/** How failures read, and the exit codes that go with them. */

import * as assert from 'uvu/assert';
import { InterruptedError, LabError, UsageError } from '../../src/model/error.ts';
import { describeFailure, type FailureLook } from '../../src/terminal/failure.ts';
import { suite } from '../harness.ts';

const test = suite('failure');
const look: FailureLook = { isColoured: false, width: null, program: 'kubeproctor 0.1.0' };
const engine = new LabError(
	{
		code: 'engine-down',
		message: 'Docker does not answer\nCannot connect to the Docker daemon at unix:///var/run/docker.sock.',
		remedy: 'Start Docker Desktop and run this again, or:\n  sudo systemctl start docker',
	},
	{ also: [{ code: 'kubectl-missing', message: 'kubectl is not installed', remedy: 'Install it.' }] },
);

test("shows the machine's problems with their remedies, and 3", () => {
	const { text, exitCode } = describeFailure(engine, undefined, look);
	assert.is(exitCode, 3);
	assert.is(
		text,
		[
			'✘ Docker does not answer                                                  exit 3',
			'  Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
			'  Start Docker Desktop and run this again, or:',
			'    sudo systemctl start docker',
			'✘ kubectl is not installed',
			'  Install it.',
		].join('\n'),
	);
});

test('keeps to the width of a terminal, but never breaks a command', () => {
	const { text } = describeFailure(engine, undefined, { ...look, width: 30 });
	assert.is(
		text,
		[
			'✘ Docker does not answer  exit 3',
			'  Cannot connect to the Docker',
			'  daemon at',
			'  unix:///var/run/docker.sock.',
			'  Start Docker Desktop and run',
			'  this again, or:',
			'    sudo systemctl start docker',
			'✘ kubectl is not installed',
			'  Install it.',
		].join('\n'),
	);
});

test('gives a mistake on the command line 2', () => {
	const failure = describeFailure(new UsageError('There is no lab x.', 'Did you mean y?'), undefined, look);
	assert.is(failure.exitCode, 2);
	assert.match(failure.text, /^✘ There is no lab x\. +exit 2\n {2}Did you mean y\?$/);
});

for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const, ['SIGHUP', 129] as const]) {
	test(`gives ${signal} ${code}`, () => {
		const { exitCode, text } = describeFailure(new InterruptedError(signal), undefined, look);
		assert.is(exitCode, code);
		assert.not.match(text, '    at ');
	});
}

test('takes an aborted request for what it is, after a signal', () => {
	const aborted = new DOMException('This operation was aborted', 'AbortError');
	const { exitCode, text } = describeFailure(aborted, new InterruptedError('SIGTERM'), look);
	assert.is(exitCode, 143);
	assert.match(text, 'Stopped before the end.');
});

test('shows what could not be taken back after a signal, with its exit code', () => {
	const { exitCode, text } = describeFailure(engine, new InterruptedError('SIGINT'), look);
	assert.is(exitCode, 130);
	assert.match(text, 'Docker does not answer');
});

test('gives anything else 70, with stack, causes and what to do with them', () => {
	const bug = new TypeError('x is not a function', { cause: new Error('the real one') });
	const { exitCode, text } = describeFailure(bug, undefined, look);
	assert.is(exitCode, 70);
	for (const part of [
		'TypeError: x is not a function\n    at ',
		'caused by Error: the real one',
		'kubeproctor 0.1.0, Node v',
	]) {
		assert.match(text, part);
	}
	assert.match(text, /Please report this with the lines above\.$/);
});

test('gives 70 to what is no Error at all', () => {
	assert.is(describeFailure('just a text', undefined, look).exitCode, 70);
	assert.match(describeFailure(undefined, undefined, look).text, 'undefined');
});

test.run();
