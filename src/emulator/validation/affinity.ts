/** Affinity, tolerations and spread: where a Pod may run. */

import type { LabelSelector } from '../label-selection.ts';
import type {
	Affinity,
	NodeRequirement,
	NodeTerm,
	PodAffinity,
	PodAffinityTerm,
	SpreadConstraint,
	Toleration,
} from '../pod.ts';
import { duplicate, type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';
import { checkDnsLabel, checkDnsSubdomain, checkLabelValue } from './formats.ts';
import { validateLabelName, validateLabelSelector } from './labels.ts';

const hard = 'requiredDuringSchedulingIgnoredDuringExecution';
const soft = 'preferredDuringSchedulingIgnoredDuringExecution';
export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function* validateAffinity(affinity: Affinity = {}, path: string): Generator<FieldError> {
	const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
	if (nodeAffinity) {
		const field = `${path}.nodeAffinity`;
		if (nodeAffinity[hard]) yield* validateNodeSelector(nodeAffinity[hard], `${field}.${hard}`);
		for (const [index, { weight = 0, preference = {} }] of (nodeAffinity[soft] ?? []).entries()) {
			yield* validateWeight(weight, `${field}.${soft}[${index}].weight`);
			yield* validateNodeTerm(preference, `${field}.${soft}[${index}].preference`, false);
		}
	}
	if (podAffinity) yield* validatePodAffinity(podAffinity, `${path}.podAffinity`);
	if (podAntiAffinity) yield* validatePodAffinity(podAntiAffinity, `${path}.podAntiAffinity`);
}

function* validateWeight(weight: number, path: string): Generator<FieldError> {
	if (weight <= 0 || weight > 100) yield invalid(path, weight, 'must be in the range 1-100');
}

function* validateNodeSelector(
	{ nodeSelectorTerms: terms = [] }: { nodeSelectorTerms?: NodeTerm[] },
	path: string,
): Generator<FieldError> {
	const field = `${path}.nodeSelectorTerms`;
	if (terms.length === 0) yield required(field, 'must have at least one node selector term');
	for (const [index, term] of terms.entries()) yield* validateNodeTerm(term, `${field}[${index}]`, true);
}

/** The values of a preference are not looked at. */
function* validateNodeTerm(term: NodeTerm, path: string, hasSoundValues: boolean): Generator<FieldError> {
	for (const [index, requirement] of (term.matchExpressions ?? []).entries())
		yield* validateRequirement(requirement, `${path}.matchExpressions[${index}]`, hasSoundValues);
	for (const [index, requirement] of (term.matchFields ?? []).entries())
		yield* validateFieldRequirement(requirement, `${path}.matchFields[${index}]`);
}

function* validateRequirement(
	{ key = '', operator = '', values = [] }: NodeRequirement,
	path: string,
	hasSoundValues: boolean,
): Generator<FieldError> {
	if (operator === 'In' || operator === 'NotIn') {
		if (values.length === 0) yield required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
	} else if (operator === 'Exists' || operator === 'DoesNotExist') {
		if (values.length > 0)
			yield forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
	} else if (operator === 'Gt' || operator === 'Lt') {
		if (values.length !== 1)
			yield required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
	} else yield invalid(`${path}.operator`, operator, 'not a valid selector operator');
	yield* validateLabelName(key, `${path}.key`);
	if (!hasSoundValues) return;
	for (const [index, value] of values.entries())
		for (const text of checkLabelValue(value)) yield invalid(`${path}.values[${index}]`, value, text);
}

function* validateFieldRequirement(
	{ key = '', operator = '', values = [] }: NodeRequirement,
	path: string,
): Generator<FieldError> {
	if (operator !== 'In' && operator !== 'NotIn')
		yield invalid(`${path}.operator`, operator, 'not a valid selector operator');
	else if (values.length !== 1)
		yield required(
			`${path}.values`,
			"must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
		);
	if (key !== 'metadata.name') return yield invalid(`${path}.key`, key, 'not a valid field selector key');
	for (const [index, value] of values.entries())
		for (const text of checkDnsSubdomain(value)) yield invalid(`${path}.values[${index}]`, value, text);
}

function* validatePodAffinity(affinity: PodAffinity, path: string): Generator<FieldError> {
	for (const [index, term] of (affinity[hard] ?? []).entries())
		yield* validatePodTerm(term, `${path}.${hard}[${index}]`);
	for (const [index, { weight = 0, podAffinityTerm = {} }] of (affinity[soft] ?? []).entries()) {
		yield* validateWeight(weight, `${path}.${soft}[${index}].weight`);
		yield* validatePodTerm(podAffinityTerm, `${path}.${soft}[${index}].podAffinityTerm`);
	}
}

function* validatePodTerm(term: PodAffinityTerm, path: string): Generator<FieldError> {
	yield* validateLabelSelector(term.labelSelector, `${path}.labelSelector`);
	yield* validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`);
	for (const name of term.namespaces ?? [])
		for (const text of checkDnsLabel(name)) yield invalid(`${path}.namespace`, name, text);
	yield* validateLabelKeys(term.matchLabelKeys, term.labelSelector, `${path}.matchLabelKeys`);
	yield* validateLabelKeys(term.mismatchLabelKeys, term.labelSelector, `${path}.mismatchLabelKeys`);
	if (!term.topologyKey) yield required(`${path}.topologyKey`, 'can not be empty');
	yield* validateLabelName(term.topologyKey ?? '', `${path}.topologyKey`);
}

function* validateLabelKeys(
	keys: string[] = [],
	selector: LabelSelector | undefined,
	path: string,
): Generator<FieldError> {
	if (keys.length === 0) return;
	if (!selector) return yield forbidden(path, 'must not be specified when labelSelector is not set');
	for (const [index, key] of keys.entries()) yield* validateLabelName(key, `${path}[${index}]`);
}

export function* validateSpread(constraints: SpreadConstraint[] = [], path: string): Generator<FieldError> {
	for (const [index, constraint] of constraints.entries()) {
		const field = `${path}[${index}]`;
		const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains } = constraint;
		if (maxSkew <= 0) yield invalid(`${field}.maxSkew`, maxSkew, 'must be greater than zero');
		if (topologyKey === '') yield required(`${field}.topologyKey`, 'can not be empty');
		const actions = ['DoNotSchedule', 'ScheduleAnyway'];
		if (!actions.includes(whenUnsatisfiable))
			yield unsupported(`${field}.whenUnsatisfiable`, whenUnsatisfiable, actions);
		const isRepeated = constraints
			.slice(index + 1)
			.some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
		if (isRepeated)
			yield duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`);
		if (minDomains !== undefined) {
			if (minDomains <= 0) yield invalid(`${field}.minDomains`, minDomains, 'must be greater than zero');
			if (whenUnsatisfiable !== 'DoNotSchedule')
				yield invalid(
					`${field}.minDomains`,
					minDomains,
					`can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
				);
		}
		for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
			const policy = constraint[name];
			if (policy !== undefined && policy !== 'Honor' && policy !== 'Ignore')
				yield unsupported(`${field}.${name}`, policy, ['Honor', 'Ignore']);
		}
		yield* validateLabelKeys(constraint.matchLabelKeys, constraint.labelSelector, `${field}.matchLabelKeys`);
		yield* validateLabelSelector(constraint.labelSelector, `${field}.labelSelector`);
	}
}

export function* validateTolerations(tolerations: Toleration[] = [], path: string): Generator<FieldError> {
	for (const [index, toleration] of tolerations.entries()) {
		const field = `${path}[${index}]`;
		const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
		if (key !== '') yield* validateLabelName(key, `${field}.key`);
		if (key === '' && operator !== 'Exists')
			yield invalid(
				`${field}.operator`,
				operator,
				'operator must be Exists when `key` is empty, which means "match all values and all keys"',
			);
		if (tolerationSeconds !== undefined && effect !== 'NoExecute')
			yield invalid(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
		yield* validateOperator(operator, value, `${field}.operator`);
		if (effect !== '' && !taintEffects.includes(effect)) yield unsupported(`${field}.effect`, effect, taintEffects);
	}
}

function* validateOperator(operator: string, value: string, path: string): Generator<FieldError> {
	if (operator === 'Equal' || operator === '') {
		const faults = checkLabelValue(value);
		if (faults.length > 0) yield invalid(path, value, faults.join(';'));
	} else if (operator === 'Exists') {
		if (value !== '') yield invalid(path, value, "value must be empty when `operator` is 'Exists'");
	} else {
		const compares = operator === 'Lt' || operator === 'Gt';
		yield unsupported(path, operator, compares ? ['Equal', 'Exists', 'Lt', 'Gt'] : ['Equal', 'Exists']);
	}
}
