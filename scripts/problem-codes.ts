/** The problems that the program reports by a code, read from its source, so that none is forgotten. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseSync } from 'rolldown/utils';

/** Null: its words are put together where the parser does not look. What is filled in stands in angle brackets. */
export interface ProblemText {
	message: string | null;
	remedy: string | null;
}

type Node = { type: string; start: number; end: number; [key: string]: unknown };

/** Code → how it is told, once for each place that tells it. */
export function listProblems(): Map<string, ProblemText[]> {
	const problems = new Map<string, ProblemText[]>();
	const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
	const sources = files.sort().map((name) => ({ name, text: readFileSync(join('src', name), 'utf8') }));
	const constants = new Map(sources.flatMap(({ text }) => listConstants(text)));
	for (const { name, text } of sources) {
		visit(parseSync(name, text).program as unknown as Node, (node) => {
			if (node.type !== 'ObjectExpression') return;
			for (const branch of branches) {
				const fields = readFields(node, branch, constants, text);
				const code = fields.get('code');
				if (!code || !/^[a-z]+(-[a-z]+)+$/.test(code) || !fields.has('message') || !fields.has('remedy')) continue;
				// An observation that could not be made is told in a verdict.
				if (fields.has('ok')) continue;
				const told = { message: fields.get('message') ?? null, remedy: fields.get('remedy') ?? null };
				const known = problems.get(code) ?? [];
				if (!known.some((each) => isDeepStrictEqual(each, told))) problems.set(code, [...known, told]);
			}
		});
	}
	return new Map([...problems].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Of a choice between two: one reading of the object takes the first everywhere, the other the second. */
const branches = ['consequent', 'alternate'] as const;
type Branch = (typeof branches)[number];

function listConstants(text: string): [string, string][] {
	return [...text.matchAll(/^export const (\w+) = '([^']*)';$/gm)].map(([, name = '', value = '']) => [name, value]);
}

function readFields(
	object: Node,
	branch: Branch,
	constants: ReadonlyMap<string, string>,
	text: string,
): Map<string, string | null> {
	const fields = new Map<string, string | null>();
	for (const property of object['properties'] as Node[]) {
		const key = property['key'] as Node | undefined;
		if (property.type === 'Property' && key?.type === 'Identifier')
			fields.set(String(key['name']), readWords(property['value'] as Node, branch, constants, text));
	}
	return fields;
}

function readWords(node: Node, branch: Branch, constants: ReadonlyMap<string, string>, text: string): string | null {
	if (node.type === 'ConditionalExpression') return readWords(node[branch] as Node, branch, constants, text);
	if (node.type === 'Identifier') return constants.get(String(node['name'])) ?? null;
	if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : null;
	if (node.type !== 'TemplateLiteral') return null;
	const filled = (node['expressions'] as Node[]).map(({ start, end }) => `<${nameOf(text.slice(start, end))}>`);
	return (node['quasis'] as { value: { cooked: string } }[])
		.map(({ value }, index) => value.cooked + (filled[index] ?? ''))
		.join('');
}

/** What is done to what is filled in. */
const deeds = /^(join|map|filter|slice|trim|flatMap|toSorted|toFixed|Math|round|ceil|floor|String|Number)$/;

/** `describeError(error)` → `error`, `options.port` → `port`, `names.join(', ')` → `names`. */
function nameOf(expression: string): string {
	const names = expression.replaceAll(/'[^']*'/g, '').match(/\b[a-zA-Z_]\w*/g) ?? [];
	return names.filter((name) => !deeds.test(name)).at(-1) ?? '…';
}

function visit(node: Node, see: (node: Node) => void): void {
	see(node);
	for (const value of Object.values(node)) {
		for (const inner of Array.isArray(value) ? value : [value]) {
			if (typeof inner === 'object' && inner !== null && 'type' in inner) visit(inner as Node, see);
		}
	}
}
