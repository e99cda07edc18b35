/** Deployments and ReplicaSets (kubernetes pkg/apis/apps/validation). */

import type { LabelSelector } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import type { PodTemplate } from '../pod.ts';
import { type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';
import { isEmptySelector, showSelector, validateLabelSelector } from './labels.ts';
import { toShare, validateAtMostAll, validateNonNegative, validateShare } from './number.ts';
import { validateImmutable } from './object-meta.ts';
import { isSoundSelector, validateKeptRunning, validatePodTemplate, validateSelectorMatches } from './pod-template.ts';

export interface ReplicaSpec {
	replicas?: number;
	minReadySeconds?: number;
	selector?: LabelSelector;
	template?: PodTemplate;
	strategy?: { type?: string; rollingUpdate?: { maxUnavailable?: string | number; maxSurge?: string | number } };
	revisionHistoryLimit?: number;
	progressDeadlineSeconds?: number;
}

export interface Replicated extends KubeObject {
	spec?: ReplicaSpec;
	status?: Record<string, number | undefined>;
}

export function* validateDeployment({ spec = {} }: Replicated): Generator<FieldError> {
	yield* validateNonNegative(spec.replicas, 'spec.replicas');
	yield* validateSelectorAndTemplate(spec);
	yield* validateStrategy(spec.strategy ?? {}, 'spec.strategy');
	yield* validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds');
	yield* validateNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit');
	const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
	if (deadline === undefined) return;
	yield* validateNonNegative(deadline, 'spec.progressDeadlineSeconds');
	if (deadline <= minReadySeconds)
		yield invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
}

export function* validateReplicaSet({ spec = {} }: Replicated): Generator<FieldError> {
	yield* validateNonNegative(spec.replicas, 'spec.replicas');
	yield* validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds');
	yield* validateSelectorAndTemplate(spec);
}

export function* validateSelectorChange({ spec = {} }: Replicated, old: Replicated): Generator<FieldError> {
	yield* validateImmutable(spec.selector, old.spec?.selector, 'spec.selector');
}

/** ReplicaSets, too, speak of a deployment: so does the API server. */
function* validateSelectorAndTemplate({ selector, template = {} }: ReplicaSpec): Generator<FieldError> {
	if (!selector) yield required('spec.selector');
	else {
		yield* validateLabelSelector(selector, 'spec.selector');
		if (isEmptySelector(selector))
			yield invalid('spec.selector', showSelector(selector), 'empty selector is invalid for deployment');
	}
	if (!isSoundSelector(selector))
		return yield invalid('spec.selector', showSelector(selector ?? {}), 'invalid label selector');
	yield* validateSelectorMatches(selector, template, 'spec.template.metadata.labels');
	yield* validatePodTemplate(template, 'spec.template');
	yield* validateKeptRunning(template, 'spec.template', 'ReplicaSet');
}

function* validateStrategy(strategy: NonNullable<ReplicaSpec['strategy']>, path: string): Generator<FieldError> {
	const { type = '', rollingUpdate } = strategy;
	if (type === 'Recreate') {
		if (rollingUpdate)
			yield forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'");
	} else if (type !== 'RollingUpdate') {
		const value = { Type: type, RollingUpdate: rollingUpdate ?? null };
		yield unsupported(path, value, ['Recreate', 'RollingUpdate']);
	} else if (!rollingUpdate) yield required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil');
	else {
		const { maxUnavailable, maxSurge } = rollingUpdate;
		const field = `${path}.rollingUpdate`;
		yield* validateShare(maxUnavailable, `${field}.maxUnavailable`);
		yield* validateShare(maxSurge, `${field}.maxSurge`);
		if (toShare(maxUnavailable) === 0 && toShare(maxSurge) === 0)
			yield invalid(`${field}.maxUnavailable`, maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0');
		yield* validateAtMostAll(maxUnavailable, `${field}.maxUnavailable`);
	}
}

const deploymentCounts = [
	'observedGeneration',
	'replicas',
	'updatedReplicas',
	'readyReplicas',
	'availableReplicas',
	'unavailableReplicas',
	'terminatingReplicas',
	'collisionCount',
];
const replicaSetCounts = [
	'replicas',
	'fullyLabeledReplicas',
	'readyReplicas',
	'availableReplicas',
	'observedGeneration',
	'terminatingReplicas',
];

export function* validateDeploymentStatus({ status = {} }: Replicated, old: Replicated): Generator<FieldError> {
	yield* validateCounts(status, deploymentCounts, ['updatedReplicas', 'readyReplicas', 'availableReplicas']);
	if ((old.status?.['collisionCount'] ?? 0) > (status['collisionCount'] ?? 0))
		yield invalid('status.collisionCount', status['collisionCount'] ?? 0, 'cannot be decremented');
}

export function* validateReplicaSetStatus({ status = {} }: Replicated): Generator<FieldError> {
	yield* validateCounts(status, replicaSetCounts, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']);
}

function* validateCounts(
	status: Record<string, number | undefined>,
	counts: string[],
	parts: string[],
): Generator<FieldError> {
	for (const name of counts) yield* validateNonNegative(status[name], `status.${name}`);
	for (const name of parts)
		if ((status[name] ?? 0) > (status['replicas'] ?? 0))
			yield invalid(`status.${name}`, status[name] ?? 0, 'cannot be greater than status.replicas');
	if ((status['availableReplicas'] ?? 0) > (status['readyReplicas'] ?? 0))
		yield invalid('status.availableReplicas', status['availableReplicas'], 'cannot be greater than readyReplicas');
}
