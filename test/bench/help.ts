/** How much more than Node itself `--help` costs: what every command pays before it begins. */

import { type Comparison, runTool } from './ratio.ts';

export const help: Comparison = {
	name: 'help',
	limit: 1.3,
	rounds: 41,
	ours: async () => void (await runTool(process.execPath, ['dist/cli.js', '--help'])),
	peer: async () => void (await runTool(process.execPath, ['-e', '0'])),
};
