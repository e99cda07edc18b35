/** The first half of the mistakes of the lab rotate-credentials, on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testMistakes } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('first mistakes of rotate-credentials', { timeout: 60 });
await testMistakes(test, 'rotate-credentials', 0, 2);
test.run();
