/** A terminal that knows no UTF-8 is written to in ASCII, and nobody else is. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { knowsUtf8, toPlainSigns } from '../../src/terminal/charset.ts';
import { cli, runProgram } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { openTerminal, reasonWithoutTerminal } from './pty.ts';

const test = suite('terminal/charset', { timeout: 60 });

test('the locale tells, the strongest variable first; where none does it is UTF-8', () => {
	for (const env of [{}, { LANG: '' }, { LANG: 'de_DE.utf8' }, { LANG: 'C', LC_ALL: 'C.UTF-8' }, { LC_CTYPE: 'UTF-8' }])
		assert.ok(knowsUtf8(env), JSON.stringify(env));
	for (const env of [{ LANG: 'C' }, { LANG: 'POSIX' }, { LANG: 'de_DE' }, { LANG: 'en_US.UTF-8', LC_ALL: 'C' }])
		assert.not.ok(knowsUtf8(env), JSON.stringify(env));
});

test('a sign keeps its width, and a name stays', () => {
	assert.is(toPlainSigns('✔ 1  Jürgen …  ⠋'), '+ 1  Jürgen ~  *');
});

for (const lab of readdirSync('labs')) {
	test(`every sign of ${lab} has one of ASCII`, () => {
		for (const file of ['lesson.md', 'lab.yaml', 'quiz.yaml'])
			assert.equal(toPlainSigns(readFileSync(join('labs', lab, file), 'utf8')).match(/[^\n -~]/g) ?? [], [], file);
	});
}

/** What stands on the screen in the end. */
async function show(args: string, env: NodeJS.ProcessEnv): Promise<string> {
	const terminal = openTerminal(`${process.execPath} ${cli} ${args}`, { columns: 80, rows: 200, env });
	await terminal.ended;
	return terminal.scrollback().join('\n');
}

if (reasonWithoutTerminal !== null) test.skip('programs on a terminal', reasonWithoutTerminal);
else {
	for (const args of ['lesson pulling-from-private-registries --part path', 'doctor', 'grade --nonsense']) {
		test(`kubeproctor ${args}, in the locale C and in another`, async () => {
			const [plain, drawn] = await Promise.all([show(args, { LC_ALL: 'C' }), show(args, {})]);
			assert.not.match(plain, /[^\n -~]/);
			assert.match(drawn, /[─✔✘]/);
		});
	}
	test('the pager is given no other signs either', async () => {
		const env = { LC_ALL: 'C', PAGER: 'cat' };
		const terminal = openTerminal(`${process.execPath} ${cli} lesson pulling-from-private-registries`, {
			...{ columns: 80, rows: 10, env },
		});
		await terminal.ended;
		assert.match(terminal.scrollback().join('\n'), 'What this is about\n------------------');
	});
}

test('a pipe is given everything', async () => {
	const { stdout } = await runProgram(process.execPath, [cli, 'lesson', 'pulling-from-private-registries'], {
		LC_ALL: 'C',
	});
	assert.match(stdout, '──');
});

test.run();
