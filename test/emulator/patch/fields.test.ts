/** Ownership of fields goes as in structured-merge-diff, over histories of updates and applies that it was given. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import type { ManagedFields } from '../../../src/emulator/object.ts';
import { conflictError } from '../../../src/emulator/patch/fields/conflict.ts';
import { type Managers, readManagers, writeManagers } from '../../../src/emulator/patch/fields/managers.ts';
import { emptyTree } from '../../../src/emulator/patch/fields/tree.ts';
import { applyManaged, updateManagers } from '../../../src/emulator/patch/fields/updater.ts';
import { suite } from '../../harness.ts';

const test = suite('fields');

interface Step {
	kind: 'Apply' | 'Update';
	manager: string;
	force?: boolean;
	object: object;
	error?: string;
	live?: object;
	managed?: ManagedFields[];
}

const histories = JSON.parse(readFileSync(new URL('fixtures/owners.json', import.meta.url), 'utf8')) as Step[][];
const schema = { $ref: '#/components/schemas/io.k8s.api.apps.v1.Deployment' };

for (const [index, steps] of histories.entries()) {
	test(`history ${index}`, () => {
		let live: object = { apiVersion: 'apps/v1', kind: 'Deployment' };
		let managers: Managers = new Map();
		for (const [number, { kind, manager, force = false, object, ...expected }] of steps.entries()) {
			const writer = {
				manager,
				operation: kind,
				apiVersion: 'apps/v1',
				subresource: '',
				time: '2026-01-01T00:00:00Z',
				owned: emptyTree,
			};
			const change = { schema, live, managers, writer, ignored: emptyTree };
			let error: string | undefined;
			if (kind === 'Update') {
				managers = updateManagers(change, object);
				live = object;
			} else {
				const done = applyManaged(change, object, force);
				if (done.conflicts.length > 0) error = conflictError(done.conflicts).message;
				else {
					managers = done.managers;
					live = (done.object ?? live) as object;
				}
			}
			assert.is(error, expected.error, `step ${number}`);
			if (error !== undefined) continue;
			assert.equal(live, expected.live, `step ${number}`);
			const written = writeManagers(managers).map(({ time: _, ...entry }) => entry);
			assert.equal(written, expected.managed, `step ${number}`);
			managers = readManagers(writeManagers(managers));
		}
	});
}

test.run();
