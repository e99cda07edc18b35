/** `/scale`: how many replicas a workload has, as an object of its own. */

import type { KubeObject } from '../object.ts';
import { nameType } from '../resource-type.ts';
import { createInvalidStatus } from '../validation/index.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { badRequest } from './errors.ts';
import { getObject } from './read.ts';
import { changeObject } from './update.ts';

interface Workload extends KubeObject {
	spec: { replicas?: number; selector?: Selector | Record<string, string> };
	status?: { replicas?: number };
}

interface Selector {
	matchLabels?: Record<string, string>;
	matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export function getScale(core: Core, target: Target): KubeObject {
	return scaleOf(target, getObject(core, target) as Workload);
}

/** `change` makes a new Scale of the one that is. */
export function changeScale(
	core: Core,
	target: Target,
	change: (scale: KubeObject) => unknown,
	context: WriteContext,
): KubeObject {
	const setReplicas = (live: KubeObject): KubeObject => {
		const scale = change(scaleOf(target, live as Workload)) as KubeObject;
		const { spec = {}, metadata } = scale as { spec?: { replicas?: number }; metadata?: KubeObject['metadata'] };
		checkScale(target, scale, spec.replicas ?? 0);
		const resourceVersion = metadata?.resourceVersion;
		return {
			...live,
			metadata: { ...live.metadata, ...(resourceVersion && { resourceVersion }) },
			spec: { ...(live['spec'] as object), replicas: spec.replicas ?? 0 },
		};
	};
	return scaleOf(target, changeObject(core, target, setReplicas, context) as Workload);
}

function checkScale({ name }: Target, { kind, metadata }: KubeObject, replicas: number): void {
	if (kind !== undefined && kind !== 'Scale') throw badRequest(`expected input object type to be Scale, but ${kind}`);
	if (metadata?.name && metadata.name !== name) {
		throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
	}
	if (replicas >= 0) return;
	const detail = 'must be greater than or equal to 0';
	throw createInvalidStatus('Scale.autoscaling', name, [
		{ type: 'Invalid value', field: 'spec.replicas', badValue: replicas, detail },
	]);
}

function scaleOf({ type }: Target, { metadata, spec, status }: Workload): KubeObject {
	const { name, namespace = '', uid = '', resourceVersion = '', creationTimestamp = '' } = metadata;
	const isOld = nameType(type) === 'replicationcontrollers';
	const selector = isOld ? { matchLabels: spec.selector as Record<string, string> } : (spec.selector as Selector);
	return {
		kind: 'Scale',
		apiVersion: 'autoscaling/v1',
		metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
		spec: spec.replicas ? { replicas: spec.replicas } : {},
		status: { replicas: status?.replicas ?? 0, selector: formatSelector(selector) },
	};
}

/** As `metav1.FormatLabelSelector` writes it: sorted by key. */
export function formatSelector({ matchLabels = {}, matchExpressions = [] }: Selector = {}): string {
	const terms = [
		...Object.entries(matchLabels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
		...matchExpressions.map(({ key, operator, values = [] }) => ({ key, text: formatTerm(key, operator, values) })),
	];
	return terms
		.sort((a, b) => (a.key < b.key ? -1 : 1))
		.map(({ text }) => text)
		.join(',');
}

function formatTerm(key: string, operator: string, values: readonly string[]): string {
	if (operator === 'Exists') return key;
	if (operator === 'DoesNotExist') return `!${key}`;
	return `${key} ${operator.toLowerCase()} (${[...values].sort().join(',')})`;
}
