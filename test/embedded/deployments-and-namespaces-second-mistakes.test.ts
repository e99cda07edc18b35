/** The second half of the mistakes of the lab deployments-and-namespaces, on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testMistakes } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('second mistakes of deployments-and-namespaces', {
	timeout: 60,
});
await testMistakes(test, 'deployments-and-namespaces', 1, 2);
test.run();
