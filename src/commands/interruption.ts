/** Ctrl-C and its like: the first one asks to stop, the second tells what is still going on, the third leaves at once. */

import { setMaxListeners } from 'node:events';
import { InterruptedError } from '../model/error.ts';
import type { ShownProgress } from '../terminal/progress.ts';

export interface Interruption {
	/** Aborted with an InterruptedError. */
	signal: AbortSignal;
	/** What the second one asks what is still going on. */
	watch(progress: ShownProgress): void;
	/** While another program has the terminal, Ctrl-C is that one's affair. */
	lend<R>(use: () => Promise<R>): Promise<R>;
	/** Lets go of the terminal, so that last words are seen; harmless when it was let go before. */
	releaseTerminal(): Promise<void>;
}

/** `leave` ends the process without waiting for anything. */
export function listenForInterruptions(leave: (reason: InterruptedError) => void): Interruption {
	const controller = new AbortController();
	// A command may ask any number of things at the same time, and each listens to it.
	setMaxListeners(0, controller.signal);
	let asked = 0;
	let isLent = false;
	let progress: ShownProgress | undefined;

	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => {
			if (isLent && name === 'SIGINT') return;
			asked += 1;
			if (asked === 1) controller.abort(new InterruptedError(name));
			else if (asked === 2) tell(describeRest(progress?.running() ?? []));
			else leave(new InterruptedError(name));
		});
	}

	function tell(text: string): void {
		if (progress) progress.note(text);
		else process.stderr.write(`${text}\n`);
	}

	return {
		signal: controller.signal,
		watch(shown) {
			progress = shown;
		},
		async lend(use) {
			isLent = true;
			try {
				return await use();
			} finally {
				isLent = false;
			}
		},
		releaseTerminal: async () => progress?.end(),
	};
}

function describeRest(steps: string[]): string {
	const what = steps.length > 0 ? `Still at it: ${steps.join(', ')}.` : 'What this run made is still being taken back.';
	return `${what}\nOnce more, and it is left as it is; kubeproctor down takes it back later.`;
}
