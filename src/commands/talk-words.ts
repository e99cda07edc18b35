/** The words in which a learner is led through a lab, laid out for the width that the terminal has just now. */

import type { ChosenHint } from '../learning/hint.ts';
import { describeProblem, type LabError, type UsageError } from '../model/error.ts';
import { callProgram, nameCalls } from '../model/identity.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Report, TaskReport } from '../model/report.ts';
import type { Diagnosis } from '../model/verdict.ts';
import type { Stage } from '../terminal/stage.ts';
import { countRows, wrap, wrapLines } from '../terminal/width.ts';
import type { Context } from './command.ts';

/** What the words are written with. */
export async function loadPens(context: Context) {
	const [
		{ renderMarkdown },
		{ listTasks, listTasksBriefly, writeTask },
		{ reasons },
		{ createLook },
		{ drawBlocks, nameBlocks },
		{ createPalette },
	] = await Promise.all([
		import('../learning/markdown.ts'),
		import('../reporters/task-list.ts'),
		import('../model/reason.ts'),
		import('./lesson.ts'),
		import('./hint.ts'),
		import('../terminal/colour.ts'),
	]);
	return {
		...{ renderMarkdown, listTasks, listTasksBriefly, writeTask, reasons, drawBlocks, nameBlocks },
		look: await createLook(context),
		palette: createPalette(context.hasColour),
	};
}

type Pens = Awaited<ReturnType<typeof loadPens>>;

export class Words {
	readonly #context: Pick<Context, 'name' | 'hasColour'>;
	readonly #stage: Pick<Stage, 'isPlain' | 'width' | 'height' | 'room'>;
	readonly #pens: Pens;

	constructor(
		context: Pick<Context, 'name' | 'hasColour'>,
		stage: Pick<Stage, 'isPlain' | 'width' | 'height' | 'room'>,
		pens: Pens,
	) {
		this.#context = context;
		this.#stage = stage;
		this.#pens = pens;
	}

	greet({ lab, tasks, score }: Report): string {
		const done = tasks.filter(({ outcome }) => outcome === 'pass').length;
		const lines = this.#wrap(lab.title).map(this.#pens.palette.bold);
		if (done > 0)
			lines.push(...this.#wrap(`${done} of ${tasks.length} tasks are done, ${score.earned} points so far.`));
		return [
			...lines,
			'',
			...this.#wrap('Work in another terminal, where this points kubectl at the cluster:'),
			`    eval "$(${callProgram(this.#context.name)} env)"`,
			'',
		].join('\n');
	}

	/** `part`: what the lesson says about it, as Markdown. */
	introduce(lab: Lab, task: Task, part = ''): string {
		const number = lab.tasks.indexOf(task) + 1;
		const head = this.#wrap(`Task ${number} of ${lab.tasks.length}: ${task.title}`).map(this.#pens.palette.bold);
		// The heading above says the same.
		const text = part.replace(/^#+ .*\n+/, (heading) => (heading.includes(task.title) ? '' : heading));
		return [...head, '', this.#cut(this.draw(text)), ''].join('\n');
	}

	/** What does not fit is a key away. */
	#cut(text: string): string {
		const lines = text.split('\n');
		const count = (line: string) => countRows(line, this.#stage.width());
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
		return [...kept, this.#pens.palette.dim('… l: read on')].join('\n');
	}

	draw(markdown: string): string {
		const text = markdown || 'The lesson says nothing about this.';
		const isSpoken = this.#stage.isPlain;
		return this.#pens.renderMarkdown(text, { ...this.#pens.look, width: this.#stage.width(), isSpoken });
	}

	congratulate({ title, score }: TaskReport, learnt: string | null): string {
		const { green } = this.#pens.palette;
		const [first = '', ...more] = this.#wrap(`✔ Done: ${title}. ${score.earned} points.`);
		return [first.replace('✔', green('✔')), ...more, ...(learnt === null ? [] : this.#wrap(learnt)), ''].join('\n');
	}

	describeChange(task: TaskReport): string {
		return this.#pens.writeTask(task);
	}

	describeEnd({ tasks, next }: Lab, { score }: Report): string {
		return [
			...this.#wrap(`All ${tasks.length} tasks are done: ${score.earned} of ${score.possible} points.`),
			...this.#wrap('z asks the questions about it.'),
			...(next === null ? [] : this.#wrap(`After that: ${callProgram(this.#context.name)} learn ${next}`)),
			'',
		].join('\n');
	}

	giveHint({ number, of, blocks }: ChosenHint, task: number): string {
		const { bold } = this.#pens.palette;
		const head = bold(`Hint ${number} of ${of} for task ${task}`);
		return `${head}\n${this.#pens.drawBlocks(this.#pens.nameBlocks(blocks, this.#context.name), this.#stage.width(), bold)}\n`;
	}

	explain(found: readonly Diagnosis[]): string {
		const fact = (name: string, value: string | undefined) =>
			value === undefined
				? []
				: wrap(`${name.padEnd(10)}${value.replaceAll(/\s+/g, ' ')}`, this.#stage.width() - 2).map(
						(line) => `  ${line}`,
					);
		const lines = found.flatMap(({ message, expected, actual, reason }) => [
			...this.#wrap(message).map(this.#pens.palette.bold),
			...fact('expected', expected),
			...fact('found', actual),
			...this.#wrap(`${reason}: ${this.#pens.reasons[reason]}`),
		]);
		return [...lines, ''].join('\n');
	}

	describeFault({ message, remedy }: UsageError | LabError): string {
		const instead = nameCalls(remedy ?? '', this.#context.name);
		return [...this.#wrap(`✘ ${message}`), ...this.#wrap(instead), ''].join('\n');
	}

	describeLost(problem: LabError): string {
		return `? ${nameCalls(describeProblem(problem), this.#context.name)}`;
	}

	/** What was typed here belongs elsewhere, most likely. */
	describeStray(): string {
		const here = this.#stage.isPlain ? this.describeKeys() : this.#wrap('Here one key of the last line is enough.');
		return [...this.#wrap('Commands are typed in another terminal.'), ...here, ''].join('\n');
	}

	describeKeys(): string[] {
		if (this.#stage.isPlain) return this.#wrap('Type hint, lesson, why, quiz, reset or quit, and Enter.');
		// A key and what it does stay beside each other.
		return this.#wrap('h\u00a0hint  l\u00a0lesson  w\u00a0why  z\u00a0quiz  r\u00a0reset  q\u00a0quit');
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

	/** What is always on the screen: how far the tasks are, what is wrong with the present one, and the keys. */
	listStanding(report: Report, problem: LabError | null, present: string | undefined): string[] {
		const width = this.#stage.width();
		const { dim, yellow } = this.#pens.palette;
		const isTold = ({ id }: TaskReport) => id === present;
		const options = { width, isColoured: this.#context.hasColour };
		const whole = this.#pens.listTasks(report, options, isTold);
		const isTight = whole.length > this.#stage.height() / 2;
		const list = isTight ? this.#pens.listTasksBriefly(report, options, isTold) : whole;
		const lost = problem === null ? [] : this.#wrap(this.describeLost(problem));
		return [
			dim('─'.repeat(width)),
			...list,
			...(isTight ? [] : ['']),
			...lost.map((line) => line.replace(/^\?/, yellow('?'))),
			...this.describeKeys().map(dim),
		];
	}

	wrapLines(text: string): string {
		return wrapLines(text, this.#stage.width());
	}

	#wrap(text: string): string[] {
		return wrap(text, this.#stage.width());
	}
}
