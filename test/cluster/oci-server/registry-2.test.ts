/** A real registry:2: it answers as it was recorded, and does all that our own registry does with our client. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import type { Answer } from '../../contracts/registry/ask.ts';
import { addCases } from '../../contracts/registry/cases.ts';
import { takeSteps } from '../../contracts/registry/steps.ts';
import { suite } from '../../harness.ts';
import { type RegistryContainer, startContainer } from './container.ts';

const test = suite('cluster/oci-server/registry-2', { timeout: 120 });
let container: RegistryContainer;

test.before(async () => {
	container = await startContainer();
});

test.after(() => container.remove());

test('the record of its answers is true', async () => {
	const recorded = JSON.parse(readFileSync('test/fixtures/registry-2.json', 'utf8')) as Record<string, Answer>;
	const answers = await takeSteps(container.url);
	for (const [name, answer] of Object.entries(answers)) assert.equal(mask(answer), mask(recorded[name]), name);
	assert.is(Object.keys(answers).length, Object.keys(recorded).length);
});

addCases(test, () => container.url);

/** The only thing that it makes up anew each time. */
function mask(answer: Answer | undefined): unknown {
	return JSON.parse(JSON.stringify(answer).replace(/(?<=boundary=|--)[0-9a-f]{60}/g, '<boundary>'));
}

test.run();
