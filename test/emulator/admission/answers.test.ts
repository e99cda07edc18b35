/** Our answers to the requests of cases.ts, whole, against those of a real cluster (see record.ts). */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/emulator/object.ts';
import { StatusError } from '../../../src/emulator/status-error.ts';
import { suite } from '../../harness.ts';
import { type Accepted, type Answer, acceptance, refusal } from './answers.ts';
import { applyEdits, bases, build, type Case, changes, creations, homeOf, setup } from './cases.ts';
import { type SmallApi, startSmallApi } from './small-api.ts';

const recorded: { creations: Answer[]; changes: Answer[] } = JSON.parse(
	gunzipSync(readFileSync(new URL('answers.json.gz', import.meta.url))).toString(),
);
const api = prepareApi();

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

function prepareApi(): SmallApi {
	const started = startSmallApi();
	for (const { type, namespace, object } of setup) {
		const { name, labels } = object['metadata'] as { name: string; labels?: Record<string, string> };
		if (type === 'namespaces') started.createNamespace(name, labels);
		else started.create({ type, namespace }, object);
	}
	for (const type of Object.keys(bases)) {
		const namespace = homeOf(type);
		const object = applyEdits(build({ type, namespace, edits: [] }), [['metadata>name', 'existing']]);
		started.create({ type, namespace }, object);
	}
	return started;
}

function askCreation({ type, namespace, edits }: Case): Answer {
	const object = build({ type, namespace, edits });
	return answer((warnings) => api.create({ type, namespace, isDryRun: true, warnings }, object));
}

function askChange({ type, namespace, edits }: Case): Answer {
	const target = { type, namespace, name: 'existing' };
	const wanted = applyEdits(api.get(target) as unknown as Record<string, unknown>, edits);
	return answer((warnings) => api.replace({ ...target, isDryRun: true, warnings }, wanted));
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
