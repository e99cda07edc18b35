/** The play of a lab through `learn` as a test on the embedded cluster. */

import { suite } from '../harness.ts';
import { reasonWithoutTerminal } from '../terminal/pty.ts';
import { type EmbeddedEnvironment, planEnvironment } from './environment.ts';
import { playLab } from './play-learn.ts';

export function testPlay(columns: number): void {
	const test = suite<{ environment: EmbeddedEnvironment }>(`learn at ${columns} columns`, { timeout: 240 });
	test.before((context) => {
		context.environment = planEnvironment('learner');
	});
	test.after(({ environment }) => environment?.close());
	const name = 'a lab is failed, understood, done, left, taken up again, and its quiz answered';
	if (reasonWithoutTerminal !== null) test.skip(name, reasonWithoutTerminal);
	else test(name, ({ environment }) => playLab({ ...environment, provider: 'embedded' }, columns));
	test.run();
}
