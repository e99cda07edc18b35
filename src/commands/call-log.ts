/** `--verbose` and `--log-file`: each program that is run and each request that is sent, as a line. */

import { fchmodSync, fstatSync, openSync, writeSync } from 'node:fs';
import { describeError, LabError } from '../model/error.ts';

export interface CallLogOptions {
	/** Told of each line; undefined: nobody wants them now. */
	say: ((line: string) => void) | undefined;
	/** Undefined: they are not kept. */
	file: string | undefined;
}

/** Throws LabError where the file cannot be written. */
export async function logCalls({ say, file }: CallLogOptions): Promise<void> {
	const { listenToCalls } = await import('../trace.ts');
	const keep = file === undefined ? () => {} : openLogFile(file);
	listenToCalls({
		begin() {},
		end({ text }, outcome, milliseconds) {
			const line = `${text}  ${outcome}  ${milliseconds.toFixed(0)} ms`;
			say?.(line);
			keep(`${new Date().toISOString()} ${line}\n`);
		},
	});
}

/** For this account's eyes, also where it was there before; written at once, so that no end is too sudden for it. */
function openLogFile(file: string): (text: string) => void {
	try {
		const log = openSync(file, 'a', 0o600);
		if (fstatSync(log).isFile()) fchmodSync(log, 0o600);
		return (text) => void writeSync(log, text);
	} catch (error) {
		throw new LabError(
			{
				code: 'file-not-written',
				message: `The log could not be written to ${file}: ${describeError(error)}`,
				remedy: 'Name a file in a folder that exists and has room.',
			},
			{ cause: error },
		);
	}
}
