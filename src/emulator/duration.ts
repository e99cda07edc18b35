/** Durations as Go reads and writes them. */

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

const units: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds: Go counts nanoseconds in 64 bits. */
const longest = 2 ** 63 / 1e6;

/** Milliseconds, or what Go's time package says is wrong. */
export function readDuration(text: string): number | string {
	const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
	if (rest === '0') return 0;
	const parts = [...rest.matchAll(/(\d+\.?\d*|\.\d+)([^\d.]*)/g)];
	if (rest === '' || parts.map(([part]) => part).join('') !== rest) return `time: invalid duration ${quote(text)}`;
	let sum = 0;
	for (const [, amount, unit = ''] of parts) {
		const length = units[unit];
		if (unit === '') return `time: missing unit in duration ${quote(text)}`;
		if (length === undefined) return `time: unknown unit ${quote(unit)} in duration ${quote(text)}`;
		sum += Number(amount) * length;
	}
	if (sum > longest) return `time: invalid duration ${quote(text)}`;
	return sign === '-' ? -sum : sum;
}

function quote(text: string): string {
	return JSON.stringify(text);
}
