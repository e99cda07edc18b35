/** Leads through a lab that is set up: tells what each task is about, watches, helps when asked, and goes on. */

import type { Lesson, LessonPart } from '../learning/lesson.ts';
import { InterruptedError, LabError, UsageError } from '../model/error.ts';
import { callProgram } from '../model/identity.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Report, TaskReport } from '../model/report.ts';
import type { Stage } from '../terminal/stage.ts';
import type { Context } from './command.ts';
import type { PlainQuiz } from './plain-quiz.ts';

type Wish = 'hint' | 'lesson' | 'why' | 'quiz' | 'reset' | 'quit';

const keys: Record<string, Wish> = {
	...{ h: 'hint', l: 'lesson', w: 'why', z: 'quiz', r: 'reset', q: 'quit' },
	'\u0004': 'quit',
};

/** Resolves to the exit code. */
export async function guide(context: Context, labId: string | undefined, isPlain: boolean): Promise<number> {
	const [{ followEnvironment }, { openStage }, parts] = await Promise.all([
		import('./followed.ts'),
		import('../terminal/stage.ts'),
		loadParts(context),
	]);
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
	const talk = new Talk({ ...context, say: (text) => stage.print(() => text) }, stage, parts);

	function take(input: string | null): unknown {
		if (input !== null && talk.isInQuiz) return talk.answer(input.trim());
		const word = input?.trim().toLowerCase() ?? 'quit';
		const wish = keys[input ?? ''] ?? keys[word] ?? Object.values(keys).find((each) => each === word);
		if (wish === 'quit') return over.abort(quit);
		if (wish !== undefined) return talk.grant(wish);
		return word === '' ? undefined : talk.explainKeys();
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

/** What the talk needs, loaded before it begins, so that it can be drawn at once and drawn anew. */
async function loadParts(context: Context) {
	const [
		lesson,
		{ renderMarkdown },
		{ listTasks, listTasksBriefly, writeTask },
		{ createLook },
		{ countRows, wrap, wrapLines },
		{ createPalette },
	] = await Promise.all([
		import('../learning/lesson.ts'),
		import('../learning/markdown.ts'),
		import('../reporters/task-list.ts'),
		import('./lesson.ts'),
		import('../terminal/width.ts'),
		import('../terminal/colour.ts'),
	]);
	const [{ listChanges }, { reasons }, { noteReport }, { openProgressFile }, { selectTask }, { findHint, drawBlocks }] =
		await Promise.all([
			import('../grading/index.ts'),
			import('../model/reason.ts'),
			import('../learning/progress.ts'),
			import('./kept-progress.ts'),
			import('./graded.ts'),
			import('./hint.ts'),
		]);
	return {
		...{
			lesson,
			renderMarkdown,
			listTasks,
			listTasksBriefly,
			writeTask,
			countRows,
			wrap,
			wrapLines,
			listChanges,
			reasons,
			noteReport,
			selectTask,
		},
		...{ openProgressFile, findHint, drawBlocks },
		look: await createLook(context),
		palette: createPalette(context.hasColour),
	};
}

type Parts = Awaited<ReturnType<typeof loadParts>>;

/** What has been said, and what is to be said next. */
class Talk {
	readonly #context: Context;
	readonly #stage: Stage;
	readonly #parts: Parts;
	#lab: Lab | null = null;
	#lesson: Lesson | null = null;
	#report: Report | null = null;
	#problem: LabError | null = null;
	#quiz: PlainQuiz | null = null;
	/** Null: all are done. */
	#task: Task | null = null;

	constructor(context: Context, stage: Stage, parts: Parts) {
		this.#context = context;
		this.#stage = stage;
		this.#parts = parts;
	}

	async open(lab: Lab): Promise<void> {
		const isOther = this.#lab?.id !== lab.id;
		this.#lab = lab;
		if (!isOther) return;
		this.#lesson = await this.#parts.lesson.readLesson(lab);
		this.#report = null;
	}

	async hear(report: Report): Promise<void> {
		const before = this.#report;
		const changes = this.#parts.listChanges(before, report);
		if (this.#problem !== null) this.#print(() => 'The cluster answers again.');
		this.#problem = null;
		this.#report = report;
		// First of all, since how much fits above depends on it.
		this.#stand();
		if (changes.length === 0) return;
		const file = await this.#parts.openProgressFile(this.#context);
		const wished = await file.change((learned) => {
			this.#parts.noteReport(learned, report, new Date());
			return learned.labs[report.lab.id]?.currentTask ?? null;
		});
		for (const { task, before: earlier } of changes) {
			if (earlier !== null && earlier.outcome !== 'pass' && task.outcome === 'pass') this.#congratulate(task);
			else if (earlier !== null && this.#stage.isPlain) this.#tellChange(task);
		}
		this.#goOn(before === null, wished);
		this.#stand();
	}

	tellLost(problem: LabError): void {
		this.#problem = problem;
		if (this.#stage.isPlain) this.#print(() => `? ${problem.message} ${problem.remedy}`);
		this.#stand();
	}

	async grant(wish: Exclude<Wish, 'quit'>): Promise<void> {
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
			this.#print(() => [...this.#wrap(`✘ ${error.message}`), ...this.#wrap(error.remedy ?? ''), ''].join('\n'));
		}
	}

	get isInQuiz(): boolean {
		return this.#quiz !== null && !this.#quiz.isOver;
	}

	async answer(line: string): Promise<void> {
		await this.#quiz?.take(line);
		if (this.#quiz?.isOver) this.explainKeys();
	}

	explainKeys(): void {
		this.#print(() => this.#wrap(this.#describeKeys()).join('\n'));
	}

	describeWayBack(): string {
		const program = callProgram(this.#context.name);
		const commands = [`${program} learn`, `${program} down`];
		const purposes = ['goes on here', 'takes it down'];
		const width = Math.max(...commands.map((command) => command.length));
		const isWide = width + 5 + Math.max(...purposes.map((purpose) => purpose.length)) <= this.#stage.width();
		const rows = commands.map((command, index) =>
			isWide ? `  ${command.padEnd(width)}   ${purposes[index]}` : `  ${command}\n    ${purposes[index]}`,
		);
		return ['', ...this.#wrap('The cluster stays up, and what you have done is kept.'), ...rows].join('\n');
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
		const next = isDone ? null : (resumed ?? this.#parts.selectTask(lab, report, null).task);
		const isSame = !isFirst && next?.id === this.#task?.id;
		this.#task = next;
		if (isFirst) this.#greet(report);
		if (next === null) this.#tellEnd(lab);
		else if (!isSame) this.#begin(lab, next);
	}

	#greet({ lab, tasks, score }: Report): void {
		const done = tasks.filter(({ outcome }) => outcome === 'pass').length;
		const { bold } = this.#parts.palette;
		this.#print(() => {
			const lines = [...this.#wrap(lab.title).map(bold)];
			if (done > 0)
				lines.push(...this.#wrap(`${done} of ${tasks.length} tasks are done, ${score.earned} points so far.`));
			return [
				...lines,
				'',
				...this.#wrap('Work in another terminal, where this points kubectl at the cluster:'),
				`    eval "$(${callProgram(this.#context.name)} env)"`,
				'',
			].join('\n');
		});
	}

	#begin(lab: Lab, task: Task): void {
		const number = lab.tasks.indexOf(task) + 1;
		const { bold } = this.#parts.palette;
		this.#print(() => {
			const head = this.#wrap(`Task ${number} of ${lab.tasks.length}: ${task.title}`).map(bold);
			const part = this.#findParts(task).at(-1);
			// The heading above says the same.
			const text = (part?.markdown ?? '').replace(/^#+ .*\n+/, (heading) =>
				heading.includes(task.title) ? '' : heading,
			);
			return [...head, '', this.#cut(this.#draw(text)), ''].join('\n');
		});
	}

	/** What does not fit is a key away. */
	#cut(text: string): string {
		const lines = text.split('\n');
		const count = (line: string) => this.#parts.countRows(line, this.#stage.width());
		let room = this.#stage.room() - 4;
		if (lines.reduce((rows, line) => rows + count(line), 0) <= room) return text;
		room -= 1;
		const kept = lines.slice(
			0,
			lines.findIndex((line, index) => {
				room -= count(line);
				return room < 0 && index >= 3;
			}),
		);
		while (kept.at(-1) === '') kept.pop();
		return [...kept, this.#parts.palette.dim('… l: read on')].join('\n');
	}

	/** The part about a task, and before it what leads there from the task before; null: what comes after the last. */
	#findParts(task: Task | null): LessonPart[] {
		const { parts } = this.#lesson as Lesson;
		const ids = new Set((this.#lab as Lab).tasks.map(({ id }) => id));
		const end = task === null ? parts.length : parts.findIndex(({ id }) => id === task.id) + 1;
		const before = parts.slice(0, task === null ? end : Math.max(0, end - 1)).findLastIndex(({ id }) => ids.has(id));
		return parts.slice(before + 1, end);
	}

	#draw(markdown: string): string {
		const text = markdown || 'The lesson says nothing about this.';
		return this.#parts.renderMarkdown(text, { ...this.#parts.look, width: this.#stage.width() });
	}

	#congratulate({ id, title, score }: TaskReport): void {
		const { green } = this.#parts.palette;
		const learnt = (this.#lab as Lab).tasks.find((task) => task.id === id)?.learnt ?? null;
		this.#print(() => {
			const [first = '', ...more] = this.#wrap(`✔ Done: ${title}. ${score.earned} points.`);
			return [first.replace('✔', green('✔')), ...more, ...(learnt === null ? [] : this.#wrap(learnt)), ''].join('\n');
		});
	}

	#tellChange(task: TaskReport): void {
		this.#print(() => this.#parts.writeTask(task));
	}

	#tellEnd({ tasks, next }: Lab): void {
		const { score } = this.#report as Report;
		this.#print(() => {
			const lines = this.#wrap(`All ${tasks.length} tasks are done: ${score.earned} of ${score.possible} points.`);
			lines.push(...this.#wrap('z asks the questions about it.'));
			if (next !== null) lines.push(...this.#wrap(`After that: kubeproctor learn ${next}`));
			return [...lines, ''].join('\n');
		});
	}

	async #giveHint(lab: Lab, report: Report): Promise<void> {
		if (this.#task === null) return this.#print(() => 'Every task is done.\n');
		const { findHint, drawBlocks, palette } = this.#parts;
		const { hint, task } = await findHint(this.#context, lab, report, this.#task, false);
		const number = lab.tasks.indexOf(task) + 1;
		if (hint === null) return this.#print(() => 'There is no hint for this. w tells what is seen, l the lesson.\n');
		const head = palette.bold(`Hint ${hint.number} of ${hint.of} for task ${number}`);
		const text = await drawBlocks({ width: this.#stage.width(), hasColour: this.#context.hasColour }, hint.blocks);
		this.#print(() => `${head}\n${text}\n`);
	}

	async #showLesson(): Promise<void> {
		const parts = this.#findParts(this.#task).map(({ markdown }) => markdown);
		const draw = () => this.#draw(parts.join('\n\n'));
		if (this.#stage.isPlain || draw().split('\n').length <= this.#stage.room()) this.#print(() => `${draw()}\n`);
		else await this.#stage.lend(() => this.#context.page(draw()));
	}

	#tellWhy({ tasks }: Report): void {
		const { wrap, reasons, palette } = this.#parts;
		const report = tasks.find(({ id }) => id === this.#task?.id);
		const found = (report?.checks ?? []).flatMap(({ diagnosis }) => diagnosis ?? []);
		this.#print(() => {
			if (found.length === 0) return 'Nothing is wrong.\n';
			const fact = (name: string, value: string | undefined) =>
				value === undefined
					? []
					: wrap(`${name.padEnd(10)}${value.replaceAll(/\s+/g, ' ')}`, this.#stage.width() - 2).map(
							(line) => `  ${line}`,
						);
			return [
				...found.flatMap(({ message, expected, actual, reason }) => [
					...this.#wrap(message).map(palette.bold),
					...fact('expected', expected),
					...fact('found', actual),
					...this.#wrap(`${reason}: ${reasons[reason]}`),
				]),
				'',
			].join('\n');
		});
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
			write: (text) => this.#print(() => this.#parts.wrapLines(text, this.#stage.width())),
			onScore: (answered) => keepScore(this.#context, lab.id, answered),
		});
		this.#quiz.ask();
	}

	async #reset(): Promise<void> {
		const task = this.#task;
		if (task === null) return this.#print(() => 'Every task is done; kubeproctor reset TASK undoes one.\n');
		const { resetTask } = await import('./reset.ts');
		await this.#stage.lend(() => resetTask(this.#context, task.id, { yes: false, output: 'text' }));
		this.#print(() => '');
	}

	#stand(): void {
		this.#stage.stand(() => {
			const width = this.#stage.width();
			const { dim, yellow } = this.#parts.palette;
			const report = this.#report;
			if (report === null) return [];
			const isTold = ({ id }: TaskReport) => id === this.#task?.id;
			const options = { width, isColoured: this.#context.hasColour };
			const whole = this.#parts.listTasks(report, options, isTold);
			const isTight = whole.length > this.#stage.height() / 2;
			const list = isTight ? this.#parts.listTasksBriefly(report, options, isTold) : whole;
			const lost = this.#problem === null ? [] : this.#wrap(`? ${this.#problem.message} ${this.#problem.remedy}`);
			return [
				dim('─'.repeat(width)),
				...list,
				...(isTight ? [] : ['']),
				...lost.map((line) => line.replace(/^\?/, yellow('?'))),
				...this.#wrap(this.#describeKeys()).map(dim),
			];
		});
	}

	#describeKeys(): string {
		if (this.#stage.isPlain) return 'Type hint, lesson, why, quiz, reset or quit, and Enter.';
		// A key and what it does stay beside each other.
		return 'h\u00a0hint  l\u00a0lesson  w\u00a0why  z\u00a0quiz  r\u00a0reset  q\u00a0quit';
	}

	#print(write: () => string): void {
		this.#stage.print(write);
	}

	#wrap(text: string): string[] {
		return this.#parts.wrap(text, this.#stage.width());
	}
}
