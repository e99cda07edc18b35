/** What a learner has done, lab by lab: one file beside the environments, which outlives them all. */

import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { claim, readHolder, retire } from '../lock-file.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import { describeError, describeWriteError } from '../model/error.ts';
import type { Report } from '../model/report.ts';
import { writePrivately } from '../private-file.ts';
import { describeProcess, isAlive } from '../process-table.ts';

export interface Learned {
	schemaVersion: 1;
	/** By the lab's id. */
	labs: Record<string, LabProgress>;
}

export interface LabProgress {
	/** RFC 3339: when something was done last. */
	lastAt: string;
	/** Seconds at work: from one deed to the next, but for pauses longer than `longestPause`. */
	seconds: number;
	/** The task that was worked at last; null: none yet, or all are done. */
	currentTask: string | null;
	/** By the task's id. */
	tasks: Record<string, TaskProgress>;
	/** Null: not taken yet. */
	quiz: QuizProgress | null;
}

export interface TaskProgress {
	/** RFC 3339: when it passed for the first time; null: not yet. */
	passedAt: string | null;
	/** What it was worth then. */
	points: number;
	/** How many steps were shown, by what they are about; see `learning/hint.ts`. */
	hints: Record<string, number>;
}

export interface QuizProgress {
	/** RFC 3339. */
	answeredAt: string;
	/** Questions that were answered rightly at the first try. */
	right: number;
	questions: number;
	/** Ids of those that were not. */
	wrong: string[];
}

/** Milliseconds after which a learner counts as having been elsewhere. */
export const longestPause = 10 * 60_000;

/** How long another process may take over one change, in milliseconds. */
const patience = 5000;

/** Safe to use from several processes at once. Where the home cannot be written it says so once, and remembers until it ends. */
export class ProgressFile {
	readonly path: string;
	readonly #home: string;
	readonly #say: (text: string) => void;
	readonly #clock: Clock;
	/** What is known where it cannot be written down. */
	#unwritten: Learned | null = null;
	/** Changes of this process, one after the other. */
	#last: Promise<unknown> = Promise.resolve();

	constructor(home: string, say: (text: string) => void, clock: Clock = systemClock) {
		this.#home = home;
		this.path = join(home, 'progress.json');
		this.#say = say;
		this.#clock = clock;
	}

	/** Never throws: what cannot be read is told, kept under another name, and begun anew. */
	async read(): Promise<Learned> {
		if (this.#unwritten !== null) return this.#unwritten;
		const found = await readLearned(this.path);
		return 'learned' in found ? found.learned : this.change((learned) => structuredClone(learned));
	}

	/** Resolves to what `alter` returns. `alter` may change what it is handed, and is called once. */
	change<R>(alter: (learned: Learned) => R): Promise<R> {
		const changed = this.#last.then(() => this.#change(alter));
		this.#last = changed.catch(() => {});
		return changed;
	}

	async #change<R>(alter: (learned: Learned) => R): Promise<R> {
		if (this.#unwritten !== null) return alter(this.#unwritten);
		const lockFile = `${this.path}.lock`;
		const fault = await this.#lock(lockFile).catch(describeWriteError);
		if (fault !== null) return alter(await this.#giveUp(fault));
		try {
			const learned = await this.#open();
			const result = alter(learned);
			if (learned !== this.#unwritten) await this.#write(learned);
			return result;
		} finally {
			await rm(lockFile, { force: true }).catch(() => {});
		}
	}

	/** What the file says, to be changed; a broken one is put aside. */
	async #open(): Promise<Learned> {
		const found = await readLearned(this.path);
		if ('learned' in found) return found.learned;
		if (!found.isBroken) return this.#giveUp(found.fault);
		const aside = join(this.#home, `progress.broken-${this.#clock.now().toISOString().replaceAll(':', '-')}.json`);
		try {
			await rename(this.path, aside);
		} catch (error) {
			return this.#giveUp(describeError(error));
		}
		this.#say(`Your progress could not be read: ${found.fault}\nIt is kept as ${aside}, and begun anew.`);
		return createLearned();
	}

	async #write(learned: Learned): Promise<void> {
		try {
			await writePrivately(this.path, `${JSON.stringify(learned, null, '\t')}\n`);
		} catch (error) {
			await this.#giveUp(describeError(error), learned);
		}
	}

	async #giveUp(fault: string, known?: Learned): Promise<Learned> {
		this.#say(
			`Your progress is not kept: ${fault}\nSet KUBEPROCTOR_HOME to a folder that this account can write, on a disk that has room.`,
		);
		const found = known === undefined ? await readLearned(this.path) : { learned: known };
		this.#unwritten = 'learned' in found ? found.learned : createLearned();
		return this.#unwritten;
	}

