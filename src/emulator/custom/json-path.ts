/** The JSON paths that columns are read by: fields, items, slices of all items, and filters that compare one field. */

/** The first of what the path leads to; undefined where it leads nowhere. */
export function readJsonPath(value: unknown, path: string): unknown {
	const steps = parseJsonPath(path);
	if (steps === null) return undefined;
	let found = [value];
	for (const step of steps) found = found.flatMap((each) => take(each, step));
	return found[0];
}

type Step =
	| { kind: 'field'; name: string }
	| { kind: 'item'; index: number }
	| { kind: 'all' }
	| { kind: 'filter'; path: string; operator: string; value: unknown };

/** Null: it is none that may be used here. */
export function parseJsonPath(path: string): Step[] | null {
	const steps: Step[] = [];
	let rest = path.startsWith('$') ? path.slice(1) : path;
	while (rest !== '') {
		const found = readStep(rest);
		if (found === null) return null;
		steps.push(found.step);
		rest = rest.slice(found.length);
	}
	return steps;
}

const filter = /^\[\?\(\s*@((?:\.[-\w]+)+)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[-\w.]+)\s*\)\]/;

function readStep(text: string): { step: Step; length: number } | null {
	const field = /^\.((?:\\.|[^.[\]\\ ])+)/.exec(text) ?? /^\[['"]((?:\\.|[^'"\\])*)['"]\]/.exec(text);
	if (field)
		return { step: { kind: 'field', name: (field[1] ?? '').replace(/\\(.)/g, '$1') }, length: field[0].length };
	const item = /^\[(-?\d+)\]/.exec(text);
	if (item) return { step: { kind: 'item', index: Number(item[1]) }, length: item[0].length };
	const all = /^(?:\[\*\]|\.\*)/.exec(text);
	if (all) return { step: { kind: 'all' }, length: all[0].length };
	const condition = filter.exec(text);
	if (!condition) return null;
	const [whole, path = '', operator = '', value = ''] = condition;
	return { step: { kind: 'filter', path, operator, value: readLiteral(value) }, length: whole.length };
}

function readLiteral(text: string): unknown {
	if (/^["']/.test(text)) return text.slice(1, -1);
	if (text === 'true' || text === 'false') return text === 'true';
	return Number.isNaN(Number(text)) ? text : Number(text);
}

function take(value: unknown, step: Step): unknown[] {
	if (value === null || typeof value !== 'object') return [];
	if (step.kind === 'field') {
		return Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
	}
	if (step.kind === 'all') return Object.values(value);
	if (!Array.isArray(value)) return [];
	if (step.kind === 'filter') return value.filter((each) => holds(readJsonPath(each, step.path), step));
	const index = step.index < 0 ? step.index + value.length : step.index;
	return index in value ? [value[index]] : [];
}

function holds(found: unknown, { operator, value }: Extract<Step, { kind: 'filter' }>): boolean {
	if (found === undefined) return false;
	const [left, right] = [found, value] as [number, number];
	if (operator === '==') return left === right;
	if (operator === '!=') return left !== right;
	if (typeof left !== typeof right) return false;
	if (operator === '<') return left < right;
	if (operator === '>') return left > right;
	return operator === '<=' ? left <= right : left >= right;
}
