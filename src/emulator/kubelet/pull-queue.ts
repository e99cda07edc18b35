/** One pull after the other (`serializeImagePulls`), five a second at most after the first ten (`registryPullQPS`). */

import type { TimerClock } from '../timers.ts';
import { PullError } from './image-manifest.ts';
import type { TrackedCredentials } from './pull-secrets.ts';
import type { PulledImage, Puller } from './puller.ts';

export interface Pulled {
	image: PulledImage;
	/** Null: anonymous. */
	used: TrackedCredentials | null;
	/** Milliseconds, without waiting for other pulls. */
	took: number;
}

export interface PullQueue {
	/** Every set of credentials in turn; anonymously only if there is none. Throws PullError. */
	pull(image: string, credentials: readonly TrackedCredentials[]): Promise<Pulled>;
}

const perSecond = 5;
const burst = 10;

export function createPullQueue(puller: Puller, clock: TimerClock): PullQueue {
	let last: Promise<unknown> = Promise.resolve();
	let tokens = burst;
	let refilledAt = clock.now().getTime();

	function takeToken(): boolean {
		const now = clock.now().getTime();
		tokens = Math.min(burst, tokens + ((now - refilledAt) / 1000) * perSecond);
		refilledAt = now;
		if (tokens < 1) return false;
		tokens -= 1;
		return true;
	}

	async function pullOnce(image: string, credentials: TrackedCredentials | null): Promise<PulledImage> {
		if (!takeToken()) throw new PullError('pull QPS exceeded');
		return puller.pull(image, credentials);
	}

	async function pullWith(image: string, credentials: readonly TrackedCredentials[]): Promise<Pulled> {
		const startedAt = clock.now().getTime();
		const messages = new Set<string>();
		for (const used of credentials.length > 0 ? credentials : [null]) {
			try {
				const pulled = await pullOnce(image, used);
				return { image: pulled, used, took: clock.now().getTime() - startedAt };
			} catch (error) {
				if (!(error instanceof PullError)) throw error;
				messages.add(error.message);
			}
		}
		const [only = '', ...more] = messages;
		throw new PullError(more.length === 0 ? only : `[${[only, ...more].join(', ')}]`);
	}

	return {
		pull(image, credentials) {
			const turn = last.then(() => pullWith(image, credentials));
			last = turn.catch(() => undefined);
			return turn;
		},
	};
}
