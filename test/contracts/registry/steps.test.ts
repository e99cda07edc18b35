/** What our registry answers, byte by byte beside what registry:2 was recorded to answer. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { type RunningRegistry, startRegistry } from '../../../src/oci/server/index.ts';
import { suite } from '../../harness.ts';
import type { Answer } from './ask.ts';
import { learner } from './cases.ts';
import { exceptions } from './exceptions.ts';
import { steps, takeSteps } from './steps.ts';

const test = suite('contracts/registry/steps');
const recorded = JSON.parse(readFileSync('test/fixtures/registry-2.json', 'utf8')) as Record<string, Answer>;
let registry: RunningRegistry;
let answers: Record<string, Answer> = {};

test.before(async () => {
	registry = await startRegistry({ users: { credentials: [learner] } });
	answers = await takeSteps(registry.url);
});

test.after(() => registry.stop());

test('every step has its record, and every exception its step', () => {
	const names = steps.map(({ name }) => name);
	assert.is(new Set(names).size, names.length);
	assert.equal(Object.keys(recorded).sort(), [...names].sort());
	for (const name of Object.keys(exceptions)) assert.ok(names.includes(name), name);
});

for (const { name } of steps) {
	const exception = exceptions[name];
	test(exception ? `${name}: unlike registry:2` : name, () => {
		const answer = answers[name];
		if (!exception) return assert.equal(answer, recorded[name]);
		assert.not.equal(answer, recorded[name], 'this is no exception any more');
		const { status, body, headers = {} } = exception;
		assert.equal({ status: answer?.status, body: answer?.body }, { status, body });
		for (const [header, value] of Object.entries(headers)) assert.is(answer?.headers[header], value);
	});
}

test.run();
