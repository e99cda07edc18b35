/** Which hint comes next: first about the learner's present mistake, then the task's own, never the answer before the last. */

import type { Task } from '../model/lab.ts';
import type { Reason } from '../model/reason.ts';
import type { TaskReport } from '../model/report.ts';
import type { Diagnosis } from '../model/verdict.ts';

/** A paragraph, a piece of a file, or commands that are to be typed as they stand. */
export interface Block {
	kind: 'prose' | 'code' | 'commands';
	text: string;
}

export interface Hint {
	/** What it is about, as progress counts it: a check and its reason, or the task itself. */
	about: string;
	/** Null: it is one of the task's own. */
	reason: Reason | null;
	/** From 1, of those that are about the same. */
	step: number;
	blocks: Block[];
}

export interface ChosenHint extends Hint {
	/** From 1, of all that there are now. */
	number: number;
	of: number;
	/** It was shown before: there is no further one, or it was asked for once more. */
	isAgain: boolean;
}

/** What is said where a learner has not begun: then the task's own hints lead on better than what is missing. */
const unbegun: ReadonlySet<Reason> = new Set([
	...(['PodMissing', 'PullSecretMissing', 'ResourceMissing'] as const),
	...(['ServiceAccountMissing', 'ServiceAccountWithoutPullSecret'] as const),
]);

const own = 'task';

/** Every hint there is for a task as it stands, in the order in which they are given. */
export function listHints(task: Pick<Task, 'hints'>, { checks }: Pick<TaskReport, 'checks'>): Hint[] {
	const mistakes = checks.flatMap(({ id, diagnosis }) => (diagnosis === undefined ? [] : [{ id, diagnosis }]));
	const begun = mistakes.filter(({ diagnosis }) => isBegun(diagnosis));
	const told = task.hints.length === 0 ? mistakes : begun;
	return [
		...told.flatMap(({ id, diagnosis }) => explain(id, diagnosis)),
		...task.hints.map((text, index): Hint => ({ about: own, reason: null, step: index + 1, blocks: readHint(text) })),
	];
}

/**
 * `shown`: how many were shown, by what they are about. Null where there are none at all. Once every one was shown it is
 * the last again.
 */
export function chooseHint(
	hints: readonly Hint[],
	shown: Readonly<Record<string, number>>,
	isAgain: boolean,
): ChosenHint | null {
	const wasShown = ({ about, step }: Hint) => step <= (shown[about] ?? 0);
	const fresh = hints.findIndex((hint) => !wasShown(hint));
	const last = hints.findLastIndex(wasShown);
	const index = fresh === -1 || (isAgain && last !== -1) ? last : fresh;
	const hint = hints[index];
	return hint === undefined ? null : { ...hint, number: index + 1, of: hints.length, isAgain: wasShown(hint) };
}

/** A name that is a slip away, or an object in another place, is a beginning. */
function isBegun({ reason, actual }: Diagnosis): boolean {
	if (!unbegun.has(reason)) return true;
	return actual !== undefined && (reason === 'PodMissing' || reason === 'ResourceMissing');
}

/** First what is so, then what to do about it in words, and at last with the commands. */
function explain(check: string, { reason, message, remedy = '' }: Diagnosis): Hint[] {
	const all = readRemedy(remedy);
	// What goes on after a command says nothing without it.
	const words = all.filter(({ kind, text }) => kind === 'prose' && !/^(\(.*\)$|[a-z])/.test(text));
	const inWords = words.map(({ text }): Block => ({ kind: 'prose', text: text.replace(/(, then)?:$/, '.') }));
	const stages: Block[][] = [[{ kind: 'prose', text: message }], inWords, words.length < all.length ? all : []];
	return stages
		.filter((blocks) => blocks.length > 0)
		.map((blocks, index) => ({ about: `${check} ${reason}`, reason, step: index + 1, blocks }));
}

/** Of a remedy every line is a paragraph, but for commands. */
export function readRemedy(text: string): Block[] {
	const blocks: Block[] = [];
	let isContinued = false;
	for (const line of text.split('\n').filter((each) => each !== '')) {
		const isCommand: boolean = isContinued || /^(kubectl|kubeproctor) /.test(line);
		const before = blocks.at(-1);
		if (isCommand && before?.kind === 'commands') before.text += `\n${line}`;
		else blocks.push({ kind: isCommand ? 'commands' : 'prose', text: line });
		isContinued = isCommand && line.endsWith('\\');
	}
	return blocks;
}

/** A task's own hint is text with fenced blocks, as Markdown has them; those of `sh` are commands. */
export function readHint(text: string): Block[] {
	const [first = '', ...fenced] = text.split(/^```(?=\w)/m);
	return [
		...readProse(first),
		...fenced.flatMap((piece): Block[] => {
			const [, language, code = '', rest = ''] = /^(\w+)\n([\s\S]*?)^```$([\s\S]*)/m.exec(piece) ?? [];
			return [{ kind: language === 'sh' ? 'commands' : 'code', text: code.trimEnd() }, ...readProse(rest)];
		}),
	];
}

function readProse(text: string): Block[] {
	const paragraphs = text.split(/\n\s*\n/).map((each) => each.trim().replaceAll(/\s*\n\s*/g, ' '));
	return paragraphs.filter((each) => each !== '').map((each) => ({ kind: 'prose', text: each }));
}
