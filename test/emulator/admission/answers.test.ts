/** Our answers to the requests of cases.ts, whole, against those of a real cluster (see record.ts). */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { systemTimers } from '../../../src/emulator/clock/system.ts';
import type { KubeObject } from '../../../src/emulator/object.ts';
import type { Core, Target, WriteContext } from '../../../src/emulator/operations/core.ts';
import { createObject } from '../../../src/emulator/operations/create.ts';
import { replaceObject } from '../../../src/emulator/operations/update.ts';
import { findTypeNamed } from '../../../src/emulator/schema/index.ts';
import { seedCluster } from '../../../src/emulator/seed.ts';
import { StatusError } from '../../../src/emulator/status-error.ts';
import { MemoryStore } from '../../../src/emulator/store/memory.ts';
import { suite } from '../../harness.ts';
import { type Accepted, type Answer, acceptance, refusal } from './answers.ts';
import { applyEdits, bases, build, type Case, changes, creations, homeOf, setup } from './cases.ts';

const recorded: { creations: Answer[]; changes: Answer[] } = JSON.parse(
	gunzipSync(readFileSync(new URL('answers.json.gz', import.meta.url))).toString(),
);
const core = prepareCore();

const test = suite('admission and validation');

for (const type of Object.keys(bases)) {
	test(`creations of ${type}`, () => compareAll(creations, recorded.creations, type, askCreation));
	test(`changes of ${type}`, () => compareAll(changes, recorded.changes, type, askChange));
}

test.run();

function compareAll(cases: readonly Case[], answers: Answer[], type: string, ask: (one: Case) => Answer): void {
	const wrong: string[] = [];
	for (const [index, one] of cases.entries()) {
		if (one.type !== type) continue;
		const [actual, expected] = [ask(one), answers[index]];
		if (JSON.stringify(actual) === JSON.stringify(expected)) continue;
		const lines = listDifferences(expected, actual, '').slice(0, 12);
		wrong.push([`${one.namespace} ${JSON.stringify(one.edits)}`, ...lines].join('\n  '));
	}
	assert.is(wrong.length, 0, `\n${wrong.join('\n')}`);
}

function listDifferences(expected: unknown, actual: unknown, path: string): string[] {
	if (JSON.stringify(expected) === JSON.stringify(actual)) return [];
	if (!isBranch(expected) || !isBranch(actual))
		return [`${path}\n    real: ${JSON.stringify(expected)}\n    ours: ${JSON.stringify(actual)}`];
	const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
	return [...names].flatMap((name) => listDifferences(expected[name], actual[name], `${path}/${name}`));
}

function isBranch(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function prepareCore(): Core {
	const made: Core = { store: new MemoryStore(), clock: systemTimers };
	seedCluster(made);
	for (const { type, namespace, object } of setup) {
		createObject(made, targetOf(type, namespace), object, contextOf([], false));
		if (type === 'namespaces') {
			const { name } = object['metadata'] as { name: string };
			const trust = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt' } };
			createObject(made, targetOf('configmaps', name), trust, contextOf([], false));
			const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
			createObject(made, targetOf('serviceaccounts', name), account, contextOf([], false));
		}
	}
	for (const type of Object.keys(bases)) {
		const namespace = homeOf(type);
		const object = applyEdits(build({ type, namespace, edits: [] }), [['metadata>name', 'existing']]);
		createObject(made, targetOf(type, namespace), object, contextOf([], false));
	}
	return made;
}

function askCreation(one: Case): Answer {
	return answer((warnings) =>
		createObject(core, targetOf(one.type, one.namespace), build(one), contextOf(warnings, true)),
	);
}

function askChange(one: Case): Answer {
	const target = targetOf(one.type, one.namespace, 'existing');
	const live = core.store.get({ type: one.type, namespace: one.namespace, name: 'existing' });
	const wanted = applyEdits(live as unknown as Record<string, unknown>, one.edits);
	return answer((warnings) => replaceObject(core, target, wanted, contextOf(warnings, true)).object);
}

function answer(ask: (warnings: string[]) => KubeObject): Answer {
	const warnings: string[] = [];
	try {
		const object = ask(warnings);
		return acceptance(object as unknown as Accepted, warnings);
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
		return refusal(error, warnings);
	}
}

function targetOf(typeName: string, namespace: string, name = ''): Target {
	const type = findTypeNamed(typeName);
	if (!type) throw new Error(`no type ${typeName}`);
	return { type, namespace, name, subresource: '' };
}

function contextOf(warnings: string[], isDryRun: boolean): WriteContext {
	return {
		caller: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
		isDryRun,
		fieldManager: 'test',
		fieldValidation: 'Strict',
		warn: (text) => warnings.push(text),
	};
}
