/** Values as Go prints them. */

/** As `%#v` prints them: `map[string]interface {}{"a":1}`. */
export function printGoSyntax(value: unknown): string {
	if (typeof value === 'string') return JSON.stringify(value);
	if (Array.isArray(value)) return `[]interface {}{${value.map(printGoSyntax).join(', ')}}`;
	if (value === null || typeof value !== 'object') return printGoValue(value);
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	const fields = entries.map(([name, each]) => `${JSON.stringify(name)}:${printGoSyntax(each)}`);
	return `map[string]interface {}{${fields.join(', ')}}`;
}

/** As `%v` prints them: `map[a:b c:[1 2]]`. */
export function printGoValue(value: unknown): string {
	if (value === null || value === undefined) return '<nil>';
	if (Array.isArray(value)) return `[${value.map(printGoValue).join(' ')}]`;
	if (typeof value !== 'object') return String(value);
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `map[${entries.map(([name, each]) => `${name}:${printGoValue(each)}`).join(' ')}]`;
}
