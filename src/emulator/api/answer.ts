/** Answers, and how they are written: JSON with gzip where it pays, Status for errors, or a stream. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { StatusError } from '../status-error.ts';
import { AccessError } from './authorization.ts';

export interface TextAnswer {
	code: number;
	body: string | Uint8Array;
	/** Without one, where there is no body. */
	contentType?: string;
	headers?: Record<string, string>;
	/** Whether it is compressed for whoever takes that; where nothing is said, its size decides. */
	isGzipped?: boolean;
}

export interface StreamAnswer {
	/** Takes the response over. */
	stream(response: ServerResponse, request: IncomingMessage): void;
}

export type Answer = TextAnswer | StreamAnswer;

export function answerJson(code: number, value: unknown, headers?: Record<string, string>): TextAnswer {
	return answerEncoded(code, JSON.stringify(value), headers);
}

export function answerEncoded(code: number, body: string, headers?: Record<string, string>): TextAnswer {
	// Go's encoder ends whatever it writes with a newline.
	return { code, body: `${body}\n`, contentType: 'application/json', ...(headers && { headers }) };
}

/** As Go's http.Error says it. */
export const noSniffing = { 'X-Content-Type-Options': 'nosniff' };

/** 204 and 304. */
export function answerNothing(code: number, headers?: Record<string, string>): TextAnswer {
	return { code, body: '', ...(headers && { headers }) };
}

export function answerText(code: number, body: string, headers?: Record<string, string>): TextAnswer {
	return { code, body, contentType: 'text/plain; charset=utf-8', ...(headers && { headers }) };
}

export function answerError(error: StatusError): TextAnswer {
	const { retryAfterSeconds } = error.details ?? {};
	return answerJson(error.code, formatStatus(error), {
		...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
		...(error instanceof AccessError && noSniffing),
	});
}

export function formatStatus(error: StatusError): object {
	return {
		kind: 'Status',
		apiVersion: 'v1',
		metadata: error.continue === undefined ? {} : { continue: error.continue },
		status: 'Failure',
		message: error.message,
		...(error.reason !== '' && { reason: error.reason }),
		...(error.details && { details: error.details }),
		code: error.code,
	};
}

/** Smaller answers are not worth the work; the real server draws the line here too. */
const gzipFrom = 128 * 1024;

export function writeAnswer(
	request: IncomingMessage,
	response: ServerResponse,
	answer: TextAnswer,
	warnings: string[],
) {
	for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
	if (warnings.length > 0) response.setHeader('Warning', warnings.map(formatWarning));
	if (answer.contentType !== undefined) response.setHeader('Content-Type', answer.contentType);
	if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-cache, private');
	let body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
	const isGzipped = answer.isGzipped ?? body.length >= gzipFrom;
	if (isGzipped && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
		body = gzipSync(body, { level: 1 });
		response.setHeader('Content-Encoding', 'gzip');
		if (answer.isGzipped === undefined) response.setHeader('Vary', 'Accept-Encoding');
	}
	if (answer.contentType !== undefined) response.setHeader('Content-Length', body.length);
	response.writeHead(answer.code);
	response.end(request.method === 'HEAD' ? undefined : body);
}

/** RFC 7234, 5.5, as apimachinery writes it. */
function formatWarning(text: string): string {
	const printable = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').replace(/[\\"]/g, '\\$&');
	return `299 - "${Buffer.from(printable).toString('latin1')}"`;
}
