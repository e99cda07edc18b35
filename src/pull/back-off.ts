/** How long the kubelet may wait before it tries a failed pull again. */

/** Seconds: 10 doubling to 300, per Pod and image, without jitter (pkg/kubelet, flowcontrol.NewBackOff). */
const longestBackOff = 300;
/** Seconds: a failed sync is repeated after 10 to 15. */
const longestSync = 15;

/** `5 min 15 s` at most for a pull, 15 s for an image that the node already holds. */
export function longestRetryWait(isCached: boolean): string {
	if (isCached) return `${longestSync} s`;
	const seconds = longestBackOff + longestSync;
	return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
