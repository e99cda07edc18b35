/** CEL expressions over one object: read with every mistake told, and evaluated within limits. */

export {
	type Evaluated,
	type Expression,
	type ExpressionFault,
	evaluateExpression,
	expressionLimits,
	readExpression,
} from './cel.ts';
