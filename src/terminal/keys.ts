/** What somebody types: single keys on a terminal, lines where keys cannot be had one by one. */

export interface Keys {
	/** Lets others read. */
	pause(): void;
	resume(): void;
	close(): void;
}

/**
 * `onKey` is handed one character at a time, and words that were pasted as a whole. Ctrl-C and Ctrl-Z do what they do
 * everywhere, for this program and for whatever started it in the same job; Ctrl-D is told as `\u0004`.
 */
export function openKeys(stream: NodeJS.ReadStream, onKey: (key: string) => void): Keys {
	function read(chunk: Buffer): void {
		const text = chunk.toString('utf8');
		// Arrows and their like come as one sequence, and none of them means anything here.
		if (text.startsWith('\u001b') && text.length > 1) return;
		// Nobody types so fast. A command that was meant for another window must not press its letters one by one.
		const isPasted = /\S\s+\S/.test(text) && !/[\u0003\u0004\u001a]/.test(text);
		for (const key of isPasted ? [text] : text) {
			if (key === '\u0003') process.kill(process.pid, 'SIGINT');
			else if (key === '\u001a') process.kill(0, 'SIGTSTP');
			else onKey(key);
		}
	}

	function resume(): void {
		stream.setRawMode(true);
		stream.on('data', read);
		stream.resume();
	}

	function pause(): void {
		stream.off('data', read);
		stream.setRawMode(false);
		stream.pause();
	}

	resume();
	return { pause, resume, close: pause };
}

/** `onLine` is handed null when there will be no more. */
export function openLines(stream: NodeJS.ReadableStream, onLine: (line: string | null) => void): Keys {
	let rest = '';

	function read(chunk: Buffer | string): void {
		const lines = (rest + chunk.toString()).split(/\r?\n/);
		rest = lines.pop() ?? '';
		for (const line of lines) onLine(line);
	}

	function end(): void {
		if (rest !== '') onLine(rest);
		onLine(null);
	}

	function resume(): void {
		stream.on('data', read);
		stream.on('end', end);
		stream.resume();
	}

	function pause(): void {
		stream.off('data', read);
		stream.off('end', end);
		stream.pause();
	}

	resume();
	return { pause, resume, close: pause };
}
