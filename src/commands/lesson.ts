/** `lesson`: what to read, in the terminal. */

import type { Lesson, LessonPart } from '../learning/lesson.ts';
import type { Context, Register } from './command.ts';

interface Options {
	part?: string;
	output: 'text' | 'markdown';
	pager: boolean;
}

export const register: Register = (program, wrap) => {
	program
		.command('lesson')
		.description("read a lab's lesson")
		.argument('[lab]', 'which lab (default: the one that is set up, else the first)')
		.option('-p, --part <part>', "only this part, by number or id; a task's part has the task's id")
		.option('--no-pager', 'print it in one go')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'markdown']).default('text'),
		)
		.addHelpText(
			'after',
			'\nExamples:\n  kubeproctor lesson\n  kubeproctor lesson --part 2\n  kubeproctor lesson --part store-credentials',
		)
		.action(wrap(showLesson));
};

async function showLesson(context: Context, labId: string | undefined, options: Options): Promise<number> {
	const [{ chooseLabFolder }, { readLesson, selectPart }] = await Promise.all([
		import('./chosen-lab.ts'),
		import('../learning/lesson.ts'),
	]);
	const lesson = await readLesson(await chooseLabFolder(context, labId));
	const parts = options.part === undefined ? lesson.parts : [selectPart(lesson, options.part)];
	const text = options.output === 'markdown' ? joinMarkdown(parts) : await drawLesson(context, lesson, parts);
	if (options.output === 'text' && options.pager) await context.page(text);
	else context.print(text);
	return 0;
}

function joinMarkdown(parts: readonly LessonPart[]): string {
	return parts.map(({ markdown }) => markdown).join('\n\n');
}

/** Of a single part the lesson's title is left out. */
async function drawLesson(
	context: Context,
	{ title, parts: all }: Lesson,
	parts: readonly LessonPart[],
): Promise<string> {
	const { renderMarkdown } = await import('../learning/markdown.ts');
	const whole = parts.length === all.length ? [`# ${title}`] : [];
	return renderMarkdown([...whole, joinMarkdown(parts)].join('\n\n'), await createLook(context));
}

export async function createLook({ width, hasColour }: Pick<Context, 'width' | 'hasColour'>) {
	const { createPalette } = await import('../terminal/colour.ts');
	const { bold, dim, cyan } = createPalette(hasColour);
	return { width, paint: { bold, dim, code: cyan, command: cyan }, isPlain: !hasColour };
}
