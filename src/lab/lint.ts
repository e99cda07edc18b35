/** Everything that is wrong with a lab's folder, at once: its files, and what they say of each other. */

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Lab, LabIssue } from '../model/lab.ts';
import { parseOwn } from '../yaml.ts';
import { suggest } from './describe-issues.ts';
import { inspectLab } from './inspect-lab.ts';
import { inspectOwn } from './inspect-own.ts';
import { lintLesson } from './lint-lesson.ts';
import { lintManifests } from './lint-manifests.ts';
import { lintMistake } from './lint-mistake.ts';
import { lintNames } from './lint-names.ts';
import { quizSchema } from './quiz-schema.ts';

/** Sorted by file, line and column; empty: nothing is wrong. */
export async function lintLab(folder: string, knownLabs: readonly string[]): Promise<LabIssue[]> {
	const id = basename(folder);
	const file = join(folder, 'lab.yaml');
	const text = await readText(file);
	if (text === null) return [absent(file, 'a lab needs a lab.yaml')];
	const { lab, issues } = await inspectLab(file, text, id);
	const all = [...issues, ...(await lintQuiz(folder, id)), ...(await lintLesson(folder, lab))];
	if (lab === null) all.push(...(await lintManifests(folder, 'setup', null)));
	else {
		all.push(...lintNames(file, parseOwn(text), lab, knownLabs));
		all.push(...(await lintManifests(folder, 'setup', null)), ...(await lintSolutions(folder, lab)));
		all.push(...(await lintMistakes(folder, lab)));
	}
	return all.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}

async function lintQuiz(folder: string, id: string): Promise<LabIssue[]> {
	const file = join(folder, 'quiz.yaml');
	const text = await readText(file);
	if (text === null) return [absent(file, 'a lab needs a quiz.yaml')];
	const { data, issues, positionOf } = inspectOwn(file, text, quizSchema);
	if (data === null) return issues;
	if (data.metadata.name !== id) {
		const at = positionOf(['metadata', 'name']);
		issues.push({ file, ...at, message: `the quiz's name is ${data.metadata.name}, its lab's ${id}` });
	}
	const ids = data.spec.questions.map((question) => question.id);
	for (const [index, question] of ids.entries()) {
		if (ids.indexOf(question) === index) continue;
		const at = positionOf(['spec', 'questions', index, 'id']);
		issues.push({ file, ...at, message: `two questions are called ${question}` });
	}
	return issues;
}

type KnownLab = Pick<Lab, 'tasks' | 'namespaces' | 'registries'>;

async function lintSolutions(folder: string, lab: KnownLab): Promise<LabIssue[]> {
	const ids = lab.tasks.map((task) => task.id);
	const found = await listFolders(join(folder, 'solution'));
	const issues: LabIssue[] = [];
	for (const name of found.filter((each) => !ids.includes(each))) {
		issues.push(absent(join(folder, 'solution', name), `there is no task ${name}${suggest(name, ids)}`));
	}
	for (const task of ids) {
		const path = join(folder, 'solution', task);
		const files = await readdir(path).catch(() => []);
		if (!files.some((each) => /\.ya?ml$/.test(each)))
			issues.push(absent(path, `the task ${task} needs a manifest that solves it`));
		issues.push(...(await lintManifests(folder, join('solution', task), lab)));
	}
	return issues;
}

async function lintMistakes(folder: string, lab: KnownLab): Promise<LabIssue[]> {
	const issues: LabIssue[] = [];
	for (const slug of await listFolders(join(folder, 'mistakes'))) {
		const file = join(folder, 'mistakes', slug, 'mistake.yaml');
		const text = await readText(file);
		if (text === null) issues.push(absent(file, 'a mistake needs a mistake.yaml'));
		else issues.push(...(await lintMistake(file, text, lab)));
		issues.push(...(await lintManifests(folder, join('mistakes', slug), null)));
	}
	return issues;
}

async function listFolders(path: string): Promise<string[]> {
	const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
	return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function readText(file: string): Promise<string | null> {
	return readFile(file, 'utf8').catch(() => null);
}

function absent(file: string, message: string): LabIssue {
	return { file, line: 1, column: 1, message };
}
