/** Quantities are written back as Kubernetes' own code does, on hundreds of cases that it answered. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { formatQuantity, QuantityError } from '../../../src/emulator/patch/quantity.ts';
import { suite } from '../../harness.ts';

const test = suite('quantity');

type Answer = [text: string, written: string, error?: string];
const answers = JSON.parse(readFileSync(new URL('fixtures/quantities.json', import.meta.url), 'utf8')) as Answer[];

test('every quantity is written back as by resource.Quantity', () => {
	const ours = answers.map(([text]): Answer => {
		try {
			return [text, formatQuantity(text)];
		} catch (error) {
			if (!(error instanceof QuantityError)) throw error;
			return [text, '', error.message];
		}
	});
	assert.equal(
		ours.filter((_, index) => String(ours[index]) !== String(answers[index])),
		answers.filter((_, index) => String(ours[index]) !== String(answers[index])),
	);
	assert.ok(answers.length > 300);
});

test.run();
