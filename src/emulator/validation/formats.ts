/** The formats of names that Kubernetes knows. Each check gives what is wrong, in the API server's words; empty: nothing. */

export type NameRule = (name: string) => string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const underscoreLabel = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoreSubdomain = `${underscoreLabel}(\\.${underscoreLabel})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const qualifiedNameText =
	"must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

function describePattern(text: string, pattern: string, ...examples: string[]): string {
	if (examples.length === 0) return `${text} (regex used for validation is '${pattern}')`;
	const quoted = examples.map((example) => `'${example}', `).join(' or ');
	return `${text} (e.g. ${quoted}regex used for validation is '${pattern}')`;
}

export function describeRange(low: number, high: number): string {
	return `must be between ${low} and ${high}, inclusive`;
}

export function checkDnsLabel(value: string): string[] {
	const text =
		"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
	const found = checkLength(value, 63);
	if (matches(value, label)) return found;
	if (matches(value, subdomain)) return [...found, 'must not contain dots'];
	return [...found, describePattern(text, label, 'my-name', '123-abc')];
}

export function checkDnsSubdomain(value: string): string[] {
	const text =
		"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
	return checkPattern(value, 253, subdomain, describePattern(text, subdomain, 'example.com'));
}

/** The same, where the kind is validated by its schema's marks. */
export function checkLongName(value: string): string[] {
	return inBytes(checkDnsSubdomain(value));
}

export function checkUnderscoreSubdomain(value: string): string[] {
	const text =
		"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
	return checkPattern(value, 253, underscoreSubdomain, describePattern(text, underscoreSubdomain, 'example.com'));
}

export function checkWildcardSubdomain(value: string): string[] {
	const pattern = `\\*\\.${subdomain}`;
	const text =
		"a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
	return checkPattern(value, 253, pattern, describePattern(text, pattern, '*.example.com'));
}

export function checkDns1035Label(value: string): string[] {
	const text =
		"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
	return checkPattern(value, 63, label1035, describePattern(text, label1035, 'my-name', 'abc-123'));
}

export function checkQualifiedName(value: string): string[] {
	const pattern = describePattern(qualifiedNameText, qualifiedName, 'MyName', 'my.name', '123-abc');
	const parts = value.split('/');
	if (parts.length > 2)
		return [`a valid label key ${pattern} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
	const name = parts[parts.length - 1] ?? '';
	const prefix = parts.length === 2 ? parts[0] : undefined;
	const found = prefix === undefined ? [] : prefix === '' ? ['must be non-empty'] : inBytes(checkDnsSubdomain(prefix));
	return [
		...found.map((text) => `prefix part ${text}`),
		...(name === ''
			? ['name part must be non-empty']
			: inBytes(checkLength(name, 63)).map((text) => `name part ${text}`)),
		...(matches(name, qualifiedName) ? [] : [`name part ${pattern}`]),
	];
}

export function checkLabelValue(value: string): string[] {
	const pattern = `(${qualifiedName})?`;
	const text = `a valid label must be an empty string or consist of ${qualifiedNameText.slice('must consist of '.length)}`;
	return inBytes(checkPattern(value, 63, pattern, describePattern(text, pattern, 'MyValue', 'my_value', '12345')));
}

/** Of labels Kubernetes says bytes, of everything else characters. */
function inBytes(texts: string[]): string[] {
	return texts.map((text) => text.replace(/^(must be no more than \d+) characters$/, '$1 bytes'));
}

export function checkConfigMapKey(value: string): string[] {
	const pattern = '[-._a-zA-Z0-9]+';
	const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
	return [
		...checkPattern(value, 253, pattern, describePattern(text, pattern, 'key.name', 'KEY_NAME', 'key-name')),
		...checkDots(value),
	];
}

export function checkEnvironmentName(value: string): string[] {
	const text = "a valid environment variable name must consist only of printable ASCII characters other than '='";
	if (value === '') return ['environment variable name must be non-empty'];
	return /^[\x20-\x3c\x3e-\x7e]*$/.test(value) ? [] : [text];
}

export function checkPortName(value: string): string[] {
	return [
		...checkLength(value, 15),
		...(/^[-a-z0-9]+$/.test(value) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
		...(/[a-z]/.test(value) ? [] : ['must contain at least one letter (a-z)']),
		...(value.includes('--') ? ['must not contain consecutive hyphens'] : []),
		...(/^-|-$/.test(value) ? ['must not begin or end with a hyphen'] : []),
	];
}

export function checkPortNumber(value: number): string[] {
	return value >= 1 && value <= 65535 ? [] : [describeRange(1, 65535)];
}

export function checkHeaderName(value: string): string[] {
	const pattern = '[-A-Za-z0-9]+';
	const text = "a valid HTTP header must consist of alphanumeric characters or '-'";
	return matches(value, pattern) ? [] : [describePattern(text, pattern, 'X-Header-Name')];
}

export function checkPercent(value: string): string[] {
	const text = "a valid percent string must be a numeric string followed by an ending '%'";
	return matches(value, '[0-9]+%') ? [] : [describePattern(text, '[0-9]+%', '1%', '93%')];
}

/** What may stand between two slashes of a path. */
export function checkPathSegment(value: string): string[] {
	if (value === '.' || value === '..') return [`may not be '${value}'`];
	return ['/', '%'].filter((illegal) => value.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}

function checkPattern(value: string, length: number, pattern: string, text: string): string[] {
	return matches(value, pattern) ? checkLength(value, length) : [...checkLength(value, length), text];
}

function checkLength(value: string, most: number): string[] {
	return Buffer.byteLength(value) > most ? [`must be no more than ${most} characters`] : [];
}

function checkDots(value: string): string[] {
	if (value === '.' || value === '..') return [`must not be '${value}'`];
	return value.startsWith('..') ? ["must not start with '..'"] : [];
}

const compiled = new Map<string, RegExp>();

function matches(value: string, pattern: string): boolean {
	const known = compiled.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
	compiled.set(pattern, known);
	return known.test(value);
}
