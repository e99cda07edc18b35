/** Values as Go's `%v` prints them: `map[a:b c:[1 2]]`. */

export function printGoValue(value: unknown): string {
	if (value === null || value === undefined) return '<nil>';
	if (Array.isArray(value)) return `[${value.map(printGoValue).join(' ')}]`;
	if (typeof value !== 'object') return String(value);
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `map[${entries.map(([name, each]) => `${name}:${printGoValue(each)}`).join(' ')}]`;
}
