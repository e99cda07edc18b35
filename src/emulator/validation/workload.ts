/** StatefulSets, DaemonSets, ReplicationControllers and PodTemplates. */

import { type LabelSelector, selects } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import type { PodTemplate, Volume } from '../pod.ts';
import { isEqual } from './equality.ts';
import { type FieldError, forbidden, invalid, required, showMap, unsupported } from './field-error.ts';
import { checkDnsLabel } from './formats.ts';
import { isEmptySelector, showSelector, validateLabelSelector, validateLabels } from './labels.ts';
import { toShare, validateAtMostAll, validateNonNegative, validateShare } from './number.ts';
import { validateAnnotations, validateImmutable } from './object-meta.ts';
import { type PersistentClaimSpec, validatePersistentClaimSpec } from './persistent-claim.ts';
import { validatePodAnnotations } from './pod.ts';
import { isSoundSelector, validateKeptRunning, validatePodTemplate, validateSelectorMatches } from './pod-template.ts';

interface UpdateStrategy {
	type?: string;
	rollingUpdate?: { partition?: number; maxUnavailable?: string | number; maxSurge?: string | number };
}

interface StatefulSetSpec {
	podManagementPolicy?: string;
	updateStrategy?: UpdateStrategy;
	persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
	volumeClaimTemplates?: { metadata?: { name?: string }; spec?: PersistentClaimSpec }[];
	replicas?: number;
	minReadySeconds?: number;
	ordinals?: { start?: number };
	serviceName?: string;
	selector?: LabelSelector;
	template?: PodTemplate;
	revisionHistoryLimit?: number;
}

export interface StatefulSet extends KubeObject {
	spec?: StatefulSetSpec;
}

export interface DaemonSet extends KubeObject {
	spec?: {
		selector?: LabelSelector;
		template?: PodTemplate;
		minReadySeconds?: number;
		updateStrategy?: UpdateStrategy;
		revisionHistoryLimit?: number;
	};
}

export function* validateStatefulSet({ spec = {} }: StatefulSet): Generator<FieldError> {
	const policy = spec.podManagementPolicy;
	if (!policy) yield required('spec.podManagementPolicy');
	else if (policy !== 'OrderedReady' && policy !== 'Parallel')
		yield invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'");
	yield* validateStatefulStrategy(spec.updateStrategy ?? {});
	const retention = spec.persistentVolumeClaimRetentionPolicy;
	for (const name of ['whenDeleted', 'whenScaled'] as const)
		if (retention && retention[name] !== 'Retain' && retention[name] !== 'Delete')
			yield unsupported(`spec.persistentVolumeClaimRetentionPolicy.${name}`, retention[name], ['Retain', 'Delete']);
	for (const [index, claim] of (spec.volumeClaimTemplates ?? []).entries())
		yield* validatePersistentClaimSpec(claim.spec ?? {}, `spec.volumeClaimTemplates[${index}].spec`);
	yield* validateNonNegative(spec.replicas, 'spec.replicas');
	yield* validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds');
	yield* validateNonNegative(spec.ordinals?.start, 'spec.ordinals.start');
	if (spec.serviceName)
		for (const text of checkDnsLabel(spec.serviceName)) yield invalid('spec.serviceName', spec.serviceName, text);
	if (!spec.selector) yield required('spec.selector');
	else {
		yield* validateLabelSelector(spec.selector, 'spec.selector');
		if (isEmptySelector(spec.selector))
			yield invalid('spec.selector', showSelector(spec.selector), 'empty selector is invalid for statefulset');
	}
	if (!isSoundSelector(spec.selector)) yield invalid('spec.selector', spec.selector, '');
	else yield* validateStatefulTemplate(spec, 'spec.template');
	yield* validateKeptRunning(spec.template ?? {}, 'spec.template', 'StatefulSet');
}

function* validateStatefulStrategy({ type, rollingUpdate }: UpdateStrategy): Generator<FieldError> {
	const path = 'spec.updateStrategy';
	const field = `${path}.rollingUpdate`;
	const value = rollingUpdate
		? { Partition: rollingUpdate.partition ?? 0, MaxUnavailable: rollingUpdate.maxUnavailable ?? null }
		: null;
	if (!type) yield required(path);
	else if (type === 'OnDelete') {
		if (rollingUpdate) yield invalid(field, value, "only allowed for updateStrategy 'RollingUpdate'");
	} else if (type !== 'RollingUpdate')
		yield invalid(path, { Type: type, RollingUpdate: value }, "must be 'RollingUpdate' or 'OnDelete'");
	else if (rollingUpdate) {
		yield* validateNonNegative(rollingUpdate.partition, `${field}.partition`);
		const { maxUnavailable } = rollingUpdate;
		if (maxUnavailable === undefined) return;
		yield* validateShare(maxUnavailable, `${field}.maxUnavailable`);
		if (toShare(maxUnavailable) === 0) yield invalid(`${field}.maxUnavailable`, maxUnavailable, 'cannot be 0');
		yield* validateAtMostAll(maxUnavailable, `${field}.maxUnavailable`);
	}
}

