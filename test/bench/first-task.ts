/** `learn` with nothing set up, on the embedded cluster: until the first task is on the screen. */

import { openTerminal } from '../terminal/pty.ts';
import { planHome } from './home.ts';
import type { Comparison } from './ratio.ts';
import { runCli, runTool } from './tool.ts';

const home = planHome('first-task');
const lab = 'pulling-from-private-registries';

export const firstTask: Comparison = {
	name: 'first-task',
	// Two seconds where Node takes 60 ms to start.
	limit: 33,
	longest: 2000,
	rounds: 7,
	setUp: () => home.setUp(),
	ours: {
		async run() {
			const terminal = openTerminal(`${process.execPath} dist/cli.js learn ${lab} --provider embedded`, {
				columns: 80,
				env: home.env,
			});
			await terminal.waitFor(/q\squit$/, 60);
			terminal.press('q');
		},
		undo: () => runCli(['down'], { env: home.env }),
	},
	peer: { run: () => runTool(process.execPath, ['-e', '0']) },
};