	/** Null once it is ours, else why it is not. */
	async #lock(file: string): Promise<string | null> {
		const self = await describeProcess(process.pid);
		if (self === null) throw new Error('this process cannot be found in the process table');
		await mkdir(this.#home, { recursive: true, mode: 0o700 });
		const deadline = this.#clock.now().getTime() + patience;
		while (!(await claim(file, self))) {
			const holder = await readHolder(file);
			const isOver = this.#clock.now().getTime() >= deadline;
			// A holder that is gone by the time it is read has let go; only one that stays unreadable is torn.
			if (holder === null ? isOver : !(await isAlive(holder))) await retire(file, holder);
			else if (isOver) return `process ${holder?.pid} has been at it for ${patience / 1000} s.`;
			else await this.#clock.sleep(5 + Math.random() * 20);
		}
		return null;
	}
}

/** What grading has shown. Returns the ids of the tasks that passed for the first time. */
export function noteReport(learned: Learned, { lab, tasks }: Report, now: Date): string[] {
	const progress = noteWork(learned, lab.id, now);
	const passed = tasks.filter(({ outcome }) => outcome === 'pass');
	const fresh = passed.filter(({ id }) => taskOf(progress, id).passedAt === null);
	for (const { id, score } of fresh) {
		Object.assign(taskOf(progress, id), { passedAt: now.toISOString(), points: score.earned });
	}
	const next = tasks.find(({ outcome }) => outcome !== 'pass');
	if (next !== undefined || passed.some(({ id }) => id === progress.currentTask)) {
		progress.currentTask = next?.id ?? null;
	}
	return fresh.map(({ id }) => id);
}

/** Something was done for a lab just now: counts the time since the last deed, and returns what is known of the lab. */
export function noteWork(learned: Learned, lab: string, now: Date): LabProgress {
	const lastAt = now.toISOString();
	const progress = learned.labs[lab] ?? { lastAt, seconds: 0, currentTask: null, tasks: {}, quiz: null };
	learned.labs[lab] = progress;
	const gap = now.getTime() - Date.parse(progress.lastAt);
	if (gap > 0 && gap <= longestPause) progress.seconds = Math.round(progress.seconds * 1000 + gap) / 1000;
	progress.lastAt = lastAt;
	return progress;
}

export function taskOf(progress: LabProgress, task: string): TaskProgress {
	const known = progress.tasks[task] ?? { passedAt: null, points: 0, hints: {} };
	progress.tasks[task] = known;
	return known;
}

function createLearned(): Learned {
	return { schemaVersion: 1, labs: {} };
}

type Found = { learned: Learned } | { fault: string; isBroken: boolean };

async function readLearned(path: string): Promise<Found> {
	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') return { learned: createLearned() };
		return { fault: describeError(error), isBroken: code === 'EISDIR' };
	}
	try {
		const data: unknown = JSON.parse(text);
		if (isLearned(data)) return { learned: data };
		const isNewer = isObject(data) && typeof data['schemaVersion'] === 'number' && data['schemaVersion'] > 1;
		if (isNewer) return { fault: `${path} is of a newer kubeproctor.`, isBroken: false };
		return { fault: `${path} does not hold what it should.`, isBroken: true };
	} catch (error) {
		return { fault: `${path}: ${describeError(error)}`, isBroken: true };
	}
}

function isLearned(data: unknown): data is Learned {
	return isObject(data) && data['schemaVersion'] === 1 && isMapOf(data['labs'], isLab);
}

function isLab(data: unknown): boolean {
	if (!isObject(data)) return false;
	const { lastAt, seconds, currentTask, tasks, quiz } = data;
	const isTimed = isMoment(lastAt) && isAmount(seconds);
	const isPlaced = currentTask === null || typeof currentTask === 'string';
	return isTimed && isPlaced && isMapOf(tasks, isTask) && (quiz === null || isQuiz(quiz));
}

function isTask(data: unknown): boolean {
	if (!isObject(data)) return false;
	const { passedAt, points, hints } = data;
	return (passedAt === null || isMoment(passedAt)) && isAmount(points) && isMapOf(hints, isAmount);
}

function isQuiz(data: unknown): boolean {
	if (!isObject(data)) return false;
	const { answeredAt, right, questions, wrong } = data;
	const isScored = isMoment(answeredAt) && isAmount(right) && isAmount(questions);
	return isScored && Array.isArray(wrong) && wrong.every((id) => typeof id === 'string');
}

function isMoment(data: unknown): boolean {
	return typeof data === 'string' && !Number.isNaN(Date.parse(data));
}

function isAmount(data: unknown): boolean {
	return typeof data === 'number' && data >= 0;
}

function isMapOf(data: unknown, isRight: (value: unknown) => boolean): boolean {
	return isObject(data) && Object.values(data).every(isRight);
}

function isObject(data: unknown): data is Record<string, unknown> {
	return typeof data === 'object' && data !== null && !Array.isArray(data);
}
