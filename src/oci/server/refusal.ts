/** A request that is not granted, in the codes of the distribution spec and the words of registry:2. */

import type { RegistryFault } from '../error-body.ts';
import { type Answer, answerJson } from './answer.ts';

const meanings = {
	UNAUTHORIZED: [401, 'authentication required'],
	DENIED: [403, 'requested access to the resource is denied'],
	TOOMANYREQUESTS: [429, 'too many requests'],
	UNKNOWN: [500, 'unknown error'],
	NAME_UNKNOWN: [404, 'repository name not known to registry'],
	MANIFEST_UNKNOWN: [404, 'manifest unknown'],
	MANIFEST_INVALID: [400, 'manifest invalid'],
	MANIFEST_BLOB_UNKNOWN: [400, 'blob unknown to registry'],
	BLOB_UNKNOWN: [404, 'blob unknown to registry'],
	BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
	BLOB_UPLOAD_INVALID: [400, 'blob upload invalid'],
	DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
	SIZE_INVALID: [400, 'provided length did not match content length'],
	RANGE_INVALID: [416, 'invalid content range'],
	PAGINATION_NUMBER_INVALID: [400, 'invalid number of results requested'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type FaultCode = keyof typeof meanings;

export interface RefusalOptions {
	/** Default: what belongs to the code. */
	status?: number;
	message?: string;
	detail?: unknown;
	headers?: Record<string, string>;
}

/** Thrown by whatever serves a request; becomes its answer. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
	readonly status: number;
	readonly faults: readonly RegistryFault[];
	readonly headers: Record<string, string>;

	constructor(status: number, faults: readonly RegistryFault[], headers: Record<string, string> = {}) {
		super(faults.map(({ code }) => code).join());
		this.status = status;
		this.faults = faults;
		this.headers = headers;
	}
}

export function refuse(code: FaultCode, options: RefusalOptions = {}): Refusal {
	const { status = meanings[code][0], headers } = options;
	return new Refusal(status, [describeFault(code, options)], headers);
}

/** The same fault of several things at once. */
export function refuseEach(code: FaultCode, details: readonly unknown[]): Refusal {
	const faults = details.map((detail) => describeFault(code, { detail }));
	return new Refusal(meanings[code][0], faults);
}

export function answerRefusal({ status, faults, headers }: Refusal): Answer {
	return answerJson(status, { errors: faults }, headers);
}

function describeFault(code: FaultCode, { message, detail }: RefusalOptions): RegistryFault {
	return { code, message: message ?? meanings[code][1], ...(detail !== undefined && { detail }) };
}
