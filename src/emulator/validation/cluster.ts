/** Small kinds of the cluster: nodes, events, leases, classes, budgets and claims. */

import type { LabelSelector } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import { taintEffects } from './affinity.ts';
import { isEqual } from './equality.ts';
import { duplicate, type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';
import { checkDnsSubdomain, checkLabelValue, checkQualifiedName } from './formats.ts';
import { validateCidr } from './ip.ts';
import { validateLabelName, validateLabelSelector } from './labels.ts';
import { validateAtMostAll, validateNonNegative, validateShare } from './number.ts';
import { validateImmutable } from './object-meta.ts';
import { type PersistentClaimSpec, validatePersistentClaimSpec } from './persistent-claim.ts';
import { validateQuantity } from './resources.ts';

export interface Node extends KubeObject {
	spec?: { taints?: { key?: string; value?: string; effect?: string }[]; podCIDRs?: string[]; providerID?: string };
	status?: { capacity?: Record<string, string>; allocatable?: Record<string, string> };
}

export function* validateNode({ spec = {}, status = {} }: Node): Generator<FieldError> {
	yield* validateTaints(spec.taints ?? [], 'metadata.taints');
	for (const list of ['capacity', 'allocatable'] as const)
		for (const [name, quantity] of Object.entries(status[list] ?? {}))
			yield* validateQuantity(name, quantity, `status.${list}.${name}`);
}

export function* validateNewNode({ spec = {} }: Node): Generator<FieldError> {
	for (const [index, range] of (spec.podCIDRs ?? []).entries()) yield* validateCidr(range, `spec.podCIDRs[${index}]`);
}

export function* validateNodeChange({ spec = {} }: Node, { spec: old = {} }: Node): Generator<FieldError> {
	if (old.podCIDRs?.length && !isEqual(spec.podCIDRs, old.podCIDRs))
		yield forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid');
	if (old.providerID && spec.providerID !== old.providerID)
		yield forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid');
}

function* validateTaints(
	taints: { key?: string; value?: string; effect?: string }[],
	path: string,
): Generator<FieldError> {
	const seen = new Set<string>();
	for (const [index, { key = '', value = '', effect = '' }] of taints.entries()) {
		const field = `${path}[${index}]`;
		yield* validateLabelName(key, `${field}.key`);
		const faults = checkLabelValue(value);
		if (faults.length > 0) yield invalid(`${field}.value`, value, faults.join(';'));
		if (effect === '') yield required(`${field}.effect`);
		else if (!taintEffects.includes(effect)) yield unsupported(`${field}.effect`, effect, taintEffects);
		if (seen.has(`${effect}/${key}`))
			yield {
				...duplicate(field, { Key: key, Value: value, Effect: effect, TimeAdded: null }),
				detail: 'taints must be unique by key and effect pair',
			};
		seen.add(`${effect}/${key}`);
	}
}

export interface Event extends KubeObject {
	involvedObject?: { namespace?: string };
	eventTime?: string | null;
	reportingComponent?: string;
	reportingInstance?: string;
	action?: string;
	reason?: string;
	message?: string;
}

export function* validateEvent(event: Event): Generator<FieldError> {
	const { namespace = '' } = event.metadata;
	const involved = event.involvedObject?.namespace ?? '';
	const mismatch = invalid('involvedObject.namespace', involved, 'does not match event.namespace');
	if (!event.eventTime) {
		if (involved === '' ? namespace !== '' && namespace !== 'default' : namespace !== involved) yield mismatch;
	} else {
		if (involved === '' && namespace !== 'default' && namespace !== 'kube-system') yield mismatch;
		const { reportingComponent: component = '', reportingInstance: instance = '', action = '', reason = '' } = event;
		if (component === '') yield required('reportingComponent');
		for (const text of checkQualifiedName(component)) yield invalid('reportingComponent', component, text);
		yield* validateShort(instance, 'reportingInstance', 128);
		yield* validateShort(action, 'action', 128);
		yield* validateShort(reason, 'reason', 128);
		if (Buffer.byteLength(event.message ?? '') > 1024) yield invalid('message', '', 'can have at most 1024 characters');
	}
	for (const text of checkDnsSubdomain(namespace)) yield invalid('namespace', namespace, text);
}

function* validateShort(value: string, path: string, most: number): Generator<FieldError> {
	if (value === '') yield required(path);
	if (Buffer.byteLength(value) > most) yield invalid(path, '', `can have at most ${most} characters`);
}

export interface Lease extends KubeObject {
	spec?: { leaseDurationSeconds?: number; leaseTransitions?: number; strategy?: string; preferredHolder?: string };
}

export function* validateLease({ spec = {} }: Lease): Generator<FieldError> {
	const { leaseDurationSeconds: duration, leaseTransitions: transitions, preferredHolder, strategy } = spec;
	if (duration !== undefined && duration <= 0)
		yield invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0');
	yield* validateNonNegative(transitions, 'spec.leaseTransitions');
	if (preferredHolder && !strategy)
		yield forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined');
}

export interface PriorityClass extends KubeObject {
	value?: number;
	preemptionPolicy?: string;
	globalDefault?: boolean;
}

export function* validatePriorityClass({
	metadata,
	value = 0,
	preemptionPolicy,
}: PriorityClass): Generator<FieldError> {
	const isKnown = metadata.name === 'system-node-critical' || metadata.name === 'system-cluster-critical';
	if (metadata.name.startsWith('system-')) {
		if (!isKnown)
			yield forbidden(
				'metadata.name',
				`priority class names with 'system-' prefix are reserved for system use only. error: ${metadata.name} is not a known system priority class`,
			);
	} else if (value > 1_000_000_000)
		yield forbidden('value', 'maximum allowed value of a user defined priority is 1000000000');
	const policies = ['PreemptLowerPriority', 'Never'];
	if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy))
		yield unsupported('preemptionPolicy', preemptionPolicy, policies);
}

