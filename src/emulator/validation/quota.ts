/** LimitRanges and ResourceQuotas. */

import type { KubeObject } from '../object.ts';
import type { Quantities } from '../pod.ts';
import { duplicate, type FieldError, forbidden, invalid, required } from './field-error.ts';
import { checkQualifiedName } from './formats.ts';
import { compareQuantities } from './quantity.ts';
import {
	isOvercommitAllowed,
	isQuotaResource,
	validateContainerResourceName,
	validateQuantity,
	validateQuotaResourceName,
	validateResourceName,
} from './resources.ts';

export interface Limit {
	type?: string;
	min?: Quantities;
	max?: Quantities;
	default?: Quantities;
	defaultRequest?: Quantities;
	maxLimitRequestRatio?: Quantities;
}

export interface LimitRange extends KubeObject {
	spec?: { limits?: Limit[] };
}

export interface ScopeRequirement {
	scopeName?: string;
	operator?: string;
	values?: string[];
}

export interface ResourceQuota extends KubeObject {
	spec?: { hard?: Quantities; scopes?: string[]; scopeSelector?: { matchExpressions?: ScopeRequirement[] } };
	status?: { hard?: Quantities; used?: Quantities };
}

export function* validateLimitRange({ spec = {} }: LimitRange): Generator<FieldError> {
	const types = new Set<string>();
	for (const [index, limit] of (spec.limits ?? []).entries()) {
		const path = `spec.limits[${index}]`;
		const { type = '' } = limit;
		const faults = checkQualifiedName(type);
		for (const text of faults) yield invalid(`${path}.type`, type, text);
		if (faults.length === 0 && !type.includes('/') && !['Pod', 'Container', 'PersistentVolumeClaim'].includes(type))
			yield invalid(`${path}.type`, type, 'must be a standard limit type or fully qualified');
		if (types.has(type)) yield duplicate(`${path}.type`, type);
		types.add(type);
		yield* validateLimit(limit, path);
	}
}

function* validateLimit(limit: Limit, path: string): Generator<FieldError> {
	const isPod = limit.type === 'Pod';
	for (const name of ['max', 'min'] as const) yield* validateNames(limit[name], limit.type, `${path}.${name}`);
	for (const name of ['default', 'defaultRequest'] as const)
		if (!isPod) yield* validateNames(limit[name], limit.type, `${path}.${name}`);
		else if (Object.keys(limit[name] ?? {}).length > 0)
			yield forbidden(`${path}.${name}`, "may not be specified when `type` is 'Pod'");
	if (
		limit.type === 'PersistentVolumeClaim' &&
		limit.min?.['storage'] === undefined &&
		limit.max?.['storage'] === undefined
	)
		yield required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided');
	yield* validateNames(limit.maxLimitRequestRatio, limit.type, `${path}.maxLimitRequestRatio`);
	const { min = {}, max = {}, default: byDefault = {}, defaultRequest = {}, maxLimitRequestRatio = {} } = limit;
	const names = [min, max, isPod ? {} : byDefault, isPod ? {} : defaultRequest, maxLimitRequestRatio];
	for (const name of new Set(names.flatMap((quantities) => Object.keys(quantities))))
		yield* validateOrder(limit, name, path);
}

function* validateNames(quantities: Quantities = {}, type: string | undefined, path: string): Generator<FieldError> {
	const validate = type === 'Pod' || type === 'Container' ? validateContainerResourceName : validateResourceName;
	for (const name of Object.keys(quantities)) yield* validate(name, `${path}[${name}]`);
}

function* validateOrder(limit: Limit, name: string, path: string): Generator<FieldError> {
	const isPod = limit.type === 'Pod';
	const values: Record<string, string | undefined> = {
		min: limit.min?.[name],
		max: limit.max?.[name],
		default: isPod ? undefined : limit.default?.[name],
		defaultRequest: isPod ? undefined : limit.defaultRequest?.[name],
	};
	for (const { less, more, field, value, lessText, moreText } of orders) {
		const [low, high, shown] = [values[less], values[more], values[value]];
		if (low === undefined || high === undefined || compareQuantities(low, high) <= 0) continue;
		yield invalid(`${path}.${field}[${name}]`, shown ?? low, `${lessText} ${low} is greater than ${moreText} ${high}`);
	}
	const ratio = limit.maxLimitRequestRatio?.[name];
	const { default: byDefault, defaultRequest: request } = values;
	if (ratio !== undefined && compareQuantities(ratio, '1') < 0)
		yield invalid(`${path}.maxLimitRequestRatio[${name}]`, ratio, `ratio ${ratio} is less than 1`);
	const isFixed = !isOvercommitAllowed(name) && byDefault !== undefined && request !== undefined;
	if (isFixed && compareQuantities(byDefault, request) !== 0)
		yield invalid(
			`${path}.defaultRequest[${name}]`,
			request,
			`default value ${byDefault} must equal to defaultRequest value ${request} in ${name}`,
		);
}

