/** How much more than Node itself `--help` costs: what every command pays before it begins. */

import type { Comparison } from './ratio.ts';
import { runCli, runTool } from './tool.ts';

export const help: Comparison = {
	name: 'help',
	limit: 1.3,
	rounds: 41,
	ours: { run: () => runCli(['--help']) },
	peer: { run: () => runTool(process.execPath, ['-e', '0']) },
};
