/** A whole lab through `learn` on a cluster of kind's: the screens are those of the embedded one. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cli, runProgram } from '../cli/run-cli.ts';
import { type Player, playLab } from '../embedded/play-learn.ts';
import { suite } from '../harness.ts';
import { reasonWithoutTerminal } from '../terminal/pty.ts';
import { must } from './lab/environment.ts';

const test = suite<{ player: Player; run(...args: string[]): Promise<void> }>('learn on kind', { timeout: 600 });

test.before((context) => {
	const home = mkdtempSync(join(tmpdir(), 'kubeproctor-learn-'));
	// The name stands on the screens.
	const name = 'learner';
	const env = { KUBEPROCTOR_HOME: home, KUBECONFIG: join(home, 'environments', name, 'kubeconfig') };
	context.player = { name, provider: 'kind', env, kubectl: (...args) => must('kubectl', args, env) };
	context.run = async (...args) => {
		const { code, stderr } = await runProgram(process.execPath, [cli, '--name', name, ...args], env);
		assert.is(code, 0, stderr);
	};
});
test.after(async ({ player, run }) => {
	await run('down');
	rmSync(player.env['KUBEPROCTOR_HOME'] ?? '', { recursive: true, force: true });
});

for (const columns of [80, 40, 200]) {
	const name = `at ${columns} columns`;
	if (reasonWithoutTerminal !== null) test.skip(name, reasonWithoutTerminal);
	else {
		test(name, async ({ player, run }) => {
			if (columns !== 80) {
				await run('reset', '--all', '--yes');
				await run('progress', '--reset', '--yes');
			}
			await playLab(player, columns);
		});
	}
}

test.run();
