/** The fourth quarter of the first lab's mistakes, on the embedded cluster; the others are tested beside. */

import { suite } from '../harness.ts';
import { testMistakes } from './mistakes.ts';

const test = suite('mistakes on the embedded cluster, fourth quarter', { timeout: 60 });
await testMistakes(test, 3);
test.run();
