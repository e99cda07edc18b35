/** Applies objects to an embedded environment with kubectl, as a learner does. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedEnvironment } from './environment.ts';

export async function applyObjects(
	environment: EmbeddedEnvironment,
	items: readonly object[],
	namespace?: string,
): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'objects-'));
	const file = join(folder, 'list.json');
	try {
		await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
		await environment.kubectl(...(namespace === undefined ? [] : ['-n', namespace]), 'apply', '-f', file);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
