/** The scripts and their golden transcripts, as they lie beside this file. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseScript, type Script } from './script.ts';

const folderOf = (name: string) => path.join(import.meta.dirname, name);
const ending = '.http';

/** Names of all that were recorded. */
export function listGolden(): string[] {
	return listNames('golden');
}

function listNames(folder: string): string[] {
	return readdirSync(folderOf(folder))
		.map((file) => file.slice(0, -ending.length))
		.sort();
}

/** Those whose name begins with one of `prefixes`; all without any. */
export function loadScripts(prefixes: readonly string[] = []): Script[] {
	return listNames('scripts')
		.filter((name) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)))
		.map((name) => parseScript(name, readFileSync(path.join(folderOf('scripts'), name + ending), 'utf8')));
}

/** Null: never recorded. */
export function readGolden(name: string): string | null {
	const file = path.join(folderOf('golden'), name + ending);
	return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

export function writeGolden(name: string, transcript: string): void {
	mkdirSync(folderOf('golden'), { recursive: true });
	writeFileSync(path.join(folderOf('golden'), name + ending), transcript);
}
