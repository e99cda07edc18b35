/** The lab two-registries on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testLab } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('two-registries on the embedded cluster', { timeout: 60 });
await testLab(test, 'two-registries');
test.run();
