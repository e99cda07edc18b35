/** What the state of a Pod without credentials says about the node it is on. */

import { causeOfWaiting, isDeniedForWantOfCredentials } from './cause.ts';

/** `refused`: for want of credentials. `pending`: not tried yet. `broken`: refused, but for another cause. */
export type ControlResult = 'refused' | 'runs' | 'pending' | 'broken';

/** `hasImage`: the node got the image for it, whatever became of the container. */
export function judgeControl(waiting: { reason: string; message: string } | null, hasImage: boolean): ControlResult {
	const cause = causeOfWaiting(waiting);
	if (cause === null) return hasImage ? 'runs' : 'pending';
	// The node's own limit says nothing about the registry; it tries again.
	if (cause === 'throttled') return 'pending';
	return isDeniedForWantOfCredentials(cause) ? 'refused' : 'broken';
}

/** Before 1.35 any Pod may use an image that its node has, unless it asks the registry each time (KEP-2535). */
export function mayUseCache(policy: 'Always' | 'IfNotPresent', kubernetesVersion: string): boolean {
	const [major = 0, minor = 0] = kubernetesVersion.split('.').map(Number);
	return policy === 'IfNotPresent' && major === 1 && minor < 35;
}
