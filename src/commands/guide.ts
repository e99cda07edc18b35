/** Leads through a lab that is set up: tells what each task is about, watches, helps when asked, and goes on. */

import { InterruptedError } from '../model/error.ts';
import type { Context } from './command.ts';
import type { Wish } from './talk.ts';

const keys: Record<string, Wish | 'quit'> = {
	...{ h: 'hint', l: 'lesson', w: 'why', z: 'quiz', r: 'reset', q: 'quit' },
	'\u0004': 'quit',
};

/** Resolves to the exit code. */
export async function guide(context: Context, labId: string | undefined, isPlain: boolean): Promise<number> {
	const [{ followEnvironment }, { openStage }, { Talk, loadTools }] = await Promise.all([
		import('./followed.ts'),
		import('../terminal/stage.ts'),
		import('./talk.ts'),
	]);
	const tools = await loadTools(context);
	const over = new AbortController();
	let rest: Promise<unknown> = Promise.resolve();
	/** One thing after the other, in the order in which it happened. */
	const then = (work: () => unknown) => {
		rest = rest.then(() => over.signal.aborted || work()).catch((error) => over.abort(error));
	};
	let begin = () => {};
	const begun = new Promise<void>((resolve) => {
		begin = resolve;
	});
	const stage = openStage({
		isPlain,
		onInput: (input) => void begun.then(() => then(() => take(input))),
	});
	const talk = new Talk({ ...context, say: (text) => stage.print(() => text) }, stage, tools);

	function take(input: string | null): unknown {
		if (input !== null && talk.isInQuiz) return talk.answer(input.trim());
		const word = input?.trim().toLowerCase() ?? 'quit';
		const wish = keys[input ?? ''] ?? keys[word] ?? Object.values(keys).find((each) => each === word);
		if (wish === 'quit') return over.abort(quit);
		if (wish !== undefined) return talk.grant(wish);
		return word === '' ? undefined : talk.explainStray();
	}

	const quit = new Error('the learner has had enough');
	try {
		return await followEnvironment(context, labId, AbortSignal.any([context.signal, over.signal]), {
			onOpen: (lab) => then(() => talk.open(lab)),
			onReport(report) {
				then(() => talk.hear(report));
				begin();
			},
			onLost(problem) {
				then(() => talk.tellLost(problem));
				begin();
			},
		});
	} catch (error) {
		// What has been begun, such as writing down what was done, comes to its end; so does a pager.
		await rest;
		if (error !== quit && !(error instanceof InterruptedError)) throw error;
		stage.close();
		(error === quit ? context.print : context.say)(talk.describeWayBack());
		if (error === quit) return 0;
		throw error;
	} finally {
		stage.close();
	}
}
