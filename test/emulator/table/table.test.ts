/** Rows are those that a real API server printed of the same objects, and ages are worded as kubectl shows them. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { nameType } from '../../../src/emulator/resource-type.ts';
import { joinGroupVersion, resourceTypes, splitGroupVersion } from '../../../src/emulator/schema/index.ts';
import {
	formatAge,
	formatDuration,
	rowConditions,
	tableCells,
	tableColumns,
} from '../../../src/emulator/table/index.ts';
import { suite } from '../../harness.ts';

const test = suite('table');

const rows = JSON.parse(readFileSync(new URL('fixtures/rows.json', import.meta.url), 'utf8')) as {
	apiVersion: string;
	resource: string;
	now: string;
	cells: unknown[];
	object: { metadata: { name: string }; kind: string };
}[];

/** Listed by name alone: no lab has to do with them. */
const unprinted = ['apiservices', 'ipaddresses', 'servicecidrs', 'certificatesigningrequests'];

for (const [index, { apiVersion, resource, now, cells, object }] of rows.entries()) {
	if (unprinted.includes(resource)) continue;
	test(`${resource} ${index}`, () => {
		// The server's clock is read a moment before ours, and ages are in whole seconds.
		const tries = [0, -1000, 1000].map((offset) => tableCells(object, new Date(Date.parse(now) + offset)));
		const same = tries.find((each) => JSON.stringify(each) === JSON.stringify(cells));
		assert.equal(same ?? tries[0], cells);
		const type = nameType({ ...splitGroupVersion(apiVersion), resource });
		assert.is(tableColumns(type).length, cells.length);
	});
}

test('every type that can be listed has columns, and a cell for each', () => {
	const now = new Date();
	for (const type of resourceTypes().filter(({ verbs }) => verbs.includes('list'))) {
		const columns = tableColumns(nameType(type));
		assert.is(columns[0]?.name, type.kind === 'Event' ? 'Last Seen' : 'Name', type.kind);
		if (!unprinted.includes(type.resource) && type.kind !== 'Event') continue;
		const object = { apiVersion: joinGroupVersion(type), kind: type.kind, metadata: { name: 'a' } };
		assert.is(tableCells(object, now).length, columns.length, type.kind);
	}
});

test('ages', () => {
	const second = 1000;
	const [minute, hour, day] = [60 * second, 3600 * second, 86400 * second];
	const worded: [number, string][] = [
		[-2 * second, '<invalid>'],
		[-1 * second, '0s'],
		[119 * second, '119s'],
		[120 * second, '2m'],
		[125 * second, '2m5s'],
		[10 * minute + second, '10m'],
		[179 * minute, '179m'],
		[3 * hour, '3h'],
		[3 * hour + 5 * minute, '3h5m'],
		[8 * hour + 5 * minute, '8h'],
		[47 * hour, '47h'],
		[48 * hour, '2d'],
		[50 * hour, '2d2h'],
		[8 * day + hour, '8d'],
		[729 * day, '729d'],
		[730 * day, '2y'],
		[733 * day, '2y3d'],
		[3000 * day, '8y'],
	];
	for (const [duration, text] of worded) assert.is(formatDuration(duration), text);
	assert.is(formatAge(undefined, new Date()), '<unknown>');
});

test('Pods say what their containers and their deletion do to them', () => {
	const now = new Date('2026-01-01T00:01:00Z');
	const statusOf = (status: object, metadata: object = {}, spec: object = {}) =>
		tableCells(
			{
				apiVersion: 'v1',
				kind: 'Pod',
				metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
				spec: { containers: [{ name: 'c' }], ...spec },
				status,
			},
			now,
		).slice(1, 4);
	const ended = (terminated: object) => ({ name: 'c', restartCount: 0, state: { terminated } });
	const container = (state: object, more: object = {}) => ({ name: 'c', restartCount: 0, state, ...more });
	assert.equal(statusOf({ phase: 'Pending' }), ['0/1', 'Pending', '0']);
	assert.equal(
		statusOf({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff' } })] }),
		['0/1', 'ImagePullBackOff', '0'],
	);
	assert.equal(statusOf({ phase: 'Running', containerStatuses: [container({ running: {} }, { ready: true })] }), [
		'1/1',
		'Running',
		'0',
	]);
	assert.equal(statusOf({ phase: 'Failed', containerStatuses: [ended({ exitCode: 3 })] }), ['0/1', 'ExitCode:3', '0']);
	assert.equal(statusOf({ phase: 'Failed', containerStatuses: [ended({ exitCode: 137, signal: 9 })] }), [
		'0/1',
		'Signal:9',
		'0',
	]);
	const deleted = { deletionTimestamp: '2026-01-01T00:00:30Z' };
	assert.equal(statusOf({ phase: 'Running' }, deleted), ['0/1', 'Terminating', '0']);
	assert.equal(
		statusOf({ phase: 'Succeeded', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' })] }, deleted),
		['0/1', 'Completed', '0'],
	);
	assert.equal(statusOf({ phase: 'Running', reason: 'NodeLost' }, deleted), ['0/1', 'Unknown', '0']);
	const restarted = { lastState: { terminated: { finishedAt: '2026-01-01T00:00:30Z' } }, restartCount: 2 };
	assert.equal(
		statusOf({
			phase: 'Running',
			containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } }, restarted)],
		}),
		['0/1', 'CrashLoopBackOff', '2 (30s ago)'],
	);
	const init = { initContainers: [{ name: 'i' }, { name: 'j' }] };
	const initStatuses = [
		{ name: 'i', restartCount: 0, state: { terminated: { exitCode: 0 } } },
		{ name: 'j', restartCount: 0, state: { waiting: { reason: 'PodInitializing' } } },
	];
	assert.equal(statusOf({ phase: 'Pending', initContainerStatuses: initStatuses }, {}, init), ['0/1', 'Init:1/2', '0']);
	const gated = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }];
	assert.equal(statusOf({ phase: 'Pending', conditions: gated }), ['0/1', 'SchedulingGated', '0']);
});

test('Pods that are done say so beside their row', () => {
	assert.is(rowConditions({ kind: 'Pod', status: { phase: 'Succeeded' } })[0]?.reason, 'Succeeded');
	assert.is(rowConditions({ kind: 'Pod', status: { phase: 'Failed' } })[0]?.message, 'The pod failed.');
	assert.equal(rowConditions({ kind: 'Pod', status: { phase: 'Running' } }), []);
});

test.run();
