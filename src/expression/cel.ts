/** Reads and evaluates CEL, as admission policies of Kubernetes have it, with `object` as the only variable. */

import { Environment } from '@marcbachmann/cel-js';
import { BudgetError, meterNodes, openBudget } from './budget.ts';
import { compilePattern } from './pattern.ts';
import { listNodes, type Node } from './tree.ts';

export const expressionLimits = {
	/** Characters of an expression. */
	length: 2000,
	/** Steps of one evaluation; a comparison of two short strings takes four. */
	steps: 50_000,
	/** Characters of a text in which `matches` looks. */
	text: 4096,
};

/** A mistake of the author. */
export interface ExpressionFault {
	message: string;
	/** From 1, in the expression's own text. */
	line: number;
	/** From 1. */
	column: number;
}

export type Expression = (object: unknown) => unknown;

export type Evaluated =
	| { outcome: 'true' | 'false' }
	/** E.g. a field that is not there: the expression cannot be true. */
	| { outcome: 'undefined'; message: string }
	/** It would take too long for this object, so nothing is known. */
	| { outcome: 'too-much'; message: string };

/** What `matches` of the package is called here: its own is JavaScript's, which can hang. */
const matches = 'matchesRe2';

const budget = openBudget(expressionLimits.steps);

const environment = new Environment({
	enableOptionalTypes: true,
	homogeneousAggregateLiterals: false,
	limits: { maxAstNodes: 500, maxDepth: 40, maxListElements: 100, maxMapEntries: 100 },
})
	.registerVariable('object', 'dyn')
	.registerFunction(
		`string.${matches}(string): bool`,
		(text: string, source: string) => {
			const pattern = findPattern(source);
			if (text.length > expressionLimits.text) {
				throw new BudgetError(`matches looks at no more than ${expressionLimits.text} characters`);
			}
			budget.spend(Math.ceil((pattern.size * text.length) / 200));
			return pattern.isFoundIn(text);
		},
		{ async: false },
	);

const patterns = new Map<string, ReturnType<typeof compilePattern>>();

function findPattern(source: string) {
	const pattern = patterns.get(source) ?? compilePattern(source);
	patterns.set(source, pattern);
	return pattern;
}

/** Every evaluation that is possible afterwards ends soon. */
export function readExpression(text: string): { expression: Expression; fault: null } | { fault: ExpressionFault } {
	if (text.length > expressionLimits.length) {
		return { fault: locate(text, 0, `the expression is longer than ${expressionLimits.length} characters`) };
	}
	try {
		const parsed = environment.parse(text);
		const nodes = listNodes(parsed.ast);
		for (const node of nodes) {
			const fault = replaceMatches(node);
			if (fault !== null) return { fault: locate(text, fault.offset, fault.message) };
		}
		const checked = parsed.check();
		if (!checked.valid) throw checked.error;
		if (checked.type !== 'bool' && checked.type !== 'dyn') {
			return { fault: locate(text, 0, `the expression must be true or false, and gives ${checked.type}`) };
		}
		meterNodes(nodes, budget);
		return { expression: parsed as Expression, fault: null };
	} catch (error) {
		if (!isCelError(error)) throw error;
		return { fault: locate(text, error.range?.start ?? 0, error.summary) };
	}
}

/** Never throws for what an object holds, and ends after a number of steps that is known beforehand. */
export function evaluateExpression(expression: Expression, object: unknown): Evaluated {
	budget.refill();
	const value = attempt(() => expression({ object: useIntegers(object) }));
	// CEL passes over errors in parts that turn out not to matter; this one does.
	if (budget.isSpent) return { outcome: 'too-much', message: 'it takes too many steps' };
	if (value instanceof BudgetError) return { outcome: 'too-much', message: value.message };
	if (value instanceof Error)
		return { outcome: 'undefined', message: isCelError(value) ? value.summary : value.message };
	if (typeof value === 'boolean') return { outcome: value ? 'true' : 'false' };
	return { outcome: 'undefined', message: 'it gives neither true nor false' };
}

function attempt(evaluate: () => unknown): unknown {
	try {
		return evaluate();
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** Null: none, or one whose pattern is sound. */
function replaceMatches(node: Node): { offset: number; message: string } | null {
	if (node.op !== 'rcall') return null;
	const args = node.args as [string, Node, Node[]];
	if (args[0] === matches) return { offset: node.start, message: `there is no function ${matches}; use matches` };
	const [pattern] = args[2];
	if (args[0] !== 'matches' || pattern === undefined) return null;
	if (pattern.op !== 'value' || typeof pattern.args !== 'string') {
		return { offset: pattern.start, message: 'the pattern of matches must be written out, in quotes' };
	}
	try {
		findPattern(pattern.args);
	} catch (error) {
		return { offset: pattern.start, message: (error as Error).message };
	}
	args[0] = matches;
	return null;
}

interface CelError extends Error {
	summary: string;
	range?: { start: number };
}

function isCelError(error: unknown): error is CelError {
	return error instanceof Error && 'summary' in error;
}

function locate(text: string, offset: number, message: string): ExpressionFault {
	const before = text.slice(0, offset).split('\n');
	return { message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** JSON's whole numbers are CEL's integers. */
function useIntegers(value: unknown): unknown {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
	if (Array.isArray(value)) return value.map(useIntegers);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, useIntegers(inner)]));
}
