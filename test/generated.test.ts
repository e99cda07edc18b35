/** Generated files are what their generator makes now. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { makeGenerated } from '../scripts/generated.ts';
import { suite } from './harness.ts';

const test = suite('generated files');

for (const [file, text] of Object.entries(makeGenerated())) {
	test(`${file}: npm run generate changes nothing`, () => assert.is(readFileSync(file, 'utf8'), text));
}

test.run();
