/** `/scale`: how many replicas a workload has, as an object of its own. */

import { readCustomScale, writeReplicas } from '../custom/scale-paths.ts';
import { formatLabelSelector, type LabelSelector } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import { applyServerSide, ownersAfterScale, ownersOfScale, recordUpdate } from '../patch/index.ts';
import { nameType, type ResourceType } from '../resource-type.ts';
import { joinGroupVersion } from '../schema/index.ts';
import { createInvalidStatus } from '../validation/index.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { badRequest, internal } from './errors.ts';
import { getObject } from './read.ts';
import { writeChange } from './update.ts';

interface Workload extends KubeObject {
	spec: { replicas?: number; selector?: LabelSelector | Record<string, string> };
	status?: { replicas?: number };
}

/** It is a kind without a resource of its own. */
export const scaleType: ResourceType = {
	group: 'autoscaling',
	version: 'v1',
	resource: 'scales',
	singular: '',
	kind: 'Scale',
	isNamespaced: true,
	shortNames: [],
	categories: [],
	verbs: [],
	subresources: [],
	schema: 'io.k8s.api.autoscaling.v1.Scale',
};

export function getScale(core: Core, target: Target): KubeObject {
	const object = getObject(core, target);
	const paths = target.type.custom?.scale;
	if (paths !== undefined && readCustomScale(object, paths).replicas === undefined) {
		throw internal(`the spec replicas field "${paths.specReplicasPath}" does not exist`);
	}
	return scaleOf(target, object as Workload);
}

/** `change` makes a new Scale of the one that is. */
export function changeScale(
	core: Core,
	target: Target,
	change: (scale: KubeObject) => KubeObject,
	context: WriteContext,
): KubeObject {
	const record = (before: KubeObject) => {
		const after = leaveOutZero(change(before));
		const now = core.clock.now();
		const write = { type: scaleType, before, after, manager: context.fieldManager, now, subresource: 'scale' };
		return { ...after, metadata: { ...after.metadata, managedFields: recordUpdate(write) ?? [] } };
	};
	return writeScale(core, target, record, context);
}

/** Server-side apply. */
export function applyScale(core: Core, target: Target, applied: KubeObject, context: WriteContext): KubeObject {
	const { fieldManager: manager, isForced: force = false } = context;
	const write = { type: scaleType, applied, manager, force, now: core.clock.now(), subresource: 'scale' };
	return writeScale(core, target, (live) => applyServerSide({ ...write, live }), context);
}

/** `change`: to a Scale with its owners, from one. */
function writeScale(
	core: Core,
	target: Target,
	change: (scale: KubeObject) => KubeObject,
	context: WriteContext,
): KubeObject {
	const live = getObject(core, target) as Workload;
	const { managedFields, ...known } = live.metadata;
	const before = scaleOf(target, live);
	const scale = change({ ...before, metadata: { ...before.metadata, managedFields: ownersOfScale(managedFields) } });
	const replicas = (scale as { spec?: { replicas?: number } }).spec?.replicas ?? 0;
	checkScale(target, scale, replicas);
	const { resourceVersion, managedFields: owners } = scale.metadata;
	const ownersAfter = ownersAfterScale(managedFields, owners, joinGroupVersion(target.type));
	const metadata = {
		...known,
		...(resourceVersion && { resourceVersion }),
		...(ownersAfter.length > 0 && { managedFields: ownersAfter }),
	};
	const paths = target.type.custom?.scale;
	const wanted =
		paths === undefined
			? { ...live, metadata, spec: { ...live.spec, replicas } }
			: writeReplicas({ ...live, metadata }, paths, replicas);
	return scaleOf(target, writeChange(core, target, wanted, live, context) as Workload);
}

/** As Go writes a Scale. */
function leaveOutZero(scale: KubeObject): KubeObject {
	const { replicas, ...spec } = (scale['spec'] ?? {}) as { replicas?: number };
	return { ...scale, metadata: { ...scale.metadata }, spec: { ...spec, ...(replicas && { replicas }) } };
}

function checkScale({ name }: Target, { kind, apiVersion, metadata }: KubeObject, replicas: number): void {
	if (kind !== undefined && kind !== 'Scale') {
		const [version = ''] = (apiVersion ?? '').split('/').toReversed();
		const conversion = `converting (${version}.${kind}) to (autoscaling.Scale): unknown conversion`;
		throw badRequest(`${kind} in version "${version}" cannot be handled as a Scale: ${conversion}`);
	}
	if (metadata?.name && metadata.name !== name) {
		throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
	}
	if (replicas >= 0) return;
	const detail = 'must be greater than or equal to 0';
	throw createInvalidStatus('Scale.autoscaling', name, [
		{ type: 'Invalid value', field: 'spec.replicas', badValue: replicas, detail },
	]);
}

function scaleOf({ type }: Target, object: Workload): KubeObject {
	const { metadata, spec, status } = object;
	const { name, namespace, uid = '', resourceVersion = '', creationTimestamp = '' } = metadata;
	const head = {
		kind: 'Scale',
		apiVersion: 'autoscaling/v1',
		metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
	};
	if (type.custom?.scale !== undefined) {
		const { replicas, status: counted } = readCustomScale(object, type.custom.scale);
		return { ...head, spec: replicas ? { replicas } : {}, status: counted };
	}
	const isOld = nameType(type) === 'replicationcontrollers';
	const selector = isOld ? { matchLabels: spec.selector as Record<string, string> } : (spec.selector as LabelSelector);
	return {
		...head,
		spec: spec.replicas ? { replicas: spec.replicas } : {},
		status: { replicas: status?.replicas ?? 0, selector: formatLabelSelector(selector) },
	};
}
