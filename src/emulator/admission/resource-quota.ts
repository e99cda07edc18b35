/** ResourceQuotas of the namespace: what would go beyond one is refused. */

import type { KubeObject } from '../object.ts';
import type { Container, Pod, PodSpec, Quantities } from '../pod.ts';
import type { TypeName } from '../resource-type.ts';
import { addQuantities, compareQuantities, isZeroQuantity } from '../validation/quantity.ts';
import type { ResourceQuota, ScopeRequirement } from '../validation/quota.ts';
import { type AdmissionContext, forbid } from './context.ts';
import { add, sumLimits, sumRequests } from './pod-resources.ts';
import { findQosClass } from './prepare-pod.ts';

/** Types that a quota also counts under their bare name. */
const countedByName = [
	'services',
	'secrets',
	'configmaps',
	'persistentvolumeclaims',
	'replicationcontrollers',
	'resourcequotas',
];
const compute = ['cpu', 'memory', 'ephemeral-storage'];
/** Where one of these is limited, every container must say what it needs. */
const explicit = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** `old`: null where the object is new. */
export function checkQuotas(
	type: TypeName,
	object: KubeObject,
	old: KubeObject | null,
	context: AdmissionContext,
): void {
	const namespace = object.metadata.namespace ?? '';
	if (namespace === '' || type === 'events') return;
	for (const quota of context.list('resourcequotas', namespace) as readonly ResourceQuota[])
		checkQuota(quota, type, object, old, context);
}

function checkQuota(
	quota: ResourceQuota,
	type: TypeName,
	object: KubeObject,
	old: KubeObject | null,
	context: AdmissionContext,
): void {
	const hard = quota.spec?.hard ?? {};
	const usage = keep(measure(type, object, context.now), hard);
	if (Object.keys(usage).length === 0 && type !== 'pods') return;
	if (!isInScope(quota, type, object)) return;
	if (type === 'pods' && old === null) requireExplicit(quota, object as Pod);
	const before = old === null ? {} : keep(measure(type, old, context.now), hard);
	const requested = subtract(usage, before);
	const used = measureQuota(quota, context);
	const exceeded = Object.entries(requested).filter(
		([name, value]) => compareQuantities(addQuantities([used[name] ?? '0', value]), hard[name] ?? '0') > 0,
	);
	if (exceeded.length === 0) return;
	const names = exceeded.map(([name]) => name).sort();
	const tell = (quantities: Quantities) => names.map((name) => `${name}=${quantities[name] ?? '0'}`);
	throw forbid(
		type,
		object.metadata.name,
		`exceeded quota: ${quota.metadata.name}, requested: ${tell(requested)}, used: ${tell(used)}, limited: ${tell(hard)}`,
	);
}

/** What of a quota is used now: `status.used`. */
export function measureQuota(quota: ResourceQuota, context: Pick<AdmissionContext, 'list' | 'now'>): Quantities {
	const hard = quota.spec?.hard ?? {};
	let used: Quantities = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
	for (const type of findTypes(hard))
		for (const object of context.list(type, quota.metadata.namespace ?? ''))
			if (isInScope(quota, type, object)) used = add(used, keep(measure(type, object, context.now), hard));
	return used;
}

/** The types that a quota counts or measures. */
export function findTypes(hard: Quantities): TypeName[] {
	const types = Object.keys(hard).map((name) => {
		if (name.startsWith('count/')) return name.slice('count/'.length);
		if (name.startsWith('services.')) return 'services';
		if (name.endsWith('requests.storage')) return 'persistentvolumeclaims';
		return countedByName.includes(name) ? name : 'pods';
	});
	return [...new Set(types)];
}

