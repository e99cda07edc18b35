/** How long ago, as `kubectl get` shows it. */

/** k8s.io/apimachinery/pkg/util/duration.HumanDuration */
export function formatDuration(milliseconds: number): string {
	const seconds = Math.trunc(milliseconds / 1000);
	if (seconds < -1) return '<invalid>';
	if (seconds < 0) return '0s';
	if (seconds < 120) return `${seconds}s`;
	const minutes = Math.trunc(seconds / 60);
	if (minutes < 10) return join(minutes, 'm', seconds % 60, 's');
	if (minutes < 180) return `${minutes}m`;
	const hours = Math.trunc(minutes / 60);
	if (hours < 8) return join(hours, 'h', minutes % 60, 'm');
	if (hours < 48) return `${hours}h`;
	const days = Math.trunc(hours / 24);
	if (days < 8) return join(days, 'd', hours % 24, 'h');
	if (days < 365 * 2) return `${days}d`;
	const years = Math.trunc(days / 365);
	return days < 365 * 8 ? join(years, 'y', days % 365, 'd') : `${years}y`;
}

export function formatAge(time: string | null | undefined, now: Date): string {
	return time ? formatDuration(now.getTime() - Date.parse(time)) : '<unknown>';
}

function join(first: number, unit: string, second: number, smallerUnit: string): string {
	return second === 0 ? `${first}${unit}` : `${first}${unit}${second}${smallerUnit}`;
}
