/** A unified diff as Go's difflib makes it: Ratcliff-Obershelp matching with its rule for popular lines, three lines of context. */

interface Match {
	/** Index in the old lines. */
	old: number;
	/** Index in the new lines. */
	now: number;
	size: number;
}

interface Edit {
	isEqual: boolean;
	oldFrom: number;
	oldTo: number;
	nowFrom: number;
	nowTo: number;
}

const context = 3;

export function createUnifiedDiff(old: string, now: string): string {
	const oldLines = splitLines(old);
	const nowLines = splitLines(now);
	return groupEdits(findEdits(oldLines, nowLines))
		.map((group) => renderGroup(group, oldLines, nowLines))
		.join('');
}

function splitLines(text: string): string[] {
	return text.split('\n').map((line) => `${line}\n`);
}

function findEdits(old: string[], now: string[]): Edit[] {
	const edits: Edit[] = [];
	let [oldAt, nowAt] = [0, 0];
	for (const match of findMatches(old, now)) {
		if (oldAt < match.old || nowAt < match.now)
			edits.push({ isEqual: false, oldFrom: oldAt, oldTo: match.old, nowFrom: nowAt, nowTo: match.now });
		[oldAt, nowAt] = [match.old + match.size, match.now + match.size];
		if (match.size > 0)
			edits.push({ isEqual: true, oldFrom: match.old, oldTo: oldAt, nowFrom: match.now, nowTo: nowAt });
	}
	return edits;
}

/** Ends with an empty match at the end of both. */
function findMatches(old: string[], now: string[]): Match[] {
	const places = indexLines(now);
	const found: Match[] = [];
	const search = (oldFrom: number, oldTo: number, nowFrom: number, nowTo: number): void => {
		const match = findLongest(old, now, places, oldFrom, oldTo, nowFrom, nowTo);
		if (match.size === 0) return;
		if (oldFrom < match.old && nowFrom < match.now) search(oldFrom, match.old, nowFrom, match.now);
		found.push(match);
		if (match.old + match.size < oldTo && match.now + match.size < nowTo)
			search(match.old + match.size, oldTo, match.now + match.size, nowTo);
	};
	search(0, old.length, 0, now.length);
	return [...mergeAdjacent(found), { old: old.length, now: now.length, size: 0 }];
}

/** In a long text, lines that make up more than a hundredth of it are too common to match by. */
function indexLines(lines: string[]): Map<string, number[]> {
	const places = new Map<string, number[]>();
	for (const [index, line] of lines.entries()) {
		const known = places.get(line);
		if (known) known.push(index);
		else places.set(line, [index]);
	}
	if (lines.length >= 200) {
		const most = Math.floor(lines.length / 100) + 1;
		for (const [line, indices] of places) if (indices.length > most) places.delete(line);
	}
	return places;
}

function findLongest(
	old: string[],
	now: string[],
	places: Map<string, number[]>,
	oldFrom: number,
	oldTo: number,
	nowFrom: number,
	nowTo: number,
): Match {
	let best: Match = { old: oldFrom, now: nowFrom, size: 0 };
	let lengths = new Map<number, number>();
	for (let index = oldFrom; index < oldTo; index++) {
		const next = new Map<number, number>();
		for (const place of places.get(old[index] ?? '') ?? []) {
			if (place < nowFrom) continue;
			if (place >= nowTo) break;
			const size = (lengths.get(place - 1) ?? 0) + 1;
			next.set(place, size);
			if (size > best.size) best = { old: index - size + 1, now: place - size + 1, size };
		}
		lengths = next;
	}
	return extend(best, old, now, oldFrom, oldTo, nowFrom, nowTo);
}

/** Popular lines next to a match belong to it after all. */
function extend(
	match: Match,
	old: string[],
	now: string[],
	oldFrom: number,
	oldTo: number,
	nowFrom: number,
	nowTo: number,
): Match {
	let { old: oldAt, now: nowAt, size } = match;
	while (oldAt > oldFrom && nowAt > nowFrom && old[oldAt - 1] === now[nowAt - 1]) {
		oldAt--;
		nowAt--;
		size++;
	}
	while (oldAt + size < oldTo && nowAt + size < nowTo && old[oldAt + size] === now[nowAt + size]) size++;
	return { old: oldAt, now: nowAt, size };
}

function mergeAdjacent(matches: Match[]): Match[] {
	const merged: Match[] = [];
	for (const match of matches) {
		const last = merged.at(-1);
		if (last && last.old + last.size === match.old && last.now + last.size === match.now) last.size += match.size;
		else merged.push({ ...match });
	}
	return merged;
}

/** Each group is a hunk: edits with at most `context` equal lines around them. */
function groupEdits(edits: Edit[]): Edit[][] {
	const groups: Edit[][] = [];
	let group: Edit[] = [];
	for (const [index, edit] of edits.entries()) {
		if (!edit.isEqual) {
			group.push(edit);
			continue;
		}
		const isFirst = index === 0;
		const isLast = index === edits.length - 1;
		const size = edit.oldTo - edit.oldFrom;
		if (!isFirst && (isLast || size > 2 * context)) {
			group.push(keepStart(edit));
			if (group.some(({ isEqual }) => !isEqual)) groups.push(group);
			group = [];
		}
		if (isFirst || (!isLast && size > 2 * context)) group = [keepEnd(edit)];
		else if (!isLast) group.push(edit);
	}
	if (group.some(({ isEqual }) => !isEqual)) groups.push(group);
	return groups;
}

function keepStart(edit: Edit): Edit {
	const size = Math.min(context, edit.oldTo - edit.oldFrom);
	return { ...edit, oldTo: edit.oldFrom + size, nowTo: edit.nowFrom + size };
}

function keepEnd(edit: Edit): Edit {
	const size = Math.min(context, edit.oldTo - edit.oldFrom);
	return { ...edit, oldFrom: edit.oldTo - size, nowFrom: edit.nowTo - size };
}

function renderGroup(group: Edit[], old: string[], now: string[]): string {
	const [first, last] = [group[0], group.at(-1)];
	if (!first || !last) return '';
	const ranges = `-${renderRange(first.oldFrom, last.oldTo)} +${renderRange(first.nowFrom, last.nowTo)}`;
	const lines = group.flatMap((edit) => {
		const before = old.slice(edit.oldFrom, edit.oldTo);
		if (edit.isEqual) return before.map((line) => ` ${line}`);
		const after = now.slice(edit.nowFrom, edit.nowTo);
		return [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)];
	});
	return `@@ ${ranges} @@\n${lines.join('')}`;
}

function renderRange(from: number, to: number): string {
	const size = to - from;
	if (size === 1) return String(from + 1);
	return `${size === 0 ? from : from + 1},${size}`;
}
