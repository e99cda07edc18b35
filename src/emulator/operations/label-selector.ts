/** Label selectors as the API takes them in a query: `app=web,tier!=db,env in (a, b),!gone`. */

import { badRequest } from './errors.ts';

export type LabelMatcher = (labels: Readonly<Record<string, string>> | undefined) => boolean;

type Requirement = { key: string; operator: string; values: string[] };

export function parseLabelSelector(text: string): LabelMatcher {
	const requirements = readRequirements(text);
	return (labels = {}) => requirements.every((requirement) => meets(requirement, labels));
}

function meets({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
	const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
	switch (operator) {
		case '!':
			return value === undefined;
		case 'exists':
			return value !== undefined;
		case '!=':
		case 'notin':
			return value === undefined || !values.includes(value);
		case '>':
			return value !== undefined && Number.parseInt(value, 10) > Number(values[0]);
		case '<':
			return value !== undefined && Number.parseInt(value, 10) < Number(values[0]);
		default:
			return value !== undefined && values.includes(value);
	}
}

function readRequirements(text: string): Requirement[] {
	const tokens = text.match(/!=|==|[=!<>(),]|[^\s=!<>(),]+/g) ?? [];
	let at = 0;
	const fail = (expected: string) => {
		const found = tokens[at] ?? '';
		throw badRequest(`unable to parse requirement: found '${found}', expected: ${expected}`);
	};
	const readName = (expected: string) => {
		const token = tokens[at];
		if (token === undefined || /^(?:!=|==|[=!<>(),])$/.test(token)) fail(expected);
		at += 1;
		return token as string;
	};
	const readSet = () => {
		if (tokens[at] !== '(') fail("'('");
		at += 1;
		const values: string[] = [];
		for (;;) {
			const token = tokens[at] ?? fail("',', ')' or identifier");
			if (token === ')') break;
			values.push(token === ',' ? '' : (token as string));
			at += token === ',' ? 0 : 1;
			if (tokens[at] === ',') at += 1;
			else if (tokens[at] !== ')') fail("',' or ')'");
		}
		at += 1;
		return values;
	};
	const readRequirement = (): Requirement => {
		if (tokens[at] === '!') {
			at += 1;
			return { key: readName('identifier'), operator: '!', values: [] };
		}
		const key = readName("!, identifier, or 'end of string'");
		const operator = tokens[at];
		if (operator === undefined || operator === ',') return { key, operator: 'exists', values: [] };
		at += 1;
		if (operator === 'in' || operator === 'notin') return { key, operator, values: readSet() };
		if (!['=', '==', '!=', '<', '>'].includes(operator)) {
			at -= 1;
			fail('in, notin, =, ==, !=, gt, lt');
		}
		const value = tokens[at];
		if (value === undefined || value === ',') return { key, operator, values: [''] };
		return { key, operator, values: [readName('identifier')] };
	};

	const requirements: Requirement[] = [];
	while (at < tokens.length) {
		requirements.push(readRequirement());
		if (at < tokens.length) {
			if (tokens[at] !== ',') fail("',' or 'end of string'");
			at += 1;
			if (at === tokens.length) fail("identifier after ','");
		}
	}
	return requirements;
}
