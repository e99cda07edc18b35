/** The order of versions: `v2`, `v1`, `v1beta2`, `v1alpha1`, and names of no such form last. */

/** Negative: `a` is preferred. */
export function compareVersions(a: string, b: string): number {
	const [left, right] = [parse(a), parse(b)];
	if (left === null || right === null) {
		if (left === null && right === null) return a < b ? -1 : a > b ? 1 : 0;
		return left === null ? 1 : -1;
	}
	for (const [index, value] of left.entries()) {
		const difference = (right[index] ?? 0) - value;
		if (difference !== 0) return difference;
	}
	return 0;
}

/** Stability, major, minor. */
function parse(version: string): [number, number, number] | null {
	const parts = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
	if (parts === null) return null;
	const [, major, stage, minor = '0'] = parts;
	const stability = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
	return [stability, Number(major), Number(minor)];
}
