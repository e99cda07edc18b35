/** The second quarter of the first lab's mistakes, on the embedded cluster; the others are tested beside. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testMistakes } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('mistakes on the embedded cluster, second quarter', {
	timeout: 60,
});
await testMistakes(test, 'pulling-from-private-registries', 1, 4);
test.run();
