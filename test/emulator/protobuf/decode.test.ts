import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { decodeProtobuf } from '../../../src/emulator/protobuf/decode.ts';
import { ProtobufError } from '../../../src/emulator/protobuf/wire.ts';
import { suite } from '../../harness.ts';

interface Golden {
	/** Base64, as Kubernetes' own serializer wrote it. */
	protobuf: string;
	/** The same object, as Go's json package wrote it. */
	json: { apiVersion: string; kind: string };
}

const file = new URL('../../fixtures/kubernetes-protobuf.json', import.meta.url);
const goldens = JSON.parse(readFileSync(file, 'utf8')) as Golden[];

const unnamed = { apiVersion: '', kind: '' };

const test = suite('protobuf bodies');

for (const { protobuf, json } of goldens) {
	test(`${json.apiVersion} ${json.kind} is what it would be in JSON`, () => {
		assert.equal(dropNulls(decodeProtobuf(Buffer.from(protobuf, 'base64'), unnamed)), dropNulls(json));
	});
}

test('whatever is cut short is an error, and never anything else', () => {
	for (const { protobuf } of goldens) {
		const bytes = Buffer.from(protobuf, 'base64');
		for (let length = 0; length < bytes.length; length += 7) {
			try {
				decodeProtobuf(bytes.subarray(0, length), unnamed);
			} catch (error) {
				assert.instance(error, ProtobufError, String(error));
			}
		}
	}
});

/** Go writes the zero time as null. */
function dropNulls(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(dropNulls);
	if (value === null || typeof value !== 'object') return value;
	const entries = Object.entries(value).filter(([, each]) => each !== null);
	return Object.fromEntries(entries.map(([key, each]) => [key, dropNulls(each)]));
}

test.run();
