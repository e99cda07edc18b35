/** `reset` of each task of some labs on the embedded cluster: it and those that need it are undone, and nothing else. */

import { loadLab } from '../../src/lab/index.ts';
import { judgeResets } from '../cluster/lab/resets.ts';
import { suite } from '../harness.ts';
import { bringUp, type EmbeddedEnvironment, planEnvironment } from './environment.ts';
import { here, resetHere } from './here.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('resetting each task', { timeout: 300 });

test.before(async (context) => {
	context.environment = planEnvironment('reset-each');
	await bringUp(context.environment);
});
test.after(({ environment }) => environment?.close());

for (const id of ['pulling-from-private-registries', 'rotate-credentials', 'deployments-and-namespaces']) {
	test(id, async ({ environment }) => {
		await resetHere(environment, id);
		await judgeResets(here(environment), await loadLab(id));
	});
}

test.run();
