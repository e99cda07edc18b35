/** The promises of the lab deployments-and-namespaces, on the embedded cluster. */

import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testPromises } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('promises of deployments-and-namespaces', { timeout: 120 });
await testPromises(test, 'deployments-and-namespaces');
test.run();
