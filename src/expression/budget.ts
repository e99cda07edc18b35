/** How much one evaluation may do, counted in steps rather than in time, so that it comes out the same everywhere. */

import { type Evaluate, listOperands, type Node } from './tree.ts';

export class BudgetError extends Error {
	override readonly name = 'BudgetError';
}

export interface Budget {
	/** Throws BudgetError once too much was spent, and ever after until `refill`. */
	spend(steps: number): void;
	refill(): void;
	readonly isSpent: boolean;
}

export function openBudget(steps: number): Budget {
	let left = steps;
	return {
		spend(cost) {
			left -= cost;
			if (left < 0) throw new BudgetError('it takes too many steps');
		},
		refill() {
			left = steps;
		},
		get isSpent() {
			return left < 0;
		},
	};
}

/**
 * Makes every node of a checked expression pay for being evaluated. What a function or operator is handed is paid by
 * its size, since it may be compared, copied or joined.
 */
export function meterNodes(nodes: readonly Node[], budget: Budget): void {
	const operands = new Set(nodes.flatMap(listOperands));
	for (const node of nodes) {
		if (node.meta.alternate !== undefined || node.meta.macro !== undefined) continue;
		const evaluate = node.meta.evaluate;
		const isCall = node.op === 'call' || node.op === 'rcall';
		const isOperand = operands.has(node);
		const metered: Evaluate = (evaluator, self, scope) => {
			budget.spend(isCall ? 10 : 1);
			const value = evaluate(evaluator, self, scope);
			if (isOperand || isCall || node.op === '+') spendSize(value, budget);
			return value;
		};
		node.setMeta('evaluate', metered);
	}
}

/** A value that holds another many times is paid for as often: so does whoever compares it. */
function spendSize(value: unknown, budget: Budget): void {
	if (typeof value === 'string') budget.spend(Math.ceil(value.length / 50));
	if (typeof value !== 'object' || value === null) return;
	const inner = Array.isArray(value) ? value : Object.values(value);
	budget.spend(inner.length);
	for (const each of inner) spendSize(each, budget);
}
