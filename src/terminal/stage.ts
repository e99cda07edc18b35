/** Where a conversation with a learner takes place: a terminal that is drawn in place, or plain lines. */

import { type Keys, openKeys, openLines } from './keys.ts';
import { openPane } from './pane.ts';
import { chooseWidth } from './width.ts';

export interface Stage {
	/** Whether nothing is drawn in place, and answers are typed as lines. */
	isPlain: boolean;
	width(): number;
	/** Lines that fit below each other; infinite where nothing is drawn in place. */
	height(): number;
	/** How many of them are free of the standing ones. */
	room(): number;
	/** For good; `write` is called again where the terminal gets another width. */
	print(write: () => string): void;
	/** What stands below everything else; plain lines have no such place. */
	stand(draw: () => readonly string[]): void;
	/** Lets something else have the terminal until it is done. */
	lend<R>(work: () => Promise<R>): Promise<R>;
	close(): void;
}

export interface StageOptions {
	isPlain: boolean;
	/** A key, or a line; null: there will be no more. */
	onInput(input: string | null): void;
}

export function openStage({ isPlain, onInput }: StageOptions): Stage {
	return isPlain ? openPlainStage(onInput) : openLiveStage(onInput);
}

function openPlainStage(onInput: StageOptions['onInput']): Stage {
	const { stdin, stdout } = process;
	const lines = openLines(stdin, onInput);
	return {
		isPlain: true,
		width: () => chooseWidth(stdout),
		height: () => Number.POSITIVE_INFINITY,
		room: () => Number.POSITIVE_INFINITY,
		print: (write) => void stdout.write(`${write()}\n`),
		stand() {},
		async lend(work) {
			lines.pause();
			try {
				return await work();
			} finally {
				lines.resume();
			}
		},
		close: () => lines.close(),
	};
}

function openLiveStage(onInput: StageOptions['onInput']): Stage {
	const { stdin, stdout } = process;
	let keys: Keys | null = openKeys(stdin, onInput);
	let standing: () => readonly string[] = () => [];
	const pane = openPane({ stream: stdout, onSuspend: () => keys?.pause(), onResume: () => keys?.resume() });
	return {
		isPlain: false,
		width: () => chooseWidth(stdout),
		height: () => stdout.rows ?? 24,
		room: () => Math.max(1, (stdout.rows ?? 24) - standing().length - 1),
		print: (write) => pane.print(write),
		stand(draw) {
			standing = draw;
			pane.show(draw);
		},
		async lend(work) {
			const lent = keys;
			lent?.pause();
			keys = null;
			pane.release();
			try {
				return await work();
			} finally {
				lent?.resume();
				keys = lent;
				pane.show(standing);
			}
		},
		close() {
			keys?.close();
			pane.release();
			pane.close();
		},
	};
}
