/** A file of lines that are only ever appended, each with a checksum: what a journal is kept in. */

import {
	closeSync,
	existsSync,
	fsyncSync,
	ftruncateSync,
	openSync,
	readFileSync,
	renameSync,
	statSync,
	truncateSync,
	writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { LabError } from '../../model/error.ts';

export interface LineFile {
	/** An entry is in the hands of the operating system when this returns: it outlives this process, whatever ends it. */
	append(entry: unknown): void;
	close(): void;
}

export interface KeptLines {
	entries: unknown[];
	/** Bytes up to the end of the last whole line. */
	length: number;
}

/**
 * Null: there is no such file. Throws LabError where it is damaged anywhere but at its very end, where a write may have
 * been cut short.
 */
export function readLineFile(path: string): KeptLines | null {
	if (!existsSync(path)) return null;
	const content = readFileSync(path);
	const length = content.lastIndexOf('\n') + 1;
	const lines = content.subarray(0, length).toString().split('\n').slice(0, -1);
	const entries = lines.map((line, index) => {
		const text = line.slice(9);
		if (line.slice(0, 9) !== `${checksum(text)} `) throw damagedLine(path, index + 1);
		return JSON.parse(text) as unknown;
	});
	return { entries, length };
}

/** What was read from it stays, and a half line behind that goes. */
export function openLineFile(path: string, kept: KeptLines | null): LineFile {
	if (kept !== null) truncateSync(path, kept.length);
	return openToAppend(path);
}

/** Made aside and put in place whole. */
export function replaceLineFile(path: string, entries: readonly unknown[]): LineFile {
	const aside = `${path}.new`;
	const file = openSync(aside, 'w', 0o600);
	writeAll(file, Buffer.from(entries.map(formatLine).join('')));
	fsyncSync(file);
	closeSync(file);
	renameSync(aside, path);
	return openToAppend(path);
}

/** `line`: from 1. */
export function damagedLine(path: string, line: number): LabError {
	return new LabError({
		code: 'journal-damaged',
		message: `Line ${line} of the embedded cluster's journal is damaged: ${path}.`,
		remedy: 'Remove the environment with kubeproctor down and make it again with kubeproctor up.',
	});
}

function openToAppend(path: string): LineFile {
	const file = openSync(path, 'a', 0o600);
	let length = statSync(path).size;
	return {
		append(entry) {
			const line = Buffer.from(formatLine(entry));
			try {
				writeAll(file, line);
			} catch (cause) {
				// Half a line must not be followed by another.
				ftruncateSync(file, length);
				throw cause;
			}
			length += line.length;
		},
		close: () => closeSync(file),
	};
}

function writeAll(file: number, bytes: Buffer): void {
	for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function formatLine(entry: unknown): string {
	const text = JSON.stringify(entry);
	return `${checksum(text)} ${text}\n`;
}

function checksum(text: string): string {
	return crc32(text).toString(16).padStart(8, '0');
}
