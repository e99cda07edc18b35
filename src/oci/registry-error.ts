/** What can go wrong between us and a registry, as errors that a person can act on. No credentials in any of them. */

import { LabError, type Problem } from '../model/error.ts';
import { summarizeBody } from './error-body.ts';
import type { HttpAnswer, HttpRequest } from './transport.ts';

/** Codes of Node for a certificate that cannot be trusted. */
const certificateCodes =
	/^(CERT_|ERR_TLS_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY|DECRYPT)|HOSTNAME_MISMATCH)/;

/** There was an answer, but not the one that was needed. */
export class RegistryAnswerError extends LabError {
	readonly answer: HttpAnswer;

	constructor(problem: Problem, answer: HttpAnswer) {
		super(problem);
		this.answer = answer;
	}
}

/** There was no answer. */
export function noAnswer(url: URL, cause: unknown): LabError {
	const why = describeCause(cause);
	const code = codeOf(cause);
	if (certificateCodes.test(code)) {
		return new LabError(
			{
				code: 'registry-tls',
				message: `The certificate of the registry at ${url.origin} cannot be trusted: ${why}.`,
				remedy:
					'Set NODE_EXTRA_CA_CERTS to a file with the certificate of the authority that signed it, and try again.',
			},
			{ cause },
		);
	}
	if (code === 'EPROTO') {
		return new LabError(
			{
				code: 'registry-tls',
				message: `The registry at ${url.origin} does not speak TLS: ${why}.`,
				remedy: 'Check host and port. Passwords are sent over HTTPS only, except to this machine itself.',
			},
			{ cause },
		);
	}
	return new LabError(
		{
			code: 'registry-unreachable',
			message: `The registry at ${url.origin} does not answer: ${why}.`,
			remedy: 'kubeproctor up starts a registry of its own again; for another one, check its address and the network.',
		},
		{ cause },
	);
}

export function wrongAnswer(request: HttpRequest, answer: HttpAnswer): RegistryAnswerError {
	const { origin, pathname } = request.url;
	const said = summarizeBody(answer.body);
	const message = `The registry at ${origin} answered ${request.method} ${pathname} with ${answer.status}${said && `: ${said}`}.`;
	const [code, remedy] = meanings[answer.status] ?? other;
	return new RegistryAnswerError({ code, message, remedy }, answer);
}

const meanings: Record<number, [code: string, remedy: string]> = {
	401: [
		'registry-unauthorized',
		'Check username and password; kubeproctor credentials shows the ones of its own registry.',
	],
	403: [
		'registry-denied',
		'This account may not do that in this repository: ask whoever runs the registry, or use another account.',
	],
	404: ['registry-absent', 'Check repository and tag.'],
	429: ['registry-busy', 'The registry limits requests: wait, and try again.'],
};

const other: [code: string, remedy: string] = [
	'registry-answer',
	'Look into the log of the registry; kubeproctor up makes one of its own anew.',
];

/** A password would have travelled in the clear. */
export function insecure(url: URL): LabError {
	return new LabError({
		code: 'registry-insecure',
		message: `No credentials are sent to ${url.origin}: the connection is not encrypted.`,
		remedy: 'Name the registry by an https:// address.',
	});
}

/** The bytes are not the ones that the digest promises. */
export function wrongDigest(url: URL, expected: string, actual: string): LabError {
	return new LabError({
		code: 'registry-digest',
		message: `The registry at ${url.origin} has ${actual} where ${expected} was expected.`,
		remedy:
			'Something between here and the registry changes content, or its storage is damaged: make the registry anew.',
	});
}

/** What the registry gave cannot be used. */
export function unreadable(url: URL, what: string): LabError {
	return new LabError({
		code: 'registry-answer',
		message: `The image in the registry at ${url.origin} cannot be used: ${what}.`,
		remedy: 'Push the image again.',
	});
}

/** The registry sends us where nobody can go. */
export function misleading(url: URL, location: string): LabError {
	return new LabError({
		code: 'registry-answer',
		message: `The registry at ${url.origin} names a place that cannot be: ${JSON.stringify(location.slice(0, 100))}.`,
		remedy: 'Check what answers there: a proxy may have changed it.',
	});
}

/** Node's words for it. */
export function describeCause(cause: unknown): string {
	if (cause instanceof AggregateError) return cause.errors.map(describeCause).join('; ');
	const message = cause instanceof Error ? cause.message.split('\n', 1).join('') : String(cause);
	return message || codeOf(cause);
}

export function codeOf(cause: unknown): string {
	return String((cause as NodeJS.ErrnoException | null)?.code ?? '');
}
