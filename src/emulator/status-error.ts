/** An answer of the API server that is an error: `metav1.Status`, thrown. */

export interface StatusCause {
	reason: string;
	message: string;
	field?: string;
}

export interface StatusDetails {
	name?: string;
	group?: string;
	kind?: string;
	uid?: string;
	causes?: StatusCause[];
	retryAfterSeconds?: number;
}

export class StatusError extends Error {
	override readonly name = 'StatusError';
	readonly code: number;
	/** e.g. `NotFound` */
	readonly reason: string;
	readonly details: StatusDetails | undefined;
	/** Where a list that has expired can go on. */
	readonly continue: string | undefined;

	constructor(code: number, reason: string, message: string, details?: StatusDetails, next?: string) {
		super(message);
		this.code = code;
		this.reason = reason;
		this.details = details;
		this.continue = next;
	}
}
