/** Thousands of requests that nobody should make, other ones at every run. */

import { fuzz } from '../emulator/api/fuzz/run.ts';
import { suite } from '../harness.ts';

const test = suite('long/api-fuzz', { timeout: 300 });
const perServer = 2000;

for (let round = 1; round <= 15; round++) {
	const seed = Math.floor(Math.random() * 2 ** 32);
	test(`${round}: seed ${seed}`, () => fuzz(seed, perServer));
}

test.run();
