/** Which of several names somebody may have meant. */

/** The candidate that is a slip of the keyboard away from `word`; null where none is. */
export function findClosest(word: string, candidates: readonly string[]): string | null {
	const allowed = word.length < 5 ? 1 : word.length < 12 ? 2 : 3;
	let best: { name: string; distance: number } | null = null;
	for (const name of candidates) {
		const distance = countEdits(word.toLowerCase(), name.toLowerCase());
		if (distance <= allowed && (best === null || distance < best.distance)) best = { name, distance };
	}
	return best?.name ?? null;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function countEdits(from: string, to: string): number {
	const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
	const cell = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
	for (let row = 1; row <= from.length; row++) {
		const current = [row];
		rows.push(current);
		for (let column = 1; column <= to.length; column++) {
			const isSame = from[row - 1] === to[column - 1];
			const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			current[column] = Math.min(
				cell(row - 1, column) + 1,
				cell(row, column - 1) + 1,
				cell(row - 1, column - 1) + (isSame ? 0 : 1),
				isSwap ? cell(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
			);
		}
	}
	return cell(from.length, to.length);
}
