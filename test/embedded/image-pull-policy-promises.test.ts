/** The promises of the lab image-pull-policy, on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testPromises } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('promises of image-pull-policy', { timeout: 60 });
await testPromises(test, 'image-pull-policy');
test.run();
