/** One thing wrong with a field of an object, and how the API server says it. */

export type FieldErrorType = keyof typeof causeReasons;

export interface FieldError {
	type: FieldErrorType;
	/** `spec.containers[0].name` */
	field: string;
	/** Undefined: the value is not part of the text. */
	badValue?: unknown;
	detail: string;
}

/** What a validator gives: its errors, in the order in which the API server finds them. */
export type Findings = Iterable<FieldError>;

/** The `reason` of the Status cause. */
export const causeReasons = {
	'Required value': 'FieldValueRequired',
	'Invalid value': 'FieldValueInvalid',
	Forbidden: 'FieldValueForbidden',
	'Duplicate value': 'FieldValueDuplicate',
	'Unsupported value': 'FieldValueNotSupported',
	'Too long': 'FieldValueTooLong',
	'Too many': 'FieldValueTooMany',
	'Not found': 'FieldValueNotFound',
} as const;

export function required(field: string, detail = ''): FieldError {
	return { type: 'Required value', field, detail };
}

export function invalid(field: string, badValue: unknown, detail: string): FieldError {
	return { type: 'Invalid value', field, badValue: badValue ?? null, detail };
}

export function forbidden(field: string, detail: string): FieldError {
	return { type: 'Forbidden', field, detail };
}

export function duplicate(field: string, badValue: unknown): FieldError {
	return { type: 'Duplicate value', field, badValue, detail: '' };
}

export function notFound(field: string, badValue: unknown): FieldError {
	return { type: 'Not found', field, badValue, detail: '' };
}

/** `supported` is told in the given order; Kubernetes mostly sorts it. */
export function unsupported(field: string, badValue: unknown, supported: readonly string[]): FieldError {
	const detail = supported.length === 0 ? '' : `supported values: ${supported.map(quote).join(', ')}`;
	return { type: 'Unsupported value', field, badValue: badValue ?? '', detail };
}

export function tooLong(field: string, bytes: number): FieldError {
	return { type: 'Too long', field, detail: `may not be more than ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}` };
}

export function tooMany(field: string, actual: number, most: number): FieldError {
	return {
		type: 'Too many',
		field,
		badValue: actual,
		detail: `must have at most ${most} ${most === 1 ? 'item' : 'items'}`,
	};
}

/** Without the field: the `message` of a Status cause. */
export function describeBody({ type, badValue, detail }: FieldError): string {
	const value = badValue === undefined ? '' : `: ${describeValue(badValue)}`;
	return `${type}${value}${detail === '' ? '' : `: ${detail}`}`;
}

export function describeFieldError(error: FieldError): string {
	return `${error.field}: ${describeBody(error)}`;
}

/** Go's `%q`, as far as field values need it. */
export function quote(text: string): string {
	return JSON.stringify(text)
		.replace(/\\u00([01][0-9a-f])/g, '\\x$1')
		.replace(/\x7f/g, '\\x7f');
}

/** A map as Go prints it: in the order of its keys. */
export function showMap(map: Record<string, string> | undefined): Record<string, string> | null {
	if (!map) return null;
	return Object.fromEntries(Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Go's json.Marshal, which escapes what HTML would take for markup. */
export function toGoJson(value: unknown): string {
	const escapes: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
	return JSON.stringify(value).replace(/[<>&]/g, (character) => escapes[character] ?? character);
}

function describeValue(value: unknown): string {
	if (typeof value === 'string') return quote(value);
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return toGoJson(value);
}
