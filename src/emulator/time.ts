/** Times as `metav1.Time` writes them: whole seconds, UTC. */

export function formatTime(date: Date): string {
	return `${date.toISOString().slice(0, 19)}Z`;
}

/** `metav1.MicroTime`. */
export function formatMicroTime(date: Date): string {
	return `${date.toISOString().slice(0, 23)}000Z`;
}
