/** From `labs/<id>/` on disk to a Lab, or to everything that is wrong with it at once. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findClosest } from '../model/closest.ts';
import { UsageError } from '../model/error.ts';
import type { Lab, LabIssue } from '../model/lab.ts';
import { findPackageFolder } from '../package-root.ts';
import { parseOwn } from '../yaml.ts';
import { type Binding, buildLab } from './build.ts';
import { LabFilesError } from './lab-files-error.ts';

export interface LabSummary {
	id: string;
	title: string;
	/** How many. */
	tasks: number;
	minutes: number;
}

export interface LoadOptions extends Binding {
	/** Folder with one folder per lab; default: the labs that come with the program. */
	labsFolder?: string;
}

/** Throws UsageError for an unknown id, LabFilesError with every mistake for a broken lab. */
export async function loadLab(id: string, options: LoadOptions = {}): Promise<Lab> {
	const labsFolder = options.labsFolder ?? findPackageFolder('labs');
	const folder = join(labsFolder, id);
	const file = join(folder, 'lab.yaml');
	let text: string;
	try {
		if (id !== '' && !/^[a-z0-9-]+$/.test(id)) throw new Error('no such folder');
		text = await readFile(file, 'utf8');
	} catch {
		throw await describeUnknownLab(id, labsFolder);
	}
	const document = parseOwn(text);
	const built = buildLab(document.data, options);
	const issues: LabIssue[] = [
		...document.issues.map((issue) => ({ file, ...issue })),
		...(document.data === undefined ? [] : built.issues).map(({ path, message }) => ({
			file,
			...document.positionOf(path),
			message,
		})),
	];
	if (built.lab !== null && built.lab.id !== id) {
		const at = document.positionOf(['metadata', 'name']);
		issues.push({ file, ...at, message: `the lab's name is ${built.lab.id}, its folder ${id}: they must be the same` });
	}
	if (issues.length > 0 || built.lab === null) throw new LabFilesError(issues);
	return { ...built.lab, folder, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}

/** Every lab of the folder, by id. */
export async function listLabs(labsFolder = findPackageFolder('labs')): Promise<LabSummary[]> {
	const labs = await Promise.all((await listLabIds(labsFolder)).map((id) => loadLab(id, { labsFolder })));
	return labs.map((lab) => ({ id: lab.id, title: lab.title, tasks: lab.tasks.length, minutes: lab.minutes }));
}

async function listLabIds(labsFolder: string): Promise<string[]> {
	const entries = await readdir(labsFolder, { withFileTypes: true }).catch(() => []);
	return entries
		.filter((entry) => entry.isDirectory())
		.map((entry) => entry.name)
		.sort();
}

async function describeUnknownLab(id: string, labsFolder: string): Promise<UsageError> {
	const ids = await listLabIds(labsFolder);
	const closest = findClosest(id, ids);
	return new UsageError(
		`There is no lab ${id}.`,
		closest === null ? `There are: ${ids.join(', ') || `none in ${labsFolder}`}.` : `Did you mean ${closest}?`,
	);
}
