/** How much more than Node itself a Tab costs, where labs have to be looked up for it. */

import type { Comparison } from './ratio.ts';
import { runCli, runTool } from './tool.ts';

export const complete: Comparison = {
	name: 'complete',
	limit: 3,
	rounds: 41,
	ours: { run: () => runCli(['complete', '--', 'grade', '--task', '']) },
	peer: { run: () => runTool(process.execPath, ['-e', '0']) },
};
