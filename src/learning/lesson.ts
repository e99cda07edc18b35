/** A lesson in its parts, as the `<!-- part: ID -->` lines of `lesson.md` divide it. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findClosest } from '../model/closest.ts';
import { LabError, UsageError } from '../model/error.ts';
import type { Lab } from '../model/lab.ts';

export interface Lesson {
	/** The heading above the first part. */
	title: string;
	parts: LessonPart[];
}

export interface LessonPart {
	/** A task's id where the part is about a task. */
	id: string;
	/** The part's first heading. */
	title: string;
	markdown: string;
}

/** Throws LabError where the lab has none. */
export async function readLesson(lab: Pick<Lab, 'id' | 'folder'>): Promise<Lesson> {
	const file = join(lab.folder, 'lesson.md');
	try {
		return splitLesson(await readFile(file, 'utf8'));
	} catch (error) {
		throw new LabError(
			{
				code: 'lesson-absent',
				message: `The lab ${lab.id} has no lesson to read: there is no ${file}.`,
				remedy: 'Install kubeproctor anew, or ask whoever wrote the lab.',
			},
			{ cause: error },
		);
	}
}

export function splitLesson(markdown: string): Lesson {
	const [preface = '', ...pieces] = markdown.split(/^<!-- part: (\S+) -->\n/m);
	const parts: LessonPart[] = [];
	for (let index = 0; index < pieces.length; index += 2) {
		const [id = '', text = ''] = pieces.slice(index);
		parts.push({ id, title: findHeading(text) ?? id, markdown: text.trim() });
	}
	return { title: findHeading(preface) ?? '', parts };
}

/** The part of that id or number, or the part about the task of that id. Throws UsageError where there is none. */
export function selectPart({ parts }: Lesson, wanted: string): LessonPart {
	const found = (/^\d+$/.test(wanted) ? parts[Number(wanted) - 1] : undefined) ?? parts.find(({ id }) => id === wanted);
	if (found !== undefined) return found;
	const ids = parts.map(({ id }) => id);
	const closest = findClosest(wanted, ids);
	throw new UsageError(
		`The lesson has no part ${wanted}.`,
		closest === null ? `There are: ${ids.join(', ')}.` : `Did you mean ${closest}?`,
	);
}

/**
 * The part about a task, and before it what leads there from the task before; null: what comes after the last. `tasks`:
 * the ids of all.
 */
export function findPartsFor({ parts }: Lesson, tasks: readonly string[], task: string | null): LessonPart[] {
	const end = task === null ? parts.length : parts.findIndex(({ id }) => id === task) + 1;
	const before = parts
		.slice(0, task === null ? end : Math.max(0, end - 1))
		.findLastIndex(({ id }) => tasks.includes(id));
	return parts.slice(before + 1, end);
}

function findHeading(markdown: string): string | null {
	return /^#+ (.*)$/m.exec(markdown)?.[1]?.trim() ?? null;
}
