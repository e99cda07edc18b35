/** The mistakes of the lab image-pull-policy, on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testMistakes } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('mistakes of image-pull-policy', { timeout: 60 });
await testMistakes(test, 'image-pull-policy');
test.run();
