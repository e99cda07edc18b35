/** The second half of the mistakes of the lab rotate-credentials, on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testMistakes } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('second mistakes of rotate-credentials', { timeout: 60 });
await testMistakes(test, 'rotate-credentials', 1, 2);
test.run();
