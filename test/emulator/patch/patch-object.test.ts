/** Patches of all older kinds are applied, or refused in the same words, as a real API server did when it was asked. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/emulator/object.ts';
import { applyDefaults } from '../../../src/emulator/patch/defaults/index.ts';
import { type PatchRequest, patchObject } from '../../../src/emulator/patch/patch-object.ts';
import { findType } from '../../../src/emulator/schema/index.ts';
import { StatusError } from '../../../src/emulator/status-error.ts';
import { suite } from '../../harness.ts';

const test = suite('patch object');

const { live, requests } = JSON.parse(readFileSync(new URL('fixtures/patched.json', import.meta.url), 'utf8')) as {
	live: KubeObject;
	requests: (PatchRequest & {
		code: number;
		message?: string;
		details?: object;
		spec?: object;
		labels?: object;
		warnings?: string[];
	})[];
};
const deployments = findType('apps', 'v1', 'deployments');

for (const [index, { code, message, details, ...request }] of requests.entries()) {
	const { kind, text, fieldValidation } = request;
	test(`${index}: ${kind}, ${fieldValidation}, ${text}`, () => {
		assert.ok(deployments);
		try {
			const { object, warnings } = patchObject(deployments, live, { kind, text, fieldValidation });
			assert.is(code, 200, message);
			const { spec, metadata } = applyDefaults(deployments, object);
			assert.equal({ spec, labels: metadata.labels ?? null }, { spec: request.spec, labels: request.labels ?? null });
			assert.equal(
				warnings.map((each) => `299 - ${JSON.stringify(each)}`),
				request.warnings,
			);
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
			assert.is(error.code, code);
			assert.equal(hideObject({ message: error.message, details: error.details }), hideObject({ message, details }));
		}
	});
}

test('a patch that goes through __proto__ is shown as any other, and changes no prototype', () => {
	assert.ok(deployments);
	const text = JSON.stringify([
		{ op: 'add', path: '/__proto__', value: { inherited: {} } },
		{ op: 'add', path: '/__proto__/inherited/b', value: 1 },
	]);
	const request: PatchRequest = { kind: 'json', text, fieldValidation: 'Strict' };
	try {
		patchObject(deployments, live, request);
		assert.unreachable();
	} catch (error) {
		assert.ok(error instanceof StatusError);
		assert.match(error.message, '{\\"__proto__\\":{\\"inherited\\":{\\"b\\":1}},');
		assert.match(error.message, /strict decoding error: unknown field "__proto__"$/);
	}
	assert.is(Reflect.get({}, 'inherited'), undefined);
});

test.run();

/** Errors show the whole patched object, whose fields Go writes in an order of its own. */
function hideObject(value: object): object {
	const text = JSON.stringify(value).replace(/Invalid value: \\+"\{.*?\}\\+": /g, 'Invalid value: OBJECT: ');
	return JSON.parse(text) as object;
}