export function* validatePriorityClassChange(now: PriorityClass, old: PriorityClass): Generator<FieldError> {
	if ((now.value ?? 0) !== (old.value ?? 0)) yield forbidden('value', 'may not be changed in an update.');
	yield* validateImmutable(now.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy');
}

export interface StorageClass extends KubeObject {
	provisioner?: string;
	parameters?: Record<string, string>;
	reclaimPolicy?: string;
	volumeBindingMode?: string;
}

export function* validateStorageClass({ provisioner = '', ...storage }: StorageClass): Generator<FieldError> {
	if (provisioner === '') yield required('provisioner');
	else
		for (const text of checkQualifiedName(provisioner.toLowerCase()))
			yield invalid('provisioner', provisioner.toLowerCase(), text);
	const policies = ['Delete', 'Retain'];
	const { reclaimPolicy, volumeBindingMode: mode } = storage;
	if (reclaimPolicy && !policies.includes(reclaimPolicy)) yield unsupported('reclaimPolicy', reclaimPolicy, policies);
	const modes = ['Immediate', 'WaitForFirstConsumer'];
	if (mode === undefined) yield required('volumeBindingMode');
	else if (!modes.includes(mode)) yield unsupported('volumeBindingMode', mode, modes);
}

export function* validateStorageClassChange(now: StorageClass, old: StorageClass): Generator<FieldError> {
	for (const name of ['parameters', 'provisioner', 'reclaimPolicy'] as const)
		if (!isEqual(now[name], old[name])) yield forbidden(name, `updates to ${name} are forbidden.`);
	yield* validateImmutable(now.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode');
}

export interface PersistentClaim extends KubeObject {
	spec?: PersistentClaimSpec;
}

export function* validatePersistentClaim({ spec = {} }: PersistentClaim): Generator<FieldError> {
	yield* validatePersistentClaimSpec(spec, 'spec');
}

export interface DisruptionBudget extends KubeObject {
	spec?: {
		minAvailable?: string | number;
		maxUnavailable?: string | number;
		selector?: LabelSelector;
		unhealthyPodEvictionPolicy?: string;
	};
}

export function* validateDisruptionBudget({ spec = {} }: DisruptionBudget): Generator<FieldError> {
	const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec;
	if (minAvailable !== undefined && maxUnavailable !== undefined) {
		const value = {
			MinAvailable: minAvailable,
			Selector: spec.selector ?? null,
			MaxUnavailable: maxUnavailable,
			UnhealthyPodEvictionPolicy: policy ?? null,
		};
		yield invalid('spec', value, 'minAvailable and maxUnavailable cannot be both set');
	}
	for (const name of ['minAvailable', 'maxUnavailable'] as const) {
		yield* validateShare(spec[name], `spec.${name}`);
		yield* validateAtMostAll(spec[name], `spec.${name}`);
	}
	yield* validateLabelSelector(spec.selector, 'spec.selector');
	const policies = ['AlwaysAllow', 'IfHealthyBudget'];
	if (policy !== undefined && !policies.includes(policy))
		yield unsupported('spec.unhealthyPodEvictionPolicy', policy, policies);
}
