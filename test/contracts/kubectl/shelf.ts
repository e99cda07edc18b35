/** The scripts and their golden transcripts, as they lie beside this file. */

import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseScript, type Script } from './script.ts';

const scripts = path.join(import.meta.dirname, 'scripts');
const golden = path.join(import.meta.dirname, 'golden');
const ending = '.console';

/** Those whose name begins with one of `prefixes`; all without any. */
export function loadScripts(prefixes: readonly string[] = []): Script[] {
	return listNames(scripts)
		.filter((name) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)))
		.map((name) => parseScript(name, readFileSync(path.join(scripts, name + ending), 'utf8')));
}

/** Null: never recorded. */
export async function readGolden(name: string): Promise<string | null> {
	return readFile(path.join(golden, name + ending), 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return null;
		throw error;
	});
}

export async function writeGolden(name: string, transcript: string): Promise<void> {
	const file = path.join(golden, name + ending);
	await mkdir(path.dirname(file), { recursive: true });
	await writeFile(file, transcript);
}

/** Names of all that were recorded. */
export function listGolden(): string[] {
	return listNames(golden);
}

function listNames(folder: string): string[] {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));
	return files.map((file) => file.slice(0, -ending.length)).sort();
}
