/** The nodes of a parsed expression, macros' expansions included: the inner side of a package that is pinned for it. */

/** What is used of a node of @marcbachmann/cel-js 8.0.0. */
export interface Node {
	op: string;
	args: unknown;
	/** Where it begins in the text. */
	start: number;
	meta: { evaluate: Evaluate; alternate?: unknown; macro?: object };
	setMeta(name: 'evaluate', value: Evaluate): unknown;
}

export type Evaluate = (evaluator: unknown, node: Node, scope: unknown) => unknown;

/** Every node once. */
export function listNodes(root: unknown): Node[] {
	const nodes = new Set<Node>();
	const seen = new Set<object>();
	const open: unknown[] = [root];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value !== 'object' || value === null || seen.has(value)) continue;
		seen.add(value);
		if (Array.isArray(value)) open.push(...value);
		else if (isNode(value)) {
			nodes.add(value);
			open.push(value.args, value.meta.alternate, ...Object.values(value.meta.macro ?? {}));
		} else if ('iterable' in value) {
			const { iterable, init, step } = value as { iterable: unknown; init?: unknown; step?: unknown };
			open.push(iterable, init, step);
		}
	}
	return [...nodes];
}

function isNode(value: object): value is Node {
	return 'op' in value && 'setMeta' in value;
}

/** The nodes whose values a function or an operator is given. */
export function listOperands({ op, args }: Node): Node[] {
	if (op === 'rcall') {
		const [, receiver, rest] = args as [string, Node, Node[]];
		return [receiver, ...rest];
	}
	if (op === 'call') return (args as [string, Node[]])[1];
	return operators.has(op) ? (args as Node[]) : [];
}

const operators = new Set(['==', '!=', 'in', '+', '<', '<=', '>', '>=']);
