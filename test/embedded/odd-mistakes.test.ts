/** Every second mistake of the first lab, on the embedded cluster; the others are tested beside. */

import { suite } from '../harness.ts';
import { testMistakes } from './mistakes.ts';

const test = suite('mistakes on the embedded cluster, odd ones', { timeout: 120 });
await testMistakes(test, 1);
test.run();
