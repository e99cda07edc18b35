/** A lesson's parts against the tasks that they are about. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab, LabIssue } from '../model/lab.ts';
import { suggest } from './describe-issues.ts';

export async function lintLesson(folder: string, lab: Pick<Lab, 'tasks'> | null): Promise<LabIssue[]> {
	const file = join(folder, 'lesson.md');
	const text = await readFile(file, 'utf8').catch(() => null);
	if (text === null) return [{ file, line: 1, column: 1, message: 'a lab needs a lesson.md' }];
	const lines = text.split('\n');
	const issues: LabIssue[] = [];
	const say = (index: number, message: string) => issues.push({ file, line: index + 1, column: 1, message });
	const parts: string[] = [];
	let fence: { mark: string; line: number } | null = null;
	for (const [index, line] of lines.entries()) {
		const mark = /^(`{3,}|~{3,})/.exec(line)?.[1];
		if (mark !== undefined && fence === null) fence = { mark, line: index };
		else if (fence !== null && line.trim() === fence.mark) fence = null;
		if (fence !== null || !/^<!--\s*part\b/.test(line)) continue;
		const id = /^<!-- part: (\S+) -->$/.exec(line)?.[1];
		if (id === undefined) say(index, 'a part begins with exactly <!-- part: ID -->');
		else if (parts.includes(id)) say(index, `two parts are called ${id}`);
		if (id !== undefined) parts.push(id);
		const next = lines.slice(index + 1).find((each) => each.trim() !== '');
		if (!next?.startsWith('## ')) say(index, 'a part begins with a heading of the second level');
	}
	if (fence !== null) say(fence.line, 'this block of code is never closed');
	for (const { id } of lab?.tasks ?? []) {
		if (!parts.includes(id)) say(0, `no part is about the task ${id}${suggest(id, parts)}`);
	}
	return issues;
}
