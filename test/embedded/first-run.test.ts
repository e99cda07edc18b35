/** `learn` with nothing set up, in an account of its own: how much is asked before the first task, and what there is to read. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cli, runProgram } from '../cli/run-cli.ts';
import { findKubectl } from '../contracts/kubectl/find-kubectl.ts';
import { suite } from '../harness.ts';
import { openTerminal, reasonWithoutTerminal } from '../terminal/pty.ts';
import { withoutControls } from '../terminal/talk.ts';

const test = suite<{ home: string; command: string }>('the first run', { timeout: 120 });
const title = 'one question, the first task, its lesson in the pager, and back';

test.before(async (context) => {
	context.home = mkdtempSync(join(tmpdir(), 'kubeproctor-first-'));
	// Where no engine can be found, and nothing else was ever set.
	const bin = join(context.home, 'bin');
	mkdirSync(bin);
	const less = (await runProgram('which', ['less'])).stdout.trim();
	for (const [name, program] of Object.entries({ kubectl: await findKubectl(), less }))
		if (program !== '') symlinkSync(program, join(bin, name));
	context.command = `env -i HOME=${context.home} TERM=xterm-256color PATH=${bin} ${process.execPath} ${cli}`;
});
test.after(async ({ home, command }) => {
	await runProgram('sh', ['-c', `${command} down`]);
	rmSync(home, { recursive: true, force: true });
});

if (reasonWithoutTerminal !== null) test.skip(title, reasonWithoutTerminal);
else
	test(title, async ({ command }) => {
		let raw = '';
		const terminal = openTerminal(`${command} learn`, {
			columns: 80,
			onData(text) {
				raw += text;
			},
		});
		try {
			await terminal.waitFor('Which lab?');
			await terminal.waitFor(/❯ Pulling from private registries .*\(\d+ minutes\)/);
			terminal.press('\r');
			await terminal.waitFor(/^Task 1 of 4/m, 40);
			await terminal.waitFor(/h\shint/);
			const asked = withoutControls(raw).matchAll(/[?✔] ([A-Z][^?✔\n]*\?)/g);
			assert.equal([...new Set(Array.from(asked, ([, question]) => question))], ['Which lab?']);

			terminal.press('l');
			await terminal.waitFor(/^:$/m);
			assert.ok(terminal.hasCursor());
			terminal.press('G');
			await terminal.waitFor(/\(END\)$/m);
			terminal.press('q');
			await terminal.waitFor(/h\shint {2}l\slesson/);
			assert.not.ok(terminal.hasCursor());
			terminal.press('q');
			await terminal.waitFor('goes on here');
			assert.is(await terminal.ended, 0);
		} finally {
			terminal.close();
		}
	});

test.run();
