/** When a Job's Pods count as failed, and when a Job as done. */

import { duplicate, type FieldError, invalid, required, tooMany, unsupported } from './field-error.ts';
import { checkQualifiedName } from './formats.ts';
import type { FailureRule, JobSpec } from './job.ts';
import { validateNonNegative } from './number.ts';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

export function* validateFailurePolicy(spec: JobSpec, path: string): Generator<FieldError> {
	const rules = spec.podFailurePolicy?.rules ?? [];
	if (rules.length > 20) yield tooMany(`${path}.rules`, rules.length, 20);
	for (const [index, rule] of rules.entries()) yield* validateFailureRule(rule, spec, `${path}.rules[${index}]`);
}

function* validateFailureRule(rule: FailureRule, spec: JobSpec, path: string): Generator<FieldError> {
	const { action, onExitCodes, onPodConditions = [] } = rule;
	if (!action) yield required(`${path}.action`, `valid values: [${actions.map((name) => `"${name}"`).join(' ')}]`);
	else if (action === 'FailIndex') {
		if (spec.backoffLimitPerIndex === undefined)
			yield invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set');
	} else if (!actions.includes(action)) yield unsupported(`${path}.action`, action, actions);
	if (onExitCodes) yield* validateExitCodes(onExitCodes, spec, `${path}.onExitCodes`);
	for (const [index, { type = '', status }] of onPodConditions.entries()) {
		const field = `${path}.onPodConditions[${index}]`;
		for (const text of checkQualifiedName(type)) yield invalid(`${field}.type`, type, text);
		const statuses = ['False', 'True', 'Unknown'];
		if (!status) yield required(`${field}.status`, 'valid values: ["False" "True" "Unknown"]');
		else if (!statuses.includes(status)) yield unsupported(`${field}.status`, status, statuses);
	}
	const refuse = (detail: string): FieldError => ({ type: 'Invalid value', field: path, detail });
	if (onExitCodes && onPodConditions.length > 0)
		yield refuse('specifying both OnExitCodes and OnPodConditions is not supported');
	if (!onExitCodes && onPodConditions.length === 0)
		yield refuse('specifying one of OnExitCodes and OnPodConditions is required');
}

function* validateExitCodes(
	{ operator, containerName, values = [] }: NonNullable<FailureRule['onExitCodes']>,
	spec: JobSpec,
	path: string,
): Generator<FieldError> {
	if (!operator) yield required(`${path}.operator`, 'valid values: ["In" "NotIn"]');
	else if (operator !== 'In' && operator !== 'NotIn') yield unsupported(`${path}.operator`, operator, ['In', 'NotIn']);
	const podSpec = spec.template?.spec;
	const names = [...(podSpec?.containers ?? []), ...(podSpec?.initContainers ?? [])].map(({ name }) => name);
	if (containerName !== undefined && !names.includes(containerName))
		yield invalid(
			`${path}.containerName`,
			containerName,
			'must be one of the container or initContainer names in the pod template',
		);
	if (values.length === 0) yield invalid(`${path}.values`, null, 'at least one value is required');
	else if (values.length > 255) yield tooMany(`${path}.values`, values.length, 255);
	for (const [index, value] of values.entries()) {
		if (operator === 'In' && value === 0)
			yield invalid(`${path}.values[${index}]`, value, 'must not be 0 for the In operator');
		if (values.indexOf(value) < index) yield duplicate(`${path}.values[${index}]`, value);
	}
	if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value))
		yield invalid(`${path}.values`, values, 'must be ordered');
}

export function* validateSuccessPolicy(spec: JobSpec, path: string): Generator<FieldError> {
	const rules = spec.successPolicy?.rules ?? [];
	if (spec.completionMode !== 'Indexed') {
		const value = rules.map(({ succeededIndexes = null, succeededCount = null }) => ({
			SucceededIndexes: succeededIndexes,
			SucceededCount: succeededCount,
		}));
		return yield invalid(path, { Rules: value }, 'requires indexed completion mode');
	}
	if (rules.length === 0)
		yield required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified');
	if (rules.length > 20) yield tooMany(`${path}.rules`, rules.length, 20);
	const { completions = 0 } = spec;
	for (const [index, { succeededCount, succeededIndexes }] of rules.entries()) {
		const field = `${path}.rules[${index}]`;
		if (succeededCount === undefined && succeededIndexes === undefined)
			yield required(field, 'at least one of succeededCount or succeededIndexes must be specified');
		yield* validateNonNegative(succeededCount, `${field}.succeededCount`);
		if ((succeededCount ?? 0) > completions)
			yield invalid(
				`${field}.succeededCount`,
				succeededCount,
				`must be less than or equal to ${completions} (the number of specified completions)`,
			);
	}
}
