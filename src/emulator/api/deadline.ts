/** How long a request may take: whoever is too slow with its body is told so, and let go. */

import { readDuration } from '../duration.ts';
import { badRequest } from '../operations/errors.ts';
import type { TextAnswer } from './answer.ts';

/** Milliseconds, of the real server (`--request-timeout`). */
const longest = 60_000;

/** Milliseconds. Throws 400. */
export function readTimeout(query: URLSearchParams): number {
	const text = query.get('timeout');
	if (!text) return longest;
	const wanted = readDuration(text);
	if (typeof wanted === 'string') throw badRequest(`invalid timeout specified in the request URL - ${wanted}`);
	return wanted > 0 ? Math.min(wanted, longest) : longest;
}

/** Null: it took longer. */
export async function beforeDeadline<T>(ms: number, work: Promise<T>): Promise<T | null> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<null>((resolve) => {
		timer = setTimeout(() => resolve(null), ms);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

/** As the real server writes it, without the kind, as text, and on a connection that is of no more use. */
export function answerLate(): TextAnswer {
	const message = 'Timeout: request did not complete within the allotted timeout';
	const status = { metadata: {}, status: 'Failure', message, reason: 'Timeout', details: {}, code: 504 };
	const body = `${JSON.stringify(status)}\n`;
	return { code: 504, body, contentType: 'text/plain; charset=utf-8', headers: { Connection: 'close' } };
}