/** `less` must not exceed `more`; `field` is blamed, and `value` is the one that is shown. */
const orders = [
	{ less: 'min', more: 'max', field: 'min', value: 'min', lessText: 'min value', moreText: 'max value' },
	{
		less: 'min',
		more: 'defaultRequest',
		field: 'defaultRequest',
		value: 'defaultRequest',
		lessText: 'min value',
		moreText: 'default request value',
	},
	{
		less: 'defaultRequest',
		more: 'max',
		field: 'defaultRequest',
		value: 'defaultRequest',
		lessText: 'default request value',
		moreText: 'max value',
	},
	{
		less: 'defaultRequest',
		more: 'default',
		field: 'defaultRequest',
		value: 'defaultRequest',
		lessText: 'default request value',
		moreText: 'default limit value',
	},
	{ less: 'min', more: 'default', field: 'default', value: 'min', lessText: 'min value', moreText: 'default value' },
	{ less: 'default', more: 'max', field: 'default', value: 'max', lessText: 'default value', moreText: 'max value' },
];

const scopes = [
	'Terminating',
	'NotTerminating',
	'BestEffort',
	'NotBestEffort',
	'PriorityClass',
	'CrossNamespacePodAffinity',
	'VolumeAttributesClass',
];
const podScopeResources = new Set([
	...['cpu', 'memory', 'ephemeral-storage', 'pods'],
	...['requests.cpu', 'requests.memory', 'requests.ephemeral-storage'],
	...['limits.cpu', 'limits.memory', 'limits.ephemeral-storage'],
]);

export function* validateResourceQuota({ spec = {}, status = {} }: ResourceQuota): Generator<FieldError> {
	yield* validateHard(spec.hard, 'spec.hard');
	yield* validateScopes(spec.scopes ?? [], spec.hard ?? {});
	for (const requirement of spec.scopeSelector?.matchExpressions ?? []) yield* validateScopeRequirement(requirement);
	yield* validateHard(status.hard, 'status.hard');
	yield* validateHard(status.used, 'status.used');
}

function* validateHard(quantities: Quantities = {}, path: string): Generator<FieldError> {
	for (const [name, quantity] of Object.entries(quantities)) {
		yield* validateQuotaResourceName(name, `${path}[${name}]`);
		yield* validateQuantity(name, quantity, `${path}[${name}]`);
	}
}

function* validateScopes(given: string[], hard: Quantities): Generator<FieldError> {
	const path = 'spec.scopes';
	for (const scope of given) {
		if (!scopes.includes(scope)) yield invalid(path, given, 'unsupported scope');
		for (const name of Object.keys(hard).sort())
			if (isQuotaResource(name) && !isScopeFor(scope, name))
				yield invalid(path, given, 'unsupported scope applied to resource');
	}
	for (const pair of ['BestEffort', 'Terminating'])
		if (given.includes(pair) && given.includes(`Not${pair}`)) yield invalid(path, given, 'conflicting scopes');
}

function isScopeFor(scope: string, name: string): boolean {
	if (scope === 'BestEffort') return name === 'pods';
	return podScopeResources.has(name) || name.includes('hugepages-');
}

function* validateScopeRequirement({
	scopeName = '',
	operator = '',
	values = [],
}: ScopeRequirement): Generator<FieldError> {
	const path = 'spec.scopeSelector.matchExpressions';
	if (!scopes.includes(scopeName)) yield invalid(`${path}.scopeName`, scopeName, 'unsupported scope');
	if (scopes.includes(scopeName) && !/Class$/.test(scopeName) && operator !== 'Exists')
		yield invalid(
			`${path}.operator`,
			operator,
			"must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
		);
	if (operator === 'In' || operator === 'NotIn') {
		if (values.length === 0)
			yield required(
				`${path}.values`,
				"must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
			);
	} else if (operator === 'Exists' || operator === 'DoesNotExist') {
		if (values.length > 0)
			yield invalid(
				`${path}.values`,
				values,
				"must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
			);
	} else yield invalid(`${path}.operator`, operator, 'not a valid selector operator');
}

export function* validateResourceQuotaChange({ spec = {} }: ResourceQuota, old: ResourceQuota): Generator<FieldError> {
	const [now, before] = [new Set(spec.scopes), new Set(old.spec?.scopes)];
	const isSame = now.size === before.size && [...now].every((scope) => before.has(scope));
	if (!isSame) yield invalid('spec.scopes', spec.scopes ?? null, 'field is immutable');
}
