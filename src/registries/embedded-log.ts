/** Who pulled from an embedded registry: read from its journal, whether it runs or not. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nameRegistryFolder } from '../model/embedded.ts';
import type { PullLog } from '../model/registry.ts';
import { readAccessJournal } from '../oci/server/journal.ts';

/** `folder`: the environment's own. */
export function readEmbeddedLog(folder: string, labHost: string, lostBefore: string | null): PullLog {
	const home = join(folder, nameRegistryFolder(labHost));
	return {
		records: readAccessJournal(home),
		lostBefore: existsSync(home) ? lostBefore : new Date().toISOString(),
	};
}
