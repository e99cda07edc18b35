/** Makes sandboxes, a few at a time, and hands out addresses as the CNI plugin of a kind node does. */

import type { TimerClock } from '../timers.ts';

/** How many are made at the same time. */
const width = 4;
/** 10.244.0.1 is the bridge's. */
const firstHost = 2;
const hosts = 252;

/** `making`: milliseconds that a sandbox takes. `listTaken`: the addresses of the Pods of the node. */
export function createSandboxes(
	clock: TimerClock,
	making: number,
	listTaken: () => Iterable<string>,
): () => Promise<string> {
	const waiting: (() => void)[] = [];
	let underWay = 0;
	let next = 0;

	function makeNext(): void {
		const resolve = waiting.shift();
		if (resolve === undefined) return;
		underWay += 1;
		clock.after(making, () => {
			underWay -= 1;
			resolve();
			makeNext();
		});
	}

	function takeAddress(): string {
		const taken = new Set(listTaken());
		for (let tries = 1; ; tries++) {
			const ip = `10.244.0.${firstHost + (next++ % hosts)}`;
			if (tries > hosts || !taken.has(ip)) return ip;
		}
	}

	return async () => {
		await new Promise<void>((resolve) => {
			waiting.push(resolve);
			if (underWay < width) makeNext();
		});
		return takeAddress();
	};
}
