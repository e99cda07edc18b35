/** `learn` with nothing set up, on the embedded cluster: until the first task is on the screen. */

import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openTerminal } from '../terminal/pty.ts';
import type { Comparison } from './ratio.ts';
import { runCli, runTool } from './tool.ts';

const home = path.join(tmpdir(), `kubeproctor-bench-learn-${process.pid}`);
const lab = 'pulling-from-private-registries';

export const firstTask: Comparison = {
	name: 'first-task',
	// Two seconds where Node takes 60 ms to start.
	limit: 33,
	rounds: 7,
	async setUp() {
		mkdirSync(home, { mode: 0o700 });
		return async () => rmSync(home, { recursive: true, force: true });
	},
	ours: {
		async run() {
			const terminal = openTerminal(`${process.execPath} dist/cli.js learn ${lab} --provider embedded`, {
				columns: 80,
				env: { KUBEPROCTOR_HOME: home },
			});
			await terminal.waitFor(/q\squit$/, 60);
			terminal.press('q');
		},
		undo: () => runCli(['down'], { env: { ...process.env, KUBEPROCTOR_HOME: home } }),
	},
	peer: { run: () => runTool(process.execPath, ['-e', '0']) },
};
