/** Commands on an embedded environment within this process: what each does, without starting a program for it. */

import { setMaxListeners } from 'node:events';
import type { Context } from '../../src/commands/command.ts';
import { bringUp } from '../../src/environment/up.ts';
import { loadLab } from '../../src/lab/index.ts';
import { silentProgress } from '../../src/model/progress.ts';
import type { Report } from '../../src/model/report.ts';
import { openParts } from '../../src/parts.ts';
import { createCommand } from '../../src/program.ts';
import { describeFailure } from '../../src/terminal/failure.ts';
import type { Ending } from '../cli/run-cli.ts';
import { keepStream } from '../runner/streams.ts';
import type { EmbeddedEnvironment } from './environment.ts';

type Place = Pick<EmbeddedEnvironment, 'name' | 'env'>;

const { signal } = new AbortController();
// As of the program itself: a command may ask any number of things at the same time, and each listens to it.
setMaxListeners(0, signal);

/** As `up LAB --reset`. */
export async function resetHere({ name, env }: Place, id: string): Promise<void> {
	const lab = await loadLab(id);
	const parts = await openParts(name, lab, { provider: 'embedded' }, { env, signal });
	await bringUp({ ...parts, lab, credentials: 'lab', isReset: true, progress: silentProgress, signal });
}

/** The environment with each of its commands run here, as by somebody without a terminal. */
export function here<E extends EmbeddedEnvironment>(environment: E): E {
	const run = (...args: string[]) => runHere(environment, args);
	return {
		...environment,
		run,
		async grade(...args) {
			const { code, stdout, stderr } = await run('grade', '-o', 'json', ...args);
			if (stdout === '') throw new Error(`grade ended with ${code}:\n${stderr}`);
			return { code, report: JSON.parse(stdout) as Report };
		},
	};
}

async function runHere({ name, env }: Place, args: string[]): Promise<Ending> {
	const ending: Ending = { code: null, stdout: '', stderr: '' };
	const print = (text: string) => {
		ending.stdout += `${text}\n`;
	};
	const say = (text: string) => {
		ending.stderr += `${text}\n`;
	};
	const context: Omit<Context, 'name'> = {
		...{ env: { ...process.env, ...env }, signal, print, say },
		page: async (text) => print(text),
		...{ isInteractive: false, isLive: false, hasColour: false, width: 80 },
		lend: (use) => use(),
		openProgress: async () => silentProgress,
		showWait: (_what, work) => work(),
	};
	const command = createCommand((action) => async (...given) => {
		const asked = command.opts<{ name?: string }>().name;
		ending.code = await action({ ...context, name: asked ?? name }, ...given);
	});
	try {
		await command.parseAsync(args, { from: 'user' });
	} catch (thrown) {
		const { text, exitCode } = describeFailure(thrown, null, {
			isColoured: false,
			width: null,
			program: 'kubeproctor',
		});
		say(text);
		ending.code = exitCode;
	}
	for (const text of [ending.stdout, ending.stderr]) keepStream(args, text);
	return ending;
}
