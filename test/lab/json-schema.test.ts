/** The JSON Schemas accept what is right and refuse what is wrong, as the program does. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as assert from 'uvu/assert';
import { writeNewLab } from '../../src/lab/index.ts';
import { makeJsonSchemas, type SchemaFile } from '../../src/lab/json-schema.ts';
import { parseOwn } from '../../src/yaml.ts';
import { suite } from '../harness.ts';

const test = suite('JSON Schemas');
const ajv = new Ajv2020({ strictTypes: false, allErrors: true });
const schemas = makeJsonSchemas();
const validators = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));

function validate(name: SchemaFile, data: unknown): string[] {
	const validator = validators[name];
	validator?.(data);
	return (validator?.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

const read = (file: string) => parseOwn(readFileSync(file, 'utf8')).data;

for (const id of readdirSync('labs')) {
	test(`${id} is as they say, and its files name them`, () => {
		const mistakes = readdirSync(join('labs', id, 'mistakes')).map((slug) => join('mistakes', slug, 'mistake.yaml'));
		const files: [SchemaFile, string][] = [
			['lab', 'lab.yaml'],
			['quiz', 'quiz.yaml'],
			...mistakes.map((file): [SchemaFile, string] => ['mistake', file]),
		];
		for (const [name, path] of files) {
			const file = join('labs', id, path);
			assert.equal(validate(name, read(file)), [], file);
			const named = /^# yaml-language-server: \$schema=(\S+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
			assert.is(resolve(file, '..', named), resolve('json-schema', `${name}.json`), file);
		}
	});
}

test('a new lab has them beside it', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'schema-'));
	try {
		await writeNewLab(join(folder, 'mine'));
		for (const [file, name] of [
			['lab.yaml', 'lab'],
			['quiz.yaml', 'quiz'],
			['mistakes/wrong-greeting/mistake.yaml', 'mistake'],
		] as const) {
			const path = join(folder, 'mine', file);
			const named = /^# yaml-language-server: \$schema=(\S+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
			assert.equal(JSON.parse(readFileSync(resolve(path, '..', named), 'utf8')), schemas[name]);
			assert.equal(validate(name, read(path)), []);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});

const wrong: [name: SchemaFile, from: RegExp, to: string, says: RegExp][] = [
	['lab', /title: /, 'titel: ', /^\/spec must NOT have additional properties$/],
	['lab', /minutes: \d+/, 'minutes: soon', /^\/spec\/minutes must be integer$/],
	['lab', /kind: pull-secret/, 'kind: pull-secrets', /\/checks\/0\/kind must be equal to one of/],
	['lab', /through: pod/, 'through: pot', /\/checks\/0\/through must be equal to one of/],
	['lab', /through: pod/, 'trough: pod', /\/checks\/0 must NOT have additional properties$/],
	['lab', /namespace: default/, '', /\/checks\/0 must have required property 'namespace'$/],
	['lab', /hints:/, 'hint:', /\/tasks\/0 must NOT have additional properties$/],
	['quiz', /kind: typed/, 'kind: free', /^\/spec\/questions\/0\/kind must be equal to one of/],
	['quiz', /explain:/, 'explian:', /^\/spec\/questions\/0 must have required property 'explain'$/],
];

for (const [name, from, to, says] of wrong) {
	test(`${name}.yaml with ${to || 'a key less'} is refused`, () => {
		const text = readFileSync(`labs/pulling-from-private-registries/${name}.yaml`, 'utf8').replace(from, to);
		const errors = validate(name, parseOwn(text).data);
		assert.ok(
			errors.some((error) => says.test(error)),
			errors.join('\n'),
		);
	});
}

test.run();
