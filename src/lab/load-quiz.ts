/** The quiz of a lab, from its `quiz.yaml`. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../model/error.ts';
import type { Lab } from '../model/lab.ts';
import { inspectOwn } from './inspect-own.ts';
import { LabFilesError } from './lab-files-error.ts';
import { type QuizFile, quizSchema } from './quiz-schema.ts';

/** Throws LabError where there is none, LabFilesError where it is broken. */
export async function loadQuiz({ id, folder }: Pick<Lab, 'id' | 'folder'>): Promise<QuizFile> {
	const file = join(folder, 'quiz.yaml');
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new LabError(
			{
				code: 'quiz-absent',
				message: `The lab ${id} has no quiz to take: there is no ${file}.`,
				remedy: 'Install kubeproctor anew, or ask whoever wrote the lab.',
			},
			{ cause: error },
		);
	}
	const { data, issues } = inspectOwn(file, text, quizSchema);
	if (data === null || issues.length > 0) throw new LabFilesError(issues);
	return data;
}
