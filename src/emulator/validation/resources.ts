/** Requests and limits, and the names that resources may have. */

import type { Quantities, Resources } from '../pod.ts';
import { duplicate, type FieldError, forbidden, invalid, required } from './field-error.ts';
import { checkQualifiedName } from './formats.ts';
import { compareQuantities, isWhole, toNanos } from './quantity.ts';

const containerResources = ['cpu', 'memory', 'ephemeral-storage'];
const countedResources = [
	'pods',
	'resourcequotas',
	'services',
	'replicationcontrollers',
	'secrets',
	'configmaps',
	'persistentvolumeclaims',
	'services.nodeports',
	'services.loadbalancers',
];
const computeResources = [
	...containerResources,
	...['requests.cpu', 'requests.memory', 'requests.ephemeral-storage'],
	...['limits.cpu', 'limits.memory', 'limits.ephemeral-storage'],
];
const standardResources = new Set([...computeResources, ...countedResources, 'storage', 'requests.storage']);
const quotaResources = new Set([...computeResources, ...countedResources, 'requests.storage']);

function isHugePages(name: string): boolean {
	return name.startsWith('hugepages-');
}

export function isQuotaResource(name: string): boolean {
	return quotaResources.has(name) || name.startsWith('hugepages-') || name.startsWith('requests.hugepages-');
}

export function isOvercommitAllowed(name: string): boolean {
	return isNative(name) && !isHugePages(name);
}

function isNative(name: string): boolean {
	return !name.includes('/') || name.includes('kubernetes.io/');
}

function isExtended(name: string): boolean {
	return !isNative(name) && !name.startsWith('requests.') && checkQualifiedName(`requests.${name}`).length === 0;
}

export function* validateResourceName(name: string, path: string): Generator<FieldError> {
	const faults = checkQualifiedName(name);
	for (const text of faults) yield invalid(path, name, text);
	if (
		faults.length === 0 &&
		!name.includes('/') &&
		!standardResources.has(name) &&
		!/^(requests\.)?hugepages-/.test(name)
	)
		yield invalid(path, name, 'must be a standard resource type or fully qualified');
}

export function* validateContainerResourceName(name: string, path: string): Generator<FieldError> {
	yield* validateResourceName(name, path);
	if (!name.includes('/')) {
		if (!containerResources.includes(name) && !isHugePages(name))
			yield invalid(path, name, 'must be a standard resource for containers');
	} else if (!isNative(name) && !isExtended(name))
		yield invalid(path, name, "doesn't follow extended resource name standard");
}

export function* validateQuotaResourceName(name: string, path: string): Generator<FieldError> {
	yield* validateResourceName(name, path);
	if (!name.includes('/') && !isQuotaResource(name)) yield invalid(path, name, 'must be a standard resource for quota');
}

export function* validateQuantity(name: string, value: string, path: string): Generator<FieldError> {
	if (toNanos(value) < 0n) yield invalid(path, value, 'must be greater than or equal to 0');
	if ((countedResources.includes(name) || isExtended(name)) && !isWhole(value))
		yield invalid(path, value, 'must be an integer');
}

type ValidateName = (name: string, path: string) => Iterable<FieldError>;

export function* validateResources(
	resources: Resources = {},
	path: string,
	validateName: ValidateName = validateContainerResourceName,
): Generator<FieldError> {
	const { limits = {}, requests = {} } = resources;
	yield* validateQuantities(limits, `${path}.limits`, validateName);
	for (const [name, request] of Object.entries(requests)) {
		yield* validateQuantities({ [name]: request }, `${path}.requests`, validateName);
		yield* validateRequest(name, request, limits[name], path);
	}
	const names = [...Object.keys(limits), ...Object.keys(requests)];
	if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
		yield forbidden(path, 'HugePages require cpu or memory');
	yield* validateClaims(resources.claims, `${path}.claims`);
}

function* validateQuantities(quantities: Quantities, path: string, validateName: ValidateName): Generator<FieldError> {
	for (const [name, quantity] of Object.entries(quantities)) {
		yield* validateName(name, `${path}[${name}]`);
		yield* validateQuantity(name, quantity, `${path}[${name}]`);
	}
}

function* validateRequest(
	name: string,
	request: string,
	limit: string | undefined,
	path: string,
): Generator<FieldError> {
	if (limit === undefined) {
		if (!isOvercommitAllowed(name))
			yield required(`${path}.limits`, 'Limit must be set for non overcommitable resources');
		return;
	}
	const refuse = (relation: string) =>
		invalid(`${path}.requests`, request, `must be ${relation} ${name} limit of ${limit}`);
	const order = compareQuantities(request, limit);
	if (order !== 0 && !isOvercommitAllowed(name)) yield refuse('equal to');
	else if (order > 0) yield refuse('less than or equal to');
}

function* validateClaims(claims: { name?: string }[] = [], path: string): Generator<FieldError> {
	const names = new Set<string>();
	for (const [index, { name }] of claims.entries()) {
		if (!name) yield required(`${path}[${index}]`);
		else if (names.has(name)) yield duplicate(`${path}[${index}]`, name);
		else names.add(name);
	}
}
