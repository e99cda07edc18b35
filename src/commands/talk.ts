/** What has been said while a learner is led through a lab, and what is to be said next. */

import type { Lesson } from '../learning/lesson.ts';
import { LabError, UsageError } from '../model/error.ts';
import { callProgram } from '../model/identity.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Report, TaskReport } from '../model/report.ts';
import type { Stage } from '../terminal/stage.ts';
import type { Context } from './command.ts';
import type { PlainQuiz } from './plain-quiz.ts';

/** What a learner may ask for. */
export type Wish = 'hint' | 'lesson' | 'why' | 'quiz' | 'reset';

/** Loaded before the talk begins, so that it can be drawn at once and drawn anew. */
export async function loadTools(context: Context) {
	const [{ Words, loadPens }, { readLesson, findPartsFor }, { listChanges }, { noteReport }, ...commands] =
		await Promise.all([
			import('./talk-words.ts'),
			import('../learning/lesson.ts'),
			import('../grading/index.ts'),
			import('../learning/progress.ts'),
			import('./kept-progress.ts'),
			import('./graded.ts'),
			import('./hint.ts'),
		]);
	const [{ openProgressFile }, { selectTask }, { findHint }] = commands;
	return {
		...{ Words, readLesson, findPartsFor, listChanges, noteReport },
		...{ openProgressFile, selectTask, findHint },
		pens: await loadPens(context),
	};
}

export type Tools = Awaited<ReturnType<typeof loadTools>>;

export class Talk {
	readonly #context: Context;
	readonly #stage: Stage;
	readonly #tools: Tools;
	readonly #words: InstanceType<Tools['Words']>;
	#lab: Lab | null = null;
	#lesson: Lesson | null = null;
	#report: Report | null = null;
	#problem: LabError | null = null;
	#quiz: PlainQuiz | null = null;
	/** Null: all are done. */
	#task: Task | null = null;
	/** The last that was said is that commands are typed elsewhere. */
	#isStray = false;

	constructor(context: Context, stage: Stage, tools: Tools) {
		this.#context = context;
		this.#stage = stage;
		this.#tools = tools;
		this.#words = new tools.Words(context, stage, tools.pens);
	}

	async open(lab: Lab): Promise<void> {
		const isOther = this.#lab?.id !== lab.id;
		this.#lab = lab;
		if (!isOther) return;
		this.#lesson = await this.#tools.readLesson(lab);
		this.#report = null;
	}

