/** How often, and after how long, something that failed in passing is tried again. */

import type { Clock } from '../model/clock.ts';
import { codeOf, RegistryAnswerError } from './registry-error.ts';
import type { HttpAnswer } from './transport.ts';

export interface Patience {
	/** Waits, longer each time, then true; false at once where there is none left. */
	wait(retryAfter?: number | null): Promise<boolean>;
	/** Something moved: begin again with the shortest wait. */
	renew(): void;
}

/** 0.2, 0.4, 0.8, 1.6 s. */
const waits = [200, 400, 800, 1_600];

/** What a registry asks for beyond that is not waited for: a person who looks on is told instead. */
const longestWait = 30_000;

export function createPatience(clock: Clock, signal?: AbortSignal): Patience {
	let tries = 0;
	return {
		async wait(retryAfter = null) {
			const shortest = waits[tries++];
			if (shortest === undefined || (retryAfter ?? 0) > longestWait) return false;
			await clock.sleep(Math.max(shortest, retryAfter ?? 0), signal);
			return true;
		},
		renew() {
			tries = 0;
		},
	};
}

/** Whether the same request may well succeed a moment later. */
export function isTransientAnswer({ status }: HttpAnswer): boolean {
	return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

const transientCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

/** The same of what was thrown instead of an answer. */
export function isTransientError(thrown: unknown): boolean {
	if (thrown instanceof RegistryAnswerError) return isTransientAnswer(thrown.answer);
	const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
	return transientCodes.has(codeOf(cause));
}

/** `Retry-After` in milliseconds, given as seconds or as a date. */
export function readRetryAfter(answer: HttpAnswer, clock: Clock): number | null {
	const given = answer.headers['retry-after'];
	if (given === undefined) return null;
	if (/^\d+$/.test(given)) return Number(given) * 1_000;
	const date = Date.parse(given);
	return Number.isNaN(date) ? null : Math.max(0, date - clock.now().getTime());
}
