/** Steps as they are shown: redrawn on a terminal, line by line elsewhere, and never on stdout. */

import * as assert from 'uvu/assert';
import { runProgram } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { reasonWithoutTerminal, runOnTerminal } from './pty.ts';

const test = suite('progress');
const fixture = ['--import', 'tsx', 'test/terminal/fixtures/show-steps.ts'];
const command = [process.execPath, ...fixture].join(' ');

test('is one line per ended step where there is no terminal, and one more where it takes long', async () => {
	const { code, stdout, stderr } = await runProgram(process.execPath, fixture);
	assert.is(code, 0);
	assert.is(stdout, 'the result\n');
	assert.equal(mask(stderr.trimEnd().split('\n')), [
		'✔ Machine looks fit  0.0 s',
		'… Cluster kubeproctor  kind create cluster: preparing nodes  0.0 s',
		'… Registry kubeproctor-registry  0.0 s',
		'✔ Registry kubeproctor-registry  registry:2, htpasswd, 127.0.0.1:41873  0.0 s',
		'✔ Cluster kubeproctor  kind 0.33.0, Kubernetes 1.35.4  0.0 s',
		'– Image registry.example.com/myapp:1.0  is there',
		'A note that belongs to no step.',
	]);
});

onTerminal('stays on the screen with details and times at the right', async () => {
	const { code, lines } = await runOnTerminal(command, 80);
	assert.is(code, 0);
	assert.equal(mask(lines), [
		'✔ Machine looks fit                                                       0.0 s',
		'✔ Cluster kubeproctor                    kind 0.33.0, Kubernetes 1.35.4   0.0 s',
		'✔ Registry kubeproctor-registry   registry:2, htpasswd, 127.0.0.1:41873   0.0 s',
		'– Image registry.example.com/myapp:1.0                         is there',
		'A note that belongs to no step.',
		'the result',
	]);
});

onTerminal('keeps to a narrow terminal', async () => {
	const { lines } = await runOnTerminal(command, 40);
	assert.equal(mask(lines), [
		'✔ Machine looks fit               0.0 s',
		'✔ Cluster kubeproctor             0.0 s',
		'✔ Registry kubeproctor-registry   0.0 s',
		'– Image registry.example.com/m…',
		'A note that belongs to no step.',
		'the result',
	]);
});

onTerminal('shows what waits, what runs and for how long', async () => {
	const { raw } = await runOnTerminal(command, 80);
	const text = raw.replaceAll(/\u001b\[[?\d;]*[A-Za-z]/g, '');
	assert.match(text, /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Cluster kubeproctor +kind create cluster: preparing nodes +\d\.\d s/);
	assert.match(text, '· Image registry.example.com/myapp:1.0');
	assert.not.match(text, /\n *s *\r?\n/, 'a line was broken before its end');
});

onTerminal('leaves out, in the end, what never began', async () => {
	const { lines } = await runOnTerminal(`${command} failing`, 80);
	assert.equal(mask(lines), [
		'✔ Machine looks fit                                                       0.0 s',
		'✘ Cluster kubeproctor                                 kind ended with 1   0.0 s',
		'✔ Registry kubeproctor-registry   registry:2, htpasswd, 127.0.0.1:41873   0.0 s',
		'the result',
	]);
});

onTerminal('gives the cursor back', async () => {
	const { raw } = await runOnTerminal(command, 80);
	assert.ok(raw.lastIndexOf('\u001b[?25h') > raw.lastIndexOf('\u001b[?25l'));
});

onTerminal('shows steps also where stdout is a file', async () => {
	const { lines } = await runOnTerminal(`${command} >/dev/null`, 80);
	assert.match(lines.join('\n'), /✔ Cluster kubeproctor +kind 0\.33\.0/);
});

onTerminal('is not coloured where NO_COLOR is set', async () => {
	const { raw } = await runOnTerminal(`env NO_COLOR=1 ${command}`, 80);
	assert.not.match(raw, /\u001b\[\d+m/);
});

test.run();

function onTerminal(name: string, body: () => Promise<void>): void {
	if (reasonWithoutTerminal === null) test(name, body);
	else test.skip(name, reasonWithoutTerminal);
}

/** Times differ from run to run. */
function mask(lines: string[]): string[] {
	return lines.map((line) => line.replace(/\d\.\d s$/, '0.0 s'));
}