	async hear(report: Report): Promise<void> {
		const before = this.#report;
		const changes = this.#tools.listChanges(before, report);
		if (this.#problem !== null) this.#print(() => 'The cluster answers again.\n');
		this.#problem = null;
		this.#report = report;
		// First of all, since how much fits above depends on it.
		this.#stand();
		if (changes.length === 0) return;
		const file = await this.#tools.openProgressFile(this.#context);
		const wished = await file.change((learned) => {
			this.#tools.noteReport(learned, report, new Date());
			return learned.labs[report.lab.id]?.currentTask ?? null;
		});
		for (const { task, before: earlier } of changes) {
			if (earlier !== null && earlier.outcome !== 'pass' && task.outcome === 'pass') this.#congratulate(task);
			else if (earlier !== null && this.#stage.isPlain) this.#print(() => this.#words.describeChange(task));
		}
		this.#goOn(before === null, wished);
		this.#stand();
	}

	tellLost(problem: LabError): void {
		this.#problem = problem;
		if (this.#stage.isPlain) this.#print(() => this.#words.describeLost(problem));
		this.#stand();
	}

	async grant(wish: Wish): Promise<void> {
		if (this.#report === null || this.#lab === null) return;
		try {
			if (wish === 'hint') await this.#giveHint(this.#lab, this.#report);
			if (wish === 'lesson') await this.#showLesson();
			if (wish === 'why') this.#tellWhy(this.#report);
			if (wish === 'quiz') await this.#askQuiz(this.#lab);
			if (wish === 'reset') await this.#reset();
		} catch (error) {
			// What cannot be done here is no reason to leave; that the cluster is lost will be told.
			if (!(error instanceof UsageError || error instanceof LabError)) throw error;
			this.#print(() => this.#words.describeFault(error));
		}
	}

	get #program(): string {
		return callProgram(this.#context.name);
	}

	get isInQuiz(): boolean {
		return this.#quiz !== null && !this.#quiz.isOver;
	}

	async answer(line: string): Promise<void> {
		await this.#quiz?.take(line);
		if (this.#quiz?.isOver) this.explainKeys();
	}

	/** Once for all that is typed on end. */
	explainStray(): void {
		if (this.#isStray && !this.#stage.isPlain) return;
		this.#print(() => this.#words.describeStray());
		this.#isStray = true;
	}

	explainKeys(): void {
		this.#print(() => this.#words.describeKeys().join('\n'));
	}

	describeWayBack(): string {
		return this.#words.describeWayBack();
	}

	/** To the task that is next, where it is another one than before. */
	#goOn(isFirst: boolean, wished: string | null): void {
		const [lab, report] = [this.#lab as Lab, this.#report as Report];
		const isDone = report.tasks.every(({ outcome }) => outcome === 'pass');
		const isOpen = (id: string | undefined) =>
			report.tasks.some((task) => task.id === id && (task.outcome === 'fail' || task.outcome === 'error'));
		const stays = !isFirst && isOpen(this.#task?.id);
		if (stays) return;
		const resumed = isFirst && isOpen(wished ?? undefined) ? lab.tasks.find(({ id }) => id === wished) : undefined;
		const next = isDone ? null : (resumed ?? this.#tools.selectTask(lab, report, null).task);
		const isSame = !isFirst && next?.id === this.#task?.id;
		this.#task = next;
		if (isFirst) this.#print(() => this.#words.greet(report));
		if (next === null) this.#print(() => this.#words.describeEnd(lab, report));
		else if (!isSame) this.#print(() => this.#words.introduce(lab, next, this.#readAbout(next).at(-1)));
	}

	#congratulate(report: TaskReport): void {
		const learnt = (this.#lab as Lab).tasks.find(({ id }) => id === report.id)?.learnt ?? null;
		this.#print(() => this.#words.congratulate(report, learnt));
	}

	/** Markdown, part by part. Null: all tasks are done. */
	#readAbout(task: Task | null): string[] {
		const ids = (this.#lab as Lab).tasks.map(({ id }) => id);
		return this.#tools.findPartsFor(this.#lesson as Lesson, ids, task?.id ?? null).map(({ markdown }) => markdown);
	}

	async #giveHint(lab: Lab, report: Report): Promise<void> {
		if (this.#task === null) return this.#print(() => 'Every task is done.\n');
		const { hint, task } = await this.#tools.findHint(this.#context, lab, report, this.#task, false);
		if (hint === null) return this.#print(() => 'There is no hint for this. w tells what is seen, l the lesson.\n');
		this.#print(() => this.#words.giveHint(hint, lab.tasks.indexOf(task) + 1));
	}

	async #showLesson(): Promise<void> {
		const draw = () => this.#words.draw(this.#readAbout(this.#task).join('\n\n'));
		if (this.#stage.isPlain || draw().split('\n').length <= this.#stage.room()) this.#print(() => `${draw()}\n`);
		else {
			await this.#stage.lend(() => this.#context.page(draw()));
			this.#print(() => '');
		}
	}

	#tellWhy({ tasks }: Report): void {
		const report = tasks.find(({ id }) => id === this.#task?.id);
		const found = (report?.checks ?? []).flatMap(({ diagnosis }) => diagnosis ?? []);
		this.#print(() => (found.length === 0 ? 'Nothing is wrong.\n' : this.#words.explain(found)));
	}

	async #askQuiz(lab: Lab): Promise<void> {
		const [{ keepScore, takeQuiz }, { judgeAnswer, readQuiz }] = await Promise.all([
			import('./quiz.ts'),
			import('../learning/quiz.ts'),
		]);
		const questions = await readQuiz(lab);
		if (!this.#stage.isPlain) {
			await this.#stage.lend(() => takeQuiz(this.#context, lab.id, questions));
			return this.#print(() => '');
		}
		const { PlainQuiz } = await import('./plain-quiz.ts');
		this.#quiz = new PlainQuiz({
			questions,
			judge: judgeAnswer,
			write: (text) => this.#print(() => this.#words.wrapLines(text)),
			onScore: (answered) => keepScore(this.#context, lab.id, answered),
		});
		this.#quiz.ask();
	}

	async #reset(): Promise<void> {
		const task = this.#task;
		if (task === null) return this.#print(() => `Every task is done; ${this.#program} reset TASK undoes one.\n`);
		const { resetTask } = await import('./reset.ts');
		await this.#stage.lend(() => resetTask(this.#context, task.id, { yes: false, output: 'text' }));
		this.#print(() => '');
	}

	#stand(): void {
		this.#stage.stand(() =>
			this.#report === null ? [] : this.#words.listStanding(this.#report, this.#problem, this.#task?.id),
		);
	}

	#print(write: () => string): void {
		this.#isStray = false;
		this.#stage.print(write);
	}
}
