/** The promises of the lab rotate-credentials, on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testPromises } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('promises of rotate-credentials', { timeout: 60 });
await testPromises(test, 'rotate-credentials');
test.run();
