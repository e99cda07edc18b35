/** A password of one run of tests, known again in every form in which it could have got out. */

import { randomBytes } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import path from 'node:path';

/** Env variable that holds it. */
export const canaryVariable = 'TEST_CANARY';

/** The password to give a registry in tests; the runner's, so that it finds it wherever it does not belong. */
export const canary = process.env[canaryVariable] ?? makeCanary();

/** Letters and digits only, so that JSON, URLs and shells write it as it is. */
export function makeCanary(): string {
	return `canary${randomBytes(10).toString('hex')}`;
}

export interface Leak {
	/** A file, a stream, or a process. */
	where: string;
	what: string;
}

/** Words to look for; more may become known on the way. */
export class Wanted {
	readonly #forms = new Map<string, string>();
	readonly #words = new Set<string>();

	constructor(...words: string[]) {
		for (const word of words) this.add(word);
	}

	get size(): number {
		return this.#words.size;
	}

	add(word: string): void {
		if (this.#words.has(word)) return;
		this.#words.add(word);
		this.#forms.set(word, 'a password');
		for (const once of encode(word)) {
			this.#forms.set(once, 'a password in base64');
			for (const twice of encode(once)) this.#forms.set(twice, 'a password in base64 of base64');
		}
	}

	/** What of it is in there; null: nothing. */
	find(bytes: Buffer): string | null {
		for (const [form, name] of this.#forms) if (bytes.includes(form)) return name;
		return null;
	}
}

/** What is the same in base64 whatever stands before and after the text: one form for each place in a group of three bytes. */
function encode(text: string): string[] {
	return [0, 1, 2].map((before) => {
		const encoded = Buffer.from(`${'\0'.repeat(before)}${text}`).toString('base64');
		return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6));
	});
}

/** The only files that may hold a password, drafts of them included, and only where nobody else can read them. */
const holder = /^(credentials\.json|journal\.jsonl)(\.\w+)?$/;

/** What is wrong with a file's holding a password; null: it does not, or may. */
function judgeFile(file: string, bytes: Buffer, mode: number, wanted: Wanted): string | null {
	const what = wanted.find(bytes);
	if (what === null) return null;
	if (!holder.test(path.basename(file))) return what;
	return (mode & 0o077) === 0 ? null : `${what}, and others may read it (mode ${(mode & 0o777).toString(8)})`;
}

/** How the folder of a run begins. */
export const runFolder = 'kubeproctor-tests-';

export interface FoundFile {
	file: string;
	stats: Stats;
}

/** Every regular file below a folder. What disappears meanwhile is left out. */
export function* listFiles(folder: string): Generator<FoundFile> {
	for (const entry of attempt(() => readdirSync(folder, { withFileTypes: true })) ?? ([] as Dirent[])) {
		const file = path.join(folder, entry.name);
		// A run within a run has a password of its own, and looks for it itself.
		if (entry.isDirectory() && !entry.name.startsWith(runFolder)) yield* listFiles(file);
		if (!entry.isFile()) continue;
		const stats = attempt(() => lstatSync(file));
		if (stats !== null) yield { file, stats };
	}
}

export function searchFile({ file, stats }: FoundFile, wanted: Wanted): Leak[] {
	const bytes = attempt(() => readFileSync(file));
	const what = bytes === null ? null : judgeFile(file, bytes, stats.mode, wanted);
	return what === null ? [] : [{ where: file, what }];
}

/** Null: it is not there any more, or not for us to read. */
export function attempt<T>(read: () => T): T | null {
	try {
		return read();
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'ESRCH') return null;
		throw error;
	}
}
