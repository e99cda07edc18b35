/** Bends plain data: every path in it, and a copy in which one of them holds something else. */

export type Path = readonly (string | number)[];

export function listPaths(value: unknown, at: Path = []): Path[] {
	if (typeof value !== 'object' || value === null) return [at];
	const below = Array.isArray(value)
		? value.flatMap((item, index) => listPaths(item, [...at, index]))
		: Object.entries(value).flatMap(([key, item]) => listPaths(item, [...at, key]));
	return [at, ...below];
}

/** One path for each place that a schema knows: items of a list are alike, and so are observations of a kind. */
export function listPlaces(value: unknown): Path[] {
	const places = new Map<string, Path>();
	for (const path of listPaths(value)) {
		const place = path.map((key) => (typeof key === 'number' ? '[]' : key.replace(/^(kind=\S*).*/, '$1'))).join(' › ');
		if (!places.has(place)) places.set(place, path);
	}
	return [...places.values()];
}

export function valueAt(value: unknown, path: Path): unknown {
	return path.reduce((at, key) => (at as Record<PropertyKey, unknown>)[key], value);
}

/** `undefined` leaves the place out. */
export function replaceAt(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
	if (key === undefined) return replacement;
	const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<PropertyKey, unknown>;
	if (rest.length === 0 && replacement === undefined) delete copy[key];
	else copy[key] = replaceAt(copy[key], rest, replacement);
	return copy;
}
