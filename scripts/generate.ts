/** Writes what is made from the sources and kept beside them: the JSON Schemas, the reference pages and the manual page. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeGenerated } from './generated.ts';

for (const [file, text] of Object.entries(makeGenerated())) {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}
