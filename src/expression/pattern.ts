/** Regular expressions that take linear time, as RE2 reads them, and within a size. */

import { RE2JS } from 're2js';

export interface Pattern {
	/** Of its program, in instructions. */
	size: number;
	/** Whether it is found anywhere in the text. */
	isFoundIn(text: string): boolean;
}

/** Characters, and instructions of what it is compiled to. */
const limits = { length: 256, size: 1000 };

/** Throws an error that says what is wrong with it. */
export function compilePattern(source: string): Pattern {
	if (source.length > limits.length) throw new Error(`the pattern is longer than ${limits.length} characters`);
	let compiled: RE2JS;
	try {
		compiled = RE2JS.compile(source);
	} catch (error) {
		throw new Error(
			`the pattern is not one of RE2: ${(error as Error).message.replace(/^error parsing regexp: /, '')}`,
		);
	}
	const size = compiled.programSize();
	if (size > limits.size) throw new Error('the pattern repeats too much: it is too large once it is compiled');
	return { size, isFoundIn: (text) => compiled.matcher(text).find() };
}
