/** What went wrong between us and an API server. */

import type { ClusterAccess } from '../model/cluster.ts';
import { LabError } from '../model/error.ts';

/** Of the LabError that says that nothing answers. */
export const unreachableCode = 'cluster-unreachable';

/** The API server answered, with an error. */
export class KubeError extends Error {
	override readonly name = 'KubeError';
	readonly status: number;
	/** `metav1.Status.reason`, e.g. `NotFound`; empty where the answer was no Status. */
	readonly reason: string;

	constructor(method: string, path: string, status: number, body: unknown) {
		const given = isStatus(body) ? body : null;
		super(given?.message ?? `${method} ${path} was answered with ${status}`);
		this.status = status;
		this.reason = given?.reason ?? '';
	}
}

/** Whether the API server said that the thing does not exist. */
export function isNotFound(thrown: unknown): boolean {
	return thrown instanceof KubeError && thrown.status === 404;
}

export function isForbidden(thrown: unknown): boolean {
	return thrown instanceof KubeError && thrown.status === 403;
}

export function isConflict(thrown: unknown): boolean {
	return thrown instanceof KubeError && thrown.status === 409;
}

export function unreachable(server: string, access: ClusterAccess, cause: Error): LabError {
	// Node's word for an answer that has no end.
	const why = cause.message === 'aborted' ? 'the connection broke' : cause.message;
	return new LabError(
		{
			code: unreachableCode,
			message: `The API server of context ${access.context} does not answer at ${server}: ${why || (cause as NodeJS.ErrnoException).code}`,
			remedy: 'kubeproctor up starts what is stopped; kubeproctor status tells what is there.',
		},
		{ cause },
	);
}

export function brokenKubeconfig(path: string, what: string, cause?: unknown): LabError {
	return new LabError(
		{
			code: 'kubeconfig-broken',
			message: `The kubeconfig ${path} cannot be used: ${what}.`,
			remedy: 'Mend the file, or remove it and run kubeproctor up, which makes its own again.',
		},
		{ cause },
	);
}

function isStatus(body: unknown): body is { message?: string; reason?: string } {
	return typeof body === 'object' && body !== null && (body as { kind?: unknown }).kind === 'Status';
}
