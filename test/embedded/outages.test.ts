/** Bad days of the registry on the embedded cluster, as a Pod meets them. */

import { loadLab } from '../../src/lab/index.ts';
import { solveTask } from '../cluster/lab/mistakes.ts';
import { judgeOutages } from '../cluster/lab/walk.ts';
import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { share } from './walk-lab.ts';

const id = 'pulling-from-private-registries';
const test = suite<{ environment: EmbeddedEnvironment }>('outages on the embedded cluster', { timeout: 60 });
share(test, id);

test('a registry that had a bad day when a Pod was to be pulled is the cause', async ({ environment }) => {
	await solveTask(environment, await loadLab(id), 'store-credentials');
	await judgeOutages(environment, 'registry.example.com', environment.acts);
});

test.run();
