/** Scripts and their golden transcripts, as they lie in the folder of a contract. */

import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface Shelf<Script> {
	/** Those whose name begins with one of `prefixes`; all without any. */
	loadScripts(prefixes?: readonly string[]): Script[];
	/** Null: never recorded. */
	readGolden(name: string): Promise<string | null>;
	writeGolden(name: string, transcript: string): Promise<void>;
	/** Names of all that were recorded. */
	listGolden(): string[];
}

/** `ending`: of the names of all files, `.console`. */
export function openShelf<Script>(
	folder: string,
	ending: string,
	parseScript: (name: string, source: string) => Script,
): Shelf<Script> {
	const scripts = path.join(folder, 'scripts');
	const golden = path.join(folder, 'golden');

	function listNames(of: string): string[] {
		const files = readdirSync(of, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));
		return files.map((file) => file.slice(0, -ending.length)).sort();
	}

	return {
		loadScripts: (prefixes = []) =>
			listNames(scripts)
				.filter((name) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)))
				.map((name) => parseScript(name, readFileSync(path.join(scripts, name + ending), 'utf8'))),
		readGolden: (name) =>
			readFile(path.join(golden, name + ending), 'utf8').catch((error: NodeJS.ErrnoException) => {
				if (error.code === 'ENOENT') return null;
				throw error;
			}),
		async writeGolden(name, transcript) {
			const file = path.join(golden, name + ending);
			await mkdir(path.dirname(file), { recursive: true });
			await writeFile(file, transcript);
		},
		listGolden: () => listNames(golden),
	};
}
