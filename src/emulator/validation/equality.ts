/** Equality as Kubernetes' Semantic.DeepEqual sees it: absent, null and empty are the same. */

export function isEqual(left: unknown, right: unknown): boolean {
	if (left === right) return true;
	if (isNothing(left) || isNothing(right)) return isNothing(left) && isNothing(right);
	if (Array.isArray(left) && Array.isArray(right))
		return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
	if (!isRecord(left) || !isRecord(right)) return false;
	const names = new Set([...Object.keys(left), ...Object.keys(right)]);
	return [...names].every((name) => isEqual(left[name], right[name]));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Absence, as Go's zero values of maps and lists; a number, a text or a boolean is never nothing. */
function isNothing(value: unknown): boolean {
	if (value === undefined || value === null) return true;
	if (Array.isArray(value)) return value.length === 0;
	return isRecord(value) && Object.keys(value).length === 0;
}

/** What is null is absent: Go writes some of its empty lists so. The value itself where there is nothing to leave out. */
export function withoutNulls<T>(value: T): T {
	return holdsNull(value) ? (copyWithoutNulls(value) as T) : value;
}

function holdsNull(value: unknown): boolean {
	if (value === null) return true;
	if (typeof value !== 'object') return false;
	return Object.values(value).some(holdsNull);
}

function copyWithoutNulls(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (!isRecord(value)) return value;
	const kept = Object.entries(value).filter(([, item]) => item !== null);
	return Object.fromEntries(kept.map(([name, item]) => [name, withoutNulls(item)]));
}
