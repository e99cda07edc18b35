/** The lab rotate-credentials on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testLab } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('rotate-credentials on the embedded cluster', { timeout: 60 });
await testLab(test, 'rotate-credentials');
test.run();
