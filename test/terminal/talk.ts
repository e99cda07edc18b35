/** A conversation on a terminal: each text is waited for in turn, and answered with keys. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { runOnTerminal, type Screen } from './pty.ts';

export type Turn = [awaited: string, keys: string];

/** Ends when the command does; the last turn should see to that. */
export function talk(command: string, columns: number, turns: readonly Turn[]): Promise<Screen> {
	const rest = [...turns];
	let read = 0;
	return runOnTerminal(command, columns, (raw) => {
		const [awaited = '', keys = ''] = rest[0] ?? [];
		const text = withoutControls(raw);
		const place = rest.length === 0 ? -1 : text.indexOf(awaited, read);
		if (place < 0) return null;
		rest.shift();
		read = place + awaited.length;
		return keys;
	});
}

export function withoutControls(raw: string): string {
	return raw.replaceAll(/\u0007|\u001b(\[[?>=\d;]*[A-Za-z]|[=>]|\][^\u0007]*\u0007|[()][A-Z0-9])/g, '');
}

/** Absolute path of a program; undefined: it is not on PATH. */
export function findProgram(name: string): string | undefined {
	return (process.env['PATH'] ?? '')
		.split(path.delimiter)
		.map((folder) => path.join(folder, name))
		.find((file) => existsSync(file));
}
