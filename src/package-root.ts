/** Where the package's own data folders are, from its sources as from its bundle. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of a folder that stands beside package.json. */
export function findPackageFolder(name: 'labs' | 'json-schema' | 'registry-setup' | 'api-schema' | 'dist'): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
	return join(folder, name);
}
