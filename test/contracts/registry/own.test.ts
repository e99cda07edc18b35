/** Our client with our registry, in memory and in a folder. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningRegistry, startRegistry } from '../../../src/oci/server/index.ts';
import { suite } from '../../harness.ts';
import { addCases, learner } from './cases.ts';

for (const where of ['memory', 'folder'] as const) {
	const test = suite(`contracts/registry/own, in ${where}`);
	const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-test-'));
	let registry: RunningRegistry;

	test.before(async () => {
		const storage = where === 'memory' ? where : { folder };
		registry = await startRegistry({ users: { credentials: [learner] }, storage });
	});

	test.after(async () => {
		await registry.stop();
		rmSync(folder, { recursive: true });
	});

	addCases(test, () => registry.url);
	test.run();
}