/** What one object uses of everything that a quota can limit. */
function measure(type: TypeName, object: KubeObject, now: Date): Quantities {
	const counted: Quantities = { [`count/${type}`]: '1', ...(countedByName.includes(type) && { [type]: '1' }) };
	if (type === 'pods') return { ...counted, ...(isAlive(object as Pod, now) && measurePod((object as Pod).spec)) };
	const spec = (object['spec'] ?? {}) as Record<string, unknown>;
	if (type === 'persistentvolumeclaims') {
		const { requests } = (spec['resources'] ?? {}) as { requests?: Quantities };
		return { ...counted, ...(requests?.['storage'] !== undefined && { 'requests.storage': requests['storage'] }) };
	}
	if (type !== 'services') return counted;
	const ports = ((spec['ports'] ?? []) as unknown[]).length;
	const isBalanced = spec['type'] === 'LoadBalancer';
	return {
		...counted,
		'services.loadbalancers': isBalanced ? '1' : '0',
		'services.nodeports': isBalanced || spec['type'] === 'NodePort' ? String(ports) : '0',
	};
}

function isAlive({ metadata, status }: Pod, now: Date): boolean {
	if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
	if (!metadata.deletionTimestamp) return true;
	const end = Date.parse(metadata.deletionTimestamp) + (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
	return now.getTime() <= end;
}

function measurePod(spec: PodSpec): Quantities {
	return { pods: '1', ...measureCompute(sumRequests(spec), sumLimits(spec)) };
}

function measureCompute(requests: Quantities, limits: Quantities): Quantities {
	const used: Quantities = {};
	for (const [name, value] of Object.entries(requests)) {
		if (compute.includes(name) || name.startsWith('hugepages-')) used[name] = value;
		used[`requests.${name}`] = value;
	}
	for (const name of compute) if (limits[name] !== undefined) used[`limits.${name}`] = limits[name];
	return used;
}

function requireExplicit(quota: ResourceQuota, { metadata, spec }: Pod): void {
	if (spec.resources) return;
	const required = explicit.filter((name) => quota.spec?.hard?.[name] !== undefined);
	const containers = [...spec.containers, ...(spec.initContainers ?? [])];
	const missing = required.sort().flatMap((name) => {
		const without = containers.filter((container) => !says(container, name)).map((container) => container.name);
		return without.length === 0 ? [] : [`${name} for: ${[...new Set(without)].sort().join(',')}`];
	});
	if (missing.length > 0)
		throw forbid('pods', metadata.name, `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`);
}

function says({ resources = {} }: Container, name: string): boolean {
	return measureCompute(resources.requests ?? {}, resources.limits ?? {})[name] !== undefined;
}

function isInScope({ spec = {} }: ResourceQuota, type: TypeName, object: KubeObject): boolean {
	const given: ScopeRequirement[] = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
	const requirements = [...given, ...(spec.scopeSelector?.matchExpressions ?? [])];
	if (requirements.length === 0) return true;
	return type === 'pods' && requirements.every((requirement) => meetsScope(object as Pod, requirement));
}

function meetsScope({ spec }: Pod, { scopeName, operator, values = [] }: ScopeRequirement): boolean {
	const isTerminating = spec.activeDeadlineSeconds !== undefined;
	const isBestEffort = findQosClass(spec) === 'BestEffort';
	if (scopeName === 'Terminating') return isTerminating;
	if (scopeName === 'NotTerminating') return !isTerminating;
	if (scopeName === 'BestEffort') return isBestEffort;
	if (scopeName === 'NotBestEffort') return !isBestEffort;
	if (scopeName !== 'PriorityClass') return false;
	const name = spec.priorityClassName ?? '';
	if (operator === 'Exists') return name !== '';
	if (operator === 'DoesNotExist') return name === '';
	return operator === 'In' ? values.includes(name) : !values.includes(name);
}

function keep(usage: Quantities, hard: Quantities): Quantities {
	return Object.fromEntries(Object.entries(usage).filter(([name]) => hard[name] !== undefined));
}

/** Without what is nothing. */
function subtract(usage: Quantities, before: Quantities): Quantities {
	const rest = Object.entries(usage).flatMap(([name, value]) => {
		const old = before[name];
		const left = old === undefined ? value : addQuantities([value, negate(old)]);
		return isZeroQuantity(left) || left.startsWith('-') ? [] : [[name, left] as const];
	});
	return Object.fromEntries(rest);
}

function negate(quantity: string): string {
	return quantity.startsWith('-') ? quantity.slice(1) : `-${quantity}`;
}
