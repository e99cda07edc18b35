/** What the servers of these tests answer. */

import type { OutgoingHttpHeaders } from 'node:http';

export interface Answer {
	status: number;
	headers?: OutgoingHttpHeaders;
	body?: string | Buffer;
}

/** An error as the distribution spec words it. */
export function refuse(status: number, code: string, headers: OutgoingHttpHeaders = {}): Answer {
	return {
		status,
		headers,
		body: JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }),
	};
}
