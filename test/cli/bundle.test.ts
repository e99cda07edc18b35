/** What the build made: complete, and without a warning on any version of Node. */

import { accessSync, constants, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { runProgram } from './run-cli.ts';

const test = suite('bundle');
const chunks = readdirSync('dist/chunks').map((name) => `./dist/chunks/${name}`);

test('its start is small and executable', () => {
	accessSync('dist/cli.js', constants.X_OK);
	assert.ok(statSync('dist/cli.js').size < 4096);
});

test('every chunk can be loaded, and none loads anything deprecated', async () => {
	const script = `for (const chunk of ${JSON.stringify(chunks)}) await import(chunk);`;
	const flags = ['--pending-deprecation', '--throw-deprecation', '--input-type=module'];
	assert.equal(await runProgram(process.execPath, [...flags, '-e', script]), { code: 0, stdout: '', stderr: '' });
});

/** Bytes of a file of the bundle and of everything that it imports at its top. */
function weigh(file: string, seen = new Set<string>()): number {
	if (seen.has(file)) return 0;
	seen.add(file);
	const text = readFileSync(file, 'utf8');
	const imported = [...text.matchAll(/(?:from|import)"(\.{1,2}\/[^"]+)"/g)].map(([, name = '']) =>
		join(dirname(file), name),
	);
	return imported.reduce((sum, each) => sum + weigh(each, seen), text.length);
}

test('what every command waits for, and the embedded cluster, load little before they begin', () => {
	assert.ok(weigh('dist/chunks/program.js') < 150_000, 'the command line');
	assert.ok(weigh('dist/serve-embedded.js') < 620_000, 'the embedded cluster');
});

test('a program that has lost its files ends, and says what it was about to say', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-torn-'));
	cpSync('dist', join(folder, 'dist'), { recursive: true });
	cpSync('package.json', join(folder, 'package.json'));
	rmSync(join(folder, 'dist/chunks/failure.js'));
	const torn = await runProgram('timeout', ['10', process.execPath, join(folder, 'dist/cli.js'), 'no-such-command']);
	rmSync(folder, { recursive: true });
	assert.is(torn.code, 70);
	assert.match(torn.stderr, /no-such-command/);
});

test('no path of this machine is in it', async () => {
	const { stdout } = await runProgram('grep', ['-rl', process.cwd(), 'dist']);
	assert.is(stdout, '');
});

test.run();
