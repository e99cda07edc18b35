/** Whether an object has what a task asks for: only the fields that are named are looked at. */

export interface Mismatch {
	/** e.g. `spec.containers[web].image` */
	path: string;
	expected: string;
	actual: string;
}

/**
 * Maps match by the keys that are expected; null expects that there is none. Lists whose expected items all have a
 * `name` match by it, in any order and beside others; all other lists match item by item and are of the same length.
 */
export function findMismatches(expected: unknown, actual: unknown, path = ''): Mismatch[] {
	if (expected === null) return actual === undefined || actual === null ? [] : [differ(path, expected, actual)];
	if (Array.isArray(expected)) return matchList(expected, actual, path);
	if (!isMap(expected)) return expected === actual ? [] : [differ(path, expected, actual)];
	if (actual !== undefined && !isMap(actual)) return [differ(path, expected, actual)];
	const inner = Object.entries(expected).map(
		([key, value]) =>
			[
				value,
				actual !== undefined && Object.hasOwn(actual, key) ? actual[key] : undefined,
				joinPath(path, key),
			] as const,
	);
	if (actual === undefined && inner.length === 0) return [differ(path, expected, actual)];
	return inner.flatMap(([value, found, where]) => findMismatches(value, found, where));
}

function matchList(expected: unknown[], actual: unknown, path: string): Mismatch[] {
	if (!Array.isArray(actual)) return [differ(path, expected, actual)];
	if (expected.length > 0 && expected.every(isNamed)) {
		return expected.flatMap((item) => {
			const found = actual.find((candidate) => isNamed(candidate) && candidate.name === item.name);
			const where = `${path}[${item.name}]`;
			return found === undefined
				? [{ path: where, expected: print(item), actual: 'not there' }]
				: findMismatches(item, found, where);
		});
	}
	if (expected.length !== actual.length) return [differ(path, expected, actual)];
	return expected.flatMap((item, index) => findMismatches(item, actual[index], `${path}[${index}]`));
}

function differ(path: string, expected: unknown, actual: unknown): Mismatch {
	return { path, expected: print(expected), actual: actual === undefined ? 'not set' : print(actual) };
}

/** A key with dots in it stands in brackets, as JSONPath has it. */
function joinPath(path: string, key: string): string {
	if (!/^[\w-]+$/.test(key)) return `${path}['${key}']`;
	return path === '' ? key : `${path}.${key}`;
}

function print(value: unknown): string {
	if (value === null) return 'not set';
	const text = JSON.stringify(value);
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function isMap(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is { name: string } {
	return isMap(value) && typeof value['name'] === 'string';
}
