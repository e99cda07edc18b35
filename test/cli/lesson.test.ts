/** `lesson` as a learner runs it. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { reasonWithoutTerminal, runOnTerminal } from '../terminal/pty.ts';
import { cli, runCli } from './run-cli.ts';

const test = suite('lesson command');
const source = readFileSync('labs/pulling-from-private-registries/lesson.md', 'utf8');

test('prints the whole lesson of the first lab where nothing is set up', async () => {
	const { code, stdout, stderr } = await runCli(['lesson']);
	assert.equal([code, stderr], [0, '']);
	assert.match(stdout, /^Pulling from private registries with imagePullSecrets\n═+\n/);
	assert.match(stdout, 'Task 4: Let the ServiceAccount do it\n───');
	assert.not.match(stdout, /<!--|^```/m);
});

test('prints one part, by number or id', async () => {
	const [byNumber, byId] = await Promise.all([
		runCli(['lesson', '--part', '3']),
		runCli(['lesson', '--part', 'store-credentials']),
	]);
	assert.match(byId.stdout, /^Task 1: Store the registry's credentials\n/);
	assert.is(byNumber.stdout, byId.stdout);
});

test('gives the Markdown as it is written', async () => {
	const { stdout } = await runCli(['lesson', '-p', 'path', '-o', 'markdown']);
	assert.ok(source.includes(stdout.trim()));
	assert.match(stdout, '```text');
});

test('says which parts there are', async () => {
	const { code, stdout, stderr } = await runCli(['lesson', '--part', 'pathh']);
	assert.equal([code, stdout], [2, '']);
	assert.match(stderr, 'Did you mean path?');
});

test('knows no other lab than there is', async () => {
	const { code, stderr } = await runCli(['lesson', 'pulling-from-private-registrys']);
	assert.is(code, 2);
	assert.match(stderr, 'Did you mean pulling-from-private-registries?');
});

onTerminal('goes page by page on a terminal, and in one go where told to', async () => {
	const command = `${process.execPath} ${cli} lesson`;
	const [paged, whole] = await Promise.all([
		runOnTerminal(`env PAGER="cat -n" ${command}`, 80),
		runOnTerminal(`env PAGER="cat -n" ${command} --no-pager`, 80),
	]);
	assert.match(paged.raw, /^\s+1\s/);
	assert.not.match(whole.raw, /^\s+1\s/);
});

test.run();

function onTerminal(name: string, body: () => Promise<void>): void {
	if (reasonWithoutTerminal === null) test(name, body);
	else test.skip(name, reasonWithoutTerminal);
}
