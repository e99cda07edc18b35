/** The scripts of kubectl commands and their golden transcripts. */

import { openShelf } from '../shelf.ts';
import { parseScript } from './script.ts';

export const { loadScripts, readGolden, writeGolden, listGolden } = openShelf(
	import.meta.dirname,
	'.console',
	parseScript,
);
