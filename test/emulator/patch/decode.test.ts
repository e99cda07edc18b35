/** Bodies are decoded, or refused in the same words, as a real API server did when it was asked. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { decode, type FieldValidation } from '../../../src/emulator/patch/decode.ts';
import { findType } from '../../../src/emulator/schema/index.ts';
import { StatusError } from '../../../src/emulator/status-error.ts';
import { suite } from '../../harness.ts';

const test = suite('decode');

interface Asked {
	name: string;
	path: string;
	fieldValidation: FieldValidation;
	body: string;
	/** Of a 400. */
	message?: string;
	warnings?: string[];
}

const asked = JSON.parse(readFileSync(new URL('fixtures/decode.json', import.meta.url), 'utf8')) as Asked[];

for (const { name, path, fieldValidation, body, message, warnings } of asked) {
	test(`${name}, ${fieldValidation}`, () => {
		const answer = tryDecode(path, body, fieldValidation);
		if (message !== undefined) assert.is(answer.message, message);
		else
			assert.equal(
				{ ...answer, warnings: answer.warnings?.map((each) => `299 - ${JSON.stringify(each)}`) },
				{ warnings },
			);
	});
}

test('what is unknown, empty or null is dropped, what Go always writes is there', () => {
	const { object } = decode(
		typeAt('/api/v1/pods'),
		{
			metadata: { name: 'a', labels: {}, annotations: null },
			spec: {
				containers: [
					{ name: 'a', image: '', command: [], tty: false, resources: { limits: { cpu: '1000m', memory: 5 } } },
				],
				automountServiceAccountToken: false,
				hostNetwork: false,
				securityContext: {},
				volumes: [{ name: 'v', emptyDir: {} }],
				whatever: 1,
			},
		},
		'Ignore',
	);
	assert.equal(object, {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name: 'a' },
		spec: {
			containers: [{ name: 'a', resources: { limits: { cpu: '1', memory: '5' } } }],
			automountServiceAccountToken: false,
			securityContext: {},
			volumes: [{ name: 'v', emptyDir: {} }],
		},
		status: {},
	});
});

test('a field may be called __proto__ where names are free', () => {
	const { object } = decode<{ data: object }>(
		{ ...typeAt('/api/v1/configmaps') },
		'{"data":{"__proto__":"a","constructor":"b"}}',
		'Strict',
	);
	assert.is(JSON.stringify(object.data), '{"__proto__":"a","constructor":"b"}');
});

test.run();

function tryDecode(
	path: string,
	body: string,
	fieldValidation: FieldValidation,
): { message?: string; warnings?: string[] } {
	try {
		return { warnings: decode(typeAt(path), body, fieldValidation).warnings };
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
		assert.is(error.code, 400);
		return { message: error.message };
	}
}

function typeAt(path: string) {
	const [, group = '', version = '', resource = ''] =
		/^\/apis?(?:\/([^/]+\.[^/]+|apps|batch))?\/(v\d\w*)(?:\/namespaces\/[^/]+)?\/(\w+)$/.exec(path) ?? [];
	const type = findType(group, version, resource);
	assert.ok(type, path);
	return type;
}
