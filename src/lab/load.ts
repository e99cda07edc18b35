/** From `labs/<id>/` on disk to a Lab, or to everything that is wrong with it at once. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../model/lab.ts';
import type { Binding } from './build-checks.ts';
import { digestOf } from './digest.ts';
import { openKnownLab } from './known-lab.ts';
import { LabFilesError } from './lab-files-error.ts';
import { findLabFolder, findLabs, type LabsFolder, listLabsFolders } from './shelf.ts';

export interface LabSummary {
	id: string;
	title: string;
	/** How many. */
	tasks: number;
	minutes: number;
}

export interface LoadOptions extends Binding {
	/** Folder with one folder per lab; default: the labs that come with the program, and those of `KUBEPROCTOR_LABS`. */
	labsFolder?: string;
}

/** Throws UsageError for an unknown id, LabFilesError with every mistake for a broken lab. */
export async function loadLab(id: string, options: LoadOptions = {}): Promise<Lab> {
	const folder = await findLabFolder(id, chooseFolders(options.labsFolder));
	return readLab(folder, id, options);
}

/** Every lab there is, as they follow on each other. Throws LabFilesError where one is broken. */
export async function listLabs(labsFolder?: string): Promise<LabSummary[]> {
	const { labs, broken } = await surveyLabs(labsFolder);
	for (const error of broken.values()) throw error;
	return labs;
}

/** Every lab there is that can be read, and what is wrong with each that cannot, by its folder's name. */
export async function surveyLabs(
	labsFolder?: string,
): Promise<{ labs: LabSummary[]; broken: Map<string, LabFilesError> }> {
	const found = await findLabs(chooseFolders(labsFolder));
	const broken = new Map<string, LabFilesError>();
	const labs = await Promise.all(
		[...found].map(([id, folder]) =>
			readLab(folder, id, {}).catch((error: unknown) => {
				if (!(error instanceof LabFilesError)) throw error;
				broken.set(id, error);
				return null;
			}),
		),
	);
	const whole = putInOrder(labs.filter((lab) => lab !== null));
	return {
		labs: whole.map((lab) => ({ id: lab.id, title: lab.title, tasks: lab.tasks.length, minutes: lab.minutes })),
		broken,
	};
}

/** Each right after the one whose next it is; where nobody's, by id. */
function putInOrder(labs: readonly Lab[]): Lab[] {
	const followers = new Set(labs.map(({ next }) => next));
	const ordered = new Set<Lab>();
	// The labs once more, because of those that follow on each other in a circle.
	for (const first of [...labs.filter(({ id }) => !followers.has(id)), ...labs]) {
		let lab: Lab | undefined = first;
		while (lab !== undefined && !ordered.has(lab)) {
			ordered.add(lab);
			const { next }: Lab = lab;
			lab = labs.find(({ id }) => id === next);
		}
	}
	return [...ordered];
}

function chooseFolders(labsFolder: string | undefined): LabsFolder[] {
	return labsFolder === undefined ? listLabsFolders() : [{ path: labsFolder, isBuiltIn: false }];
}

async function readLab(folder: string, id: string, binding: Binding): Promise<Lab> {
	const file = join(folder, 'lab.yaml');
	const text = await readFile(file, 'utf8');
	const digest = digestOf(text);
	const known = await openKnownLab(id, digest, binding);
	if (known !== null) return { ...known, folder, digest };
	const { inspectLab } = await import('./inspect-lab.ts');
	const { lab, issues } = await inspectLab(file, text, id, binding);
	if (issues.length > 0 || lab === null) throw new LabFilesError(issues);
	return { ...lab, folder, digest };
}
