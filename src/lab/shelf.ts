/** Where labs are: those that come with the program, and beside them those of one's own. */

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { findClosest } from '../model/closest.ts';
import { UsageError } from '../model/error.ts';
import { labsVariable } from '../model/lab.ts';
import { findPackageFolder } from '../package-root.ts';

/** A folder with one folder per lab. */
export interface LabsFolder {
	path: string;
	isBuiltIn: boolean;
}

/** The labs that come with the program first. Throws UsageError for a folder that is none. */
export function listLabsFolders(env: NodeJS.ProcessEnv = process.env): LabsFolder[] {
	const own = (env[labsVariable] ?? '').split(delimiter).filter((path) => path !== '');
	const paths = [...new Set(own.map((path) => resolve(path)))];
	for (const path of paths) {
		if (!existsSync(path)) throw new UsageError(`There is no folder ${path}, where labs should be.`, remedy);
		if (!existsSync(join(path, 'lab.yaml'))) continue;
		throw new UsageError(
			`${path} is a lab, not a folder of labs.`,
			`Name the folder it is in: --labs ${dirname(path)}`,
		);
	}
	const builtIn = findPackageFolder('labs');
	return [builtIn, ...paths.filter((path) => path !== builtIn)].map((path) => ({ path, isBuiltIn: path === builtIn }));
}

const remedy = `--labs and ${labsVariable} name a folder with one folder per lab.`;

/** Absolute path by id. Throws UsageError where two labs have the same. */
export async function findLabs(folders: readonly LabsFolder[]): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const { path, isBuiltIn } of folders) {
		const entries = await readdir(path, { withFileTypes: true });
		for (const { name } of entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink())) {
			const folder = join(path, name);
			// Beside labs of one's own there may be anything.
			if (!isBuiltIn && !existsSync(join(folder, 'lab.yaml'))) continue;
			const other = found.get(name);
			if (other !== undefined) {
				throw new UsageError(`Two labs are called ${name}: ${other} and ${folder}.`, 'Give yours another name.');
			}
			found.set(name, folder);
		}
	}
	// localeCompare would load the rules of a language, which takes longer than everything else here.
	return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Absolute path of every lab's folder, by id. */
export function listLabFolders(): Promise<Map<string, string>> {
	return findLabs(listLabsFolders());
}

/** Throws UsageError for an unknown id. */
export async function findLabFolder(id: string, folders = listLabsFolders()): Promise<string> {
	const labs = await findLabs(folders);
	const folder = labs.get(id);
	if (folder === undefined) throw describeUnknownLab(id, [...labs.keys()]);
	return folder;
}

function describeUnknownLab(id: string, ids: readonly string[]): UsageError {
	const closest = findClosest(id, ids);
	const there = closest === null ? `There are: ${ids.join(', ') || 'none'}.` : `Did you mean ${closest}?`;
	return new UsageError(`There is no lab ${id}.`, `${there}\nA lab of your own needs --labs DIR.`);
}

/** The labs that `paths` are or hold; without any, all there are. `known`: the ids that a lab may name as its next. */
export async function findLabFolders(paths: readonly string[]): Promise<{ labs: string[]; known: string[] }> {
	const shelf = await listLabFolders();
	if (paths.length === 0) return { labs: [...shelf.values()], known: [...shelf.keys()] };
	const labs: string[] = [];
	const known = new Set(shelf.keys());
	for (const path of paths.map((each) => resolve(each))) {
		if (!existsSync(path)) throw new UsageError(`There is no folder ${path}.`);
		const isLab = existsSync(join(path, 'lab.yaml'));
		const inner = await findLabs([{ path: isLab ? dirname(path) : path, isBuiltIn: false }]);
		for (const id of inner.keys()) known.add(id);
		labs.push(...(isLab ? [path] : inner.values()));
	}
	return { labs: [...new Set(labs)], known: [...known] };
}
