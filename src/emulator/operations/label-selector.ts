/** Label selectors as the API takes them in a query: `app=web,tier!=db,env in (a, b),!gone`. */

import { describeFieldError, invalid } from '../validation/field-error.ts';
import { checkLabelValue, checkQualifiedName } from '../validation/formats.ts';
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
		throw badRequest(`unable to parse requirement: found '${tokens[at] ?? ''}', expected: ${expected}`);
	};
	const failBetween = (expected: string) => {
		throw badRequest(`found '${tokens[at] ?? ''}', expected: ${expected}`);
	};
	const readName = (expected: string) => {
		const token = tokens[at];
		if (token === undefined || isPunctuation(token)) fail(expected);
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
	if (isPunctuation(tokens[0]) && tokens[0] !== '!') failBetween("!, identifier, or 'end of string'");
	while (at < tokens.length) {
		requirements.push(checkRequirement(readRequirement()));
		if (at < tokens.length) {
			if (tokens[at] !== ',') failBetween("',' or 'end of string'");
			at += 1;
			const next = tokens[at];
			if (next === undefined || (isPunctuation(next) && next !== '!')) failBetween("identifier after ','");
		}
	}
	return requirements;
}

function isPunctuation(token: string | undefined): boolean {
	return token !== undefined && /^(?:!=|==|[=!<>(),])$/.test(token);
}

/** Throws 400. */
function checkRequirement(requirement: Requirement): Requirement {
	const { key, operator, values } = requirement;
	const isOrder = operator === '<' || operator === '>';
	const errors = [
		...checkQualifiedName(key).map((text) => invalid('<nil>', key, text)),
		...values.flatMap((value, index) => [
			...(isOrder && !/^[+-]?\d+$/.test(value) ? [invalid(`values[${index}]`, value, integerWanted)] : []),
			...checkLabelValue(value).map((text) => invalid(`values[${index}][${key}]`, value, text)),
		]),
	].map(describeFieldError);
	if (errors.length === 0) return requirement;
	const what = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
	throw badRequest(`unable to parse requirement: ${what}`);
}

const integerWanted = "for 'Gt', 'Lt' operators, the value must be an integer";
