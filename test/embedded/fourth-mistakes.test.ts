/** The fourth quarter of the first lab's mistakes, on the embedded cluster; the others are tested beside. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testMistakes } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('mistakes on the embedded cluster, fourth quarter', {
	timeout: 60,
});
await testMistakes(test, 'pulling-from-private-registries', 3, 4);
test.run();
