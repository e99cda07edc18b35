/** The second quarter of the first lab's mistakes, and the way out of each by its hints alone. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testHints } from './follow-hints.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('hints on the embedded cluster, second quarter', {
	timeout: 120,
});
await testHints(test, 'pulling-from-private-registries', 1, 4);
test.run();
