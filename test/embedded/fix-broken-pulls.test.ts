/** The lab fix-broken-pulls on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testLab } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('fix-broken-pulls on the embedded cluster', { timeout: 60 });
await testLab(test, 'fix-broken-pulls');
test.run();
