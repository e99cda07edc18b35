/** What the registry answers to a request. */

import type { Readable } from 'node:stream';

export interface Answer {
	status: number;
	headers?: Record<string, string>;
	/** A stream comes with its `Content-Length` in the headers. */
	body?: string | Buffer | Readable;
}

/** As Go's JSON encoder writes it: with a line break at the end, and with the letters that HTML gives a meaning escaped. */
export function answerJson(status: number, value: object, headers: Record<string, string> = {}): Answer {
	const text = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escapeLetter);
	return { status, headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers }, body: `${text}\n` };
}

export function answerText(status: number, text: string, headers: Record<string, string> = {}): Answer {
	return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body: `${text}\n` };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** In the words of Go's router, which has them for whoever reads only. */
export function answerRedirect(location: string, method: string): Answer {
	const headers = { Location: location };
	if (method !== 'GET' && method !== 'HEAD') return { status: 301, headers };
	const link = location.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
	return {
		status: 301,
		headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' },
		body: `<a href="${link}">Moved Permanently</a>.\n\n`,
	};
}

function escapeLetter(letter: string): string {
	return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
