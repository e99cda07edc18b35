/** The owners of fields are those that a real API server wrote down, and applies are refused as it refused them. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import type { KubeObject, ManagedFields } from '../../../src/emulator/object.ts';
import { applyDefaults, applyServerSide, decode, recordUpdate } from '../../../src/emulator/patch/index.ts';
import { findType } from '../../../src/emulator/schema/index.ts';
import { StatusError } from '../../../src/emulator/status-error.ts';
import { suite } from '../../harness.ts';

const test = suite('managed fields');

const now = new Date('2026-01-01T00:00:00Z');
const created = JSON.parse(readFileSync(new URL('fixtures/created.json', import.meta.url), 'utf8')) as {
	group: string;
	version: string;
	resource: string;
	sent: object;
	answer: KubeObject;
}[];
const applied = JSON.parse(readFileSync(new URL('fixtures/applied.json', import.meta.url), 'utf8')) as {
	live: KubeObject;
	body: string;
	manager: string;
	force: boolean;
	code: number;
	answer: KubeObject & { message?: string; details?: object };
}[];

for (const [index, { group, version, resource, sent, answer }] of created.entries()) {
	test(`created: ${resource} ${index}`, () => {
		const type = typeOf(group, version, resource);
		const after = applyDefaults(type, decode(type, JSON.stringify(sent), 'Strict').object);
		const entries = recordUpdate({ type, before: null, after, manager: 'tester', now });
		assert.equal(forgetTimes(entries), forgetTimes(answer.metadata.managedFields));
	});
}

for (const [index, { live, body, manager, force, code, answer }] of applied.entries()) {
	test(`applied: ${index}`, () => {
		const type = typeOf('apps', 'v1', 'deployments');
		const times = answer.metadata?.managedFields?.map(({ time = '' }) => time) ?? [];
		const then = new Date(times.sort().at(-1) ?? now);
		try {
			const object = applyServerSide({
				type,
				live,
				applied: JSON.parse(body) as KubeObject,
				manager,
				force,
				now: then,
			});
			assert.is(code, 200, answer.message);
			assert.equal(forgetTimes(object.metadata.managedFields), forgetTimes(answer.metadata.managedFields));
			assert.equal(applyDefaults(type, object)['spec'], answer['spec']);
			assert.equal(object.metadata.annotations, answer.metadata.annotations);
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
			assert.equal([error.code, error.message, error.details], [code, answer.message, answer.details]);
		}
	});
}

test('what is changed goes to who changed it, and nobody is asked of an object that nobody was tracked for', () => {
	const type = typeOf('', 'v1', 'configmaps');
	const make = (data: object, managedFields?: ManagedFields[]): KubeObject => ({
		apiVersion: 'v1',
		kind: 'ConfigMap',
		metadata: { name: 'a', uid: 'u', ...(managedFields && { managedFields }) },
		data,
	});
	const first = recordUpdate({ type, before: null, after: make({ a: '1', b: '1' }), manager: 'one', now });
	const before = make({ a: '1', b: '1' }, first);
	const second = recordUpdate({ type, before, after: make({ a: '2', b: '1', c: '1' }), manager: 'two', now });
	assert.equal(
		second?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]),
		[
			['one', { 'f:data': { '.': {}, 'f:b': {} } }],
			['two', { 'f:data': { 'f:a': {}, 'f:c': {} } }],
		],
	);
	assert.is(recordUpdate({ type, before: make({}), after: make({ a: '1' }), manager: 'one', now }), undefined);
	const emptied = make({ a: '2' }, []);
	assert.is(recordUpdate({ type, before, after: emptied, manager: 'two', now }), undefined);
});

test.run();

function forgetTimes(entries: ManagedFields[] | undefined): object[] {
	return (entries ?? []).map(({ time: _, ...entry }) => entry);
}

function typeOf(group: string, version: string, resource: string) {
	const type = findType(group, version, resource);
	assert.ok(type);
	return type;
}
