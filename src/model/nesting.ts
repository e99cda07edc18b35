/** How deep data is nested: what is too deep cannot be walked, printed or compared without end. */

/** Levels that an object of a cluster may have to be looked at; Kubernetes' own have fewer than 30. */
export const deepest = 100;

/** Walks level by level, so that no depth is too much for it. */
export function isTooDeep(value: unknown): boolean {
	let level = [value];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > deepest) return true;
		level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
	}
	return false;
}
