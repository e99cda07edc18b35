/** What the build made: complete, and without a warning on any version of Node. */

import { accessSync, constants, readdirSync, statSync } from 'node:fs';
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

test('no path of this machine is in it', async () => {
	const { stdout } = await runProgram('grep', ['-rl', process.cwd(), 'dist']);
	assert.is(stdout, '');
});

test.run();