/** The Pods get a name and the claimed volumes of their own; the template is looked at as if it had them. */
function* validateStatefulTemplate(
	{ selector, template = {}, ...spec }: StatefulSetSpec,
	path: string,
): Generator<FieldError> {
	yield* validateSelectorMatches(selector, template, `${path}.metadata.labels`);
	const claimed = (spec.volumeClaimTemplates ?? []).map(
		({ metadata }): Volume => ({
			name: metadata?.name ?? '',
			persistentVolumeClaim: { claimName: metadata?.name ?? '' },
		}),
	);
	const names = claimed.map(({ name }) => name);
	const { subdomain: _subdomain, hostname: _hostname, ...rest } = template.spec ?? { containers: [] };
	const volumes = [...claimed, ...(rest.volumes ?? []).filter(({ name }) => !names.includes(name))];
	const podSpec = claimed.length > 0 ? { ...rest, volumes } : rest;
	yield* validatePodTemplate({ ...template, spec: podSpec }, path);
	yield* validateLabels(template.metadata?.labels, `${path}.labels`);
	yield* validateAnnotations(template.metadata?.annotations, `${path}.annotations`);
	yield* validatePodAnnotations(template.metadata?.annotations, podSpec, `${path}.annotations`);
}

const freeFields = [
	'replicas',
	'template',
	'updateStrategy',
	'minReadySeconds',
	'ordinals',
	'revisionHistoryLimit',
	'persistentVolumeClaimRetentionPolicy',
];

export function* validateStatefulSetChange({ spec = {} }: StatefulSet, old: StatefulSet): Generator<FieldError> {
	const pick = (fields: object) =>
		Object.fromEntries(Object.entries(fields).filter(([name]) => !freeFields.includes(name)));
	if (!isEqual(withoutClaimStatus(pick(spec)), withoutClaimStatus(pick(old.spec ?? {}))))
		yield forbidden(
			'spec',
			"updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
		);
}

/** What is stored has a status beside each claim, which nobody sends. */
function withoutClaimStatus(spec: Record<string, unknown>): Record<string, unknown> {
	const claims = (spec['volumeClaimTemplates'] ?? []) as Record<string, unknown>[];
	return { ...spec, volumeClaimTemplates: claims.map(({ status: _status, ...claim }) => claim) };
}

export function* validateDaemonSet({ spec = {} }: DaemonSet): Generator<FieldError> {
	const { selector, template = {} } = spec;
	yield* validateLabelSelector(selector, 'spec.selector');
	const labels = template.metadata?.labels;
	if (isSoundSelector(selector) && !selects(selector, labels))
		yield invalid('spec.template.metadata.labels', showMap(labels), '`selector` does not match template `labels`');
	if (selector && isEmptySelector(selector))
		yield invalid('spec.selector', showSelector(selector), 'empty selector is invalid for daemonset');
	yield* validatePodTemplate(template, 'spec.template');
	yield* validateKeptRunning(template, 'spec.template', 'DaemonSet');
	yield* validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds');
	yield* validateDaemonStrategy(spec.updateStrategy ?? {});
	yield* validateNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit');
}

function* validateDaemonStrategy({ type = '', rollingUpdate }: UpdateStrategy): Generator<FieldError> {
	const path = 'spec.updateStrategy';
	if (type === 'OnDelete') return;
	if (type !== 'RollingUpdate') {
		const value = { Type: type, RollingUpdate: rollingUpdate ?? null };
		return yield unsupported(path, value, ['RollingUpdate', 'OnDelete']);
	}
	if (!rollingUpdate) return yield required(`${path}.rollingUpdate`);
	const { maxUnavailable, maxSurge } = rollingUpdate;
	const field = `${path}.rollingUpdate`;
	yield* validateShare(maxUnavailable, `${field}.maxUnavailable`);
	yield* validateShare(maxSurge, `${field}.maxSurge`);
	yield* validateAtMostAll(maxUnavailable, `${field}.maxUnavailable`);
	yield* validateAtMostAll(maxSurge, `${field}.maxSurge`);
	const [unavailable, surge] = [toShare(maxUnavailable), toShare(maxSurge)];
	if (unavailable !== 0 && surge !== 0)
		yield invalid(`${field}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero');
	else if (unavailable === 0 && surge === 0)
		yield required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
}

export function* validateDaemonSetChange({ spec = {} }: DaemonSet, old: DaemonSet): Generator<FieldError> {
	yield* validateImmutable(spec.selector, old.spec?.selector, 'spec.selector');
}

export interface ReplicationController extends KubeObject {
	spec?: { replicas?: number; minReadySeconds?: number; selector?: Record<string, string>; template?: PodTemplate };
}

export function* validateReplicationController({ spec = {} }: ReplicationController): Generator<FieldError> {
	const { selector = {}, template } = spec;
	yield* validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds');
	if (Object.keys(selector).length === 0) yield required('spec.selector');
	if (spec.replicas === undefined) yield required('spec.replicas');
	yield* validateNonNegative(spec.replicas, 'spec.replicas');
	if (!template) return yield required('spec.template');
	yield* validateSelectorMatches({ matchLabels: selector }, template, 'spec.template.metadata.labels');
	yield* validatePodTemplate(template, 'spec.template');
	yield* validateKeptRunning(template, 'spec.template', 'ReplicationController');
}

export function* validatePodTemplateObject({
	template = {},
}: KubeObject & { template?: PodTemplate }): Generator<FieldError> {
	yield* validatePodTemplate(template, 'template');
}
