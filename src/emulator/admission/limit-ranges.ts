/** LimitRanges of the namespace: requests and limits that are left out are filled in, and none may be out of range. */

import type { KubeObject } from '../object.ts';
import type { Container, Pod, Quantities, Resources } from '../pod.ts';
import { compareQuantities, isZeroQuantity, toNanos } from '../validation/quantity.ts';
import type { Limit, LimitRange } from '../validation/quota.ts';
import { type AdmissionContext, forbid } from './context.ts';
import { sumLimits, sumRequests } from './pod-resources.ts';

const annotation = 'kubernetes.io/limit-ranger';

export function applyLimitRanges(pod: Pod, context: AdmissionContext): Pod {
	return listLimits(pod, context).reduce((current, { spec }) => fillIn(current, spec?.limits ?? []), pod);
}

function listLimits(object: KubeObject, context: AdmissionContext): readonly LimitRange[] {
	return context.list('limitranges', object.metadata.namespace ?? '') as readonly LimitRange[];
}

function fillIn(pod: Pod, limits: Limit[]): Pod {
	const forContainers = limits.filter(({ type }) => type === 'Container');
	const requests: Quantities = Object.assign({}, ...forContainers.map(({ defaultRequest }) => defaultRequest));
	const byDefault: Quantities = Object.assign({}, ...forContainers.map((limit) => limit.default));
	const notes: string[] = [];
	const fill = (container: Container, label: string): Container => {
		const { resources = {} } = container;
		const missingLimits = findMissing(byDefault, resources.limits);
		const missingRequests = findMissing(requests, resources.requests);
		for (const [missing, what] of [[missingRequests, 'request'] as const, [missingLimits, 'limit'] as const])
			if (missing.length > 0) notes.push(`${missing.sort().join(', ')} ${what} for ${label} ${container.name}`);
		return { ...container, resources: complete(resources, byDefault, requests) };
	};
	const containers = (pod.spec.containers ?? []).map((container) => fill(container, 'container'));
	const initContainers = pod.spec.initContainers?.map((container) => fill(container, 'init container'));
	if (notes.length === 0) return pod;
	const annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` };
	return {
		...pod,
		metadata: { ...pod.metadata, annotations },
		spec: { ...pod.spec, containers, ...(initContainers && { initContainers }) },
	};
}

function findMissing(wanted: Quantities, given: Quantities = {}): string[] {
	return Object.keys(wanted).filter((name) => given[name] === undefined);
}

function complete(resources: Resources, limits: Quantities, requests: Quantities): Resources {
	const completed = { limits: { ...limits, ...resources.limits }, requests: { ...requests, ...resources.requests } };
	return {
		...resources,
		...(Object.keys(completed.limits).length > 0 && { limits: completed.limits }),
		...(Object.keys(completed.requests).length > 0 && { requests: completed.requests }),
	};
}

export function checkLimitRanges(pod: Pod, context: AdmissionContext): void {
	for (const { spec } of listLimits(pod, context))
		refuse(
			'pods',
			pod,
			(spec?.limits ?? []).flatMap((limit) => findViolations(pod, limit)),
		);
}

export function checkClaimLimits(claim: KubeObject, context: AdmissionContext): void {
	const { resources } = (claim['spec'] ?? {}) as { resources?: Resources };
	for (const { spec } of listLimits(claim, context))
		refuse(
			'persistentvolumeclaims',
			claim,
			(spec?.limits ?? [])
				.filter(({ type }) => type === 'PersistentVolumeClaim')
				.flatMap((limit) => [
					...checkEach(limit.min, (name, bound) => checkLeast('PersistentVolumeClaim', name, bound, resources)),
					...checkEach(limit.max, (name, bound) => checkMostRequest('PersistentVolumeClaim', name, bound, resources)),
				]),
		);
}

function refuse(type: string, object: KubeObject, texts: string[]): void {
	const unique = [...new Set(texts)];
	if (unique.length === 0) return;
	throw forbid(type, object.metadata.name, unique.length === 1 ? String(unique[0]) : `[${unique.join(', ')}]`);
}

function findViolations({ spec }: Pod, limit: Limit): string[] {
	if (limit.type === 'Container')
		return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
			checkResources('Container', limit, resources),
		);
	if (limit.type !== 'Pod') return [];
	return checkResources('Pod', limit, { requests: sumRequests(spec), limits: sumLimits(spec) });
}

function checkResources(type: string, limit: Limit, resources: Resources = {}): string[] {
	return [
		...checkEach(limit.min, (name, bound) => checkLeast(type, name, bound, resources)),
		...checkEach(limit.max, (name, bound) => checkMost(type, name, bound, resources)),
		...checkEach(limit.maxLimitRequestRatio, (name, bound) => checkRatio(type, name, bound, resources)),
	];
}

type Check = (name: string, bound: string) => string | null;

function checkEach(bounds: Quantities = {}, check: Check): string[] {
	return Object.entries(bounds).flatMap(([name, bound]) => check(name, bound) ?? []);
}

function checkLeast(type: string, name: string, bound: string, resources: Resources = {}): string | null {
	const [request, limit] = [resources.requests?.[name], resources.limits?.[name]];
	const text = `minimum ${name} usage per ${type} is ${bound}`;
	if (request === undefined) return `${text}.  No request is specified`;
	if (compareQuantities(request, bound) < 0) return `${text}, but request is ${request}`;
	if (limit === undefined || compareQuantities(limit, bound) >= 0) return null;
	return `${text}, but limit is ${limit}`;
}

function checkMost(type: string, name: string, bound: string, resources: Resources): string | null {
	const [request, limit] = [resources.requests?.[name], resources.limits?.[name]];
	const text = `maximum ${name} usage per ${type} is ${bound}`;
	if (limit === undefined) return `${text}.  No limit is specified`;
	if (compareQuantities(limit, bound) > 0) return `${text}, but limit is ${limit}`;
	if (request === undefined || compareQuantities(request, bound) <= 0) return null;
	return `${text}, but request is ${request}`;
}

function checkMostRequest(type: string, name: string, bound: string, resources: Resources = {}): string | null {
	const request = resources.requests?.[name];
	const text = `maximum ${name} usage per ${type} is ${bound}`;
	if (request === undefined) return `${text}.  No request is specified`;
	return compareQuantities(request, bound) > 0 ? `${text}, but request is ${request}` : null;
}

function checkRatio(type: string, name: string, bound: string, resources: Resources): string | null {
	const [request, limit] = [resources.requests?.[name], resources.limits?.[name]];
	const text = `${name} max limit to request ratio per ${type} is ${bound}`;
	if (request === undefined || isZeroQuantity(request)) return `${text}, but no request is specified or request is 0`;
	if (limit === undefined || isZeroQuantity(limit)) return `${text}, but no limit is specified or limit is 0`;
	const ratio = Number(toNanos(limit)) / Number(toNanos(request));
	return ratio * 1e9 > Number(toNanos(bound)) ? `${text}, but provided ratio is ${ratio.toFixed(6)}` : null;
}
