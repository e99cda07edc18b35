/** Ctrl-C and its like: the first one asks to stop, the second tells what is still going on, the third leaves at once. */

import { setMaxListeners } from 'node:events';
import { InterruptedError } from '../model/error.ts';
import type { ShownProgress } from '../terminal/progress.ts';

export interface Interruption {
	/** Aborted with an InterruptedError. */
	signal: AbortSignal;
	/** What the second one asks what is still going on. */
	watch(progress: ShownProgress): void;
	/** Lets go of the terminal, so that last words are seen; harmless when it was let go before. */
	releaseTerminal(): Promise<void>;
}

/** `leave` ends the process without waiting for anything. */
export function listenForInterruptions(leave: (reason: InterruptedError) => void): Interruption {
	const controller = new AbortController();
	// A command may ask any number of things at the same time, and each listens to it.
	setMaxListeners(0, controller.signal);
	let asked = 0;
	let progress: ShownProgress | undefined;

	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => {
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
		releaseTerminal: async () => progress?.end(),
	};
}

function describeRest(steps: string[]): string {
	const what = steps.length > 0 ? `Still at it: ${steps.join(', ')}.` : 'What this run made is still being taken back.';
	return `${what}\nOnce more, and it is left as it is; kubeproctor down takes it back later.`;
}
