/** Quantities are written back as Kubernetes' own code does, on hundreds of cases that it answered. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { canonicalizeQuantity, QuantityError } from '../../src/emulator/quantity.ts';
import { addQuantities, compareQuantities } from '../../src/emulator/validation/quantity.ts';
import { suite } from '../harness.ts';

const test = suite('quantity');

type Answer = [text: string, written: string, error?: string];
const answers = JSON.parse(readFileSync(new URL('fixtures/quantities.json', import.meta.url), 'utf8')) as Answer[];

test('every quantity is written back as by resource.Quantity', () => {
	const ours = answers.map(([text]): Answer => {
		try {
			return [text, canonicalizeQuantity(text)];
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

/** Summands → sum, in the format of the first that is not zero. */
const sums: [summands: string[], sum: string][] = [
	[[], '0'],
	[['0', '512Mi', '512Mi'], '1Gi'],
	[['1Gi', '-1Gi'], '0'],
	[['1Gi', '1'], '1073741825'],
	[['1Ki', '-1000'], '24'],
	[['500m', '1500m'], '2'],
	[['1e3', '1k'], '2e3'],
	[['0.1n', '1'], '1000000001n'],
	[['-1Gi', '-1Gi'], '-2Gi'],
];

for (const [summands, sum] of sums) {
	test(`${summands.join(' + ')} = ${sum}`, () => assert.is(addQuantities(summands), sum));
}

test('quantities are compared by their value, whatever their format', () => {
	const ascending = ['-1', '0', '1n', '999m', '1', '1k', '1Ki', '1e4', '1M', '1Mi'];
	const pairs = ascending.slice(1).map((each, index) => compareQuantities(ascending[index] ?? '', each));
	assert.equal(
		pairs,
		pairs.map(() => -1),
	);
	assert.is(compareQuantities('0.5Gi', '512Mi'), 0);
});

test('however large or small, it is reckoned with at once', () => {
	const begun = performance.now();
	assert.is(compareQuantities('1e999999999999', '1Ei'), 1);
	assert.is(compareQuantities('-1e999999999999', '0'), -1);
	assert.is(compareQuantities('1e-999999999999', '1n'), 0);
	assert.is(canonicalizeQuantity('1.5e-99999999'), '1e-9');
	assert.throws(() => canonicalizeQuantity('1e99999999999999999999'), "unable to parse quantity's suffix");
	assert.ok(performance.now() - begun < 1000);
});

test.run();
