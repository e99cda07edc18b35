/** A sample of the table, played: real pulls on the embedded cluster, observed and judged, end as the statement says. */

import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { type Case, listCases } from './cases.ts';
import { type EmbeddedWorld, isPlayable, openEmbeddedWorld } from './embedded-world.ts';

const test = suite<{ world: EmbeddedWorld }>('the table, played', { timeout: 300 });
test.before(async (context) => {
	context.world = await openEmbeddedWorld();
});
test.after(({ world }) => world?.close());

/** How many of each group are played, and how many at a time. */
const fromGroup = 2;
const atOnce = 12;

const dimensions = groupBy(sample(), ({ group }) => group.split(',', 1)[0] ?? '');

for (const [dimension, cases] of dimensions) {
	test(dimension, async ({ world }) => {
		const wrong: string[] = [];
		for (let first = 0; first < cases.length; first += atOnce) {
			const some = cases.slice(first, first + atOnce);
			const reasons = await world.play(some);
			for (const [index, { label, expected }] of some.entries()) {
				const reason = reasons[index] ?? null;
				if (reason !== expected) wrong.push(`${label}: ${reason ?? 'passed'}, not ${expected ?? 'passed'}`);
			}
		}
		assert.equal(wrong, [], `${wrong.length} of ${cases.length}`);
	});
}

test('hundreds are played, of every outcome that the network does not decide', () => {
	const all = [...dimensions.values()].flat();
	assert.ok(all.length >= 200, `only ${all.length}`);
	assert.ok(new Set(all.map(({ expected }) => expected)).size >= 20);
});

test.run();

/** Of each group some that lie apart, and in each group others. */
function sample(): Case[] {
	const groups = groupBy(listCases().filter(isPlayable), ({ group }) => group);
	return [...groups.values()].flatMap((cases, number) => {
		const step = Math.ceil(cases.length / fromGroup);
		return cases.filter((_, index) => index % step === (number * 7) % step);
	});
}

function groupBy(cases: readonly Case[], name: (each: Case) => string): Map<string, Case[]> {
	const groups = new Map<string, Case[]>();
	for (const each of cases) groups.set(name(each), [...(groups.get(name(each)) ?? []), each]);
	return groups;
}
