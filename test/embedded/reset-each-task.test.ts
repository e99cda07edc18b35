/** `reset` of each task of every lab on the embedded cluster: it and those that need it are undone, and nothing else. */

import { listLabFolders, loadLab } from '../../src/lab/index.ts';
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

for (const id of await listLabFolders().then((labs) => labs.keys())) {
	test(id, async ({ environment }) => {
		await resetHere(environment, id);
		await judgeResets(here(environment), await loadLab(id));
	});
}

test.run();
