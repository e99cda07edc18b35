/** Durations as Go writes them. */

/** Whole milliseconds: `55ms`, `1.5s`, `1m2.003s`, `5m0s`. */
export function formatDuration(milliseconds: number): string {
	const whole = Math.max(0, Math.trunc(milliseconds));
	if (whole === 0) return '0s';
	if (whole < 1000) return `${whole}ms`;
	const hours = Math.floor(whole / 3_600_000);
	const minutes = Math.floor((whole % 3_600_000) / 60_000);
	const seconds = `${(whole % 60_000) / 1000}s`;
	if (hours > 0) return `${hours}h${minutes}m${seconds}`;
	return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
