/** Pods: what they must be, and the little of them that may change (kubernetes pkg/apis/core/validation). */

import type { Container, Pod, PodSpec, Toleration } from '../pod.ts';
import { validateTolerations } from './affinity.ts';
import { validateImageSpace } from './container.ts';
import { isEqual } from './equality.ts';
import { type FieldError, forbidden, invalid, required } from './field-error.ts';
import { checkDnsSubdomain, describeRange } from './formats.ts';
import { dumpPodSpec } from './go-dump.ts';
import { validateImmutable } from './object-meta.ts';
import { listContainers, validatePodSpec } from './pod-spec.ts';
import { createUnifiedDiff } from './unified-diff.ts';

const seccompAnnotations = /^(container\.)?seccomp\.security\.alpha\.kubernetes\.io\//;
const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';
const mirrorAnnotation = 'kubernetes.io/config.mirror';
const mutableFields = [
	'`spec.containers[*].image`',
	'`spec.initContainers[*].image`',
	'`spec.activeDeadlineSeconds`',
	'`spec.tolerations` (only additions to existing tolerations)',
	'`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

export function* validatePod({ metadata, spec }: Pod): Generator<FieldError> {
	yield* validatePodAnnotations(metadata.annotations, spec, 'metadata.annotations');
	yield* validatePodSpec(spec, 'spec', metadata.name);
	if (!spec.serviceAccountName)
		for (const [index, { projected }] of (spec.volumes ?? []).entries())
			for (const [sourceIndex, source] of (projected?.sources ?? []).entries())
				if (source.serviceAccountToken)
					yield forbidden(
						`spec.volumes[${index}].projected.sources[${sourceIndex}].serviceAccountToken`,
						'must not be specified when serviceAccountName is not set',
					);
	for (const [index, container] of (spec.containers ?? []).entries())
		yield* validateImageSpace(container, `spec.containers[${index}]`);
	for (const [index, container] of (spec.initContainers ?? []).entries())
		yield* validateImageSpace(container, `spec.initContainers[${index}]`);
}

export function* validateNewPod({ spec }: Pod): Generator<FieldError> {
	if (spec.ephemeralContainers?.length) yield forbidden('spec.ephemeralContainers', 'cannot be set on create');
	if (spec.nodeName && spec.schedulingGates?.length)
		yield forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
}

export function* validatePodAnnotations(
	annotations: Record<string, string> = {},
	spec: PodSpec,
	path: string,
): Generator<FieldError> {
	if (annotations[mirrorAnnotation] !== undefined && !spec.nodeName)
		yield invalid(
			`${path}[${mirrorAnnotation}]`,
			annotations[mirrorAnnotation],
			'must set spec.nodeName if mirror pod annotation is set',
		);
	const costName = 'controller.kubernetes.io/pod-deletion-cost';
	const cost = annotations[costName];
	if (cost !== undefined && !isInt32(cost)) yield invalid(`${path}[${costName}]`, cost, 'must be a 32bit integer');
	for (const [name, profile] of Object.entries(annotations)) {
		if (seccompAnnotations.test(name) && !/^(runtime\/default|docker\/default|unconfined|localhost\/.*)$/.test(profile))
			yield invalid(`${path}.${name}`, profile, 'must be a valid seccomp profile');
		if (!name.startsWith(appArmorAnnotation)) continue;
		const container = name.slice(appArmorAnnotation.length);
		if (!listContainers(spec, '').some((found) => found.container.name === container))
			yield invalid(`${path}[${name}]`, container, 'container not found');
		if (!/^(runtime\/default|unconfined|localhost\/.*)?$/.test(profile))
			yield invalid(`${path}[${name}]`, profile, `invalid AppArmor profile name: "${profile}"`);
	}
}

function isInt32(text: string): boolean {
	return /^(0|-?[1-9][0-9]*)$/.test(text) && Math.abs(Number(text)) <= 2147483647;
}

export function* validatePodChange(pod: Pod, old: Pod): Generator<FieldError> {
	yield* validateAnnotationChange(pod, old);
	yield* validatePodAnnotations(pod.metadata.annotations, pod.spec, 'metadata.annotations');
	for (const list of ['containers', 'initContainers'] as const) {
		const [now, before] = [pod.spec[list] ?? [], old.spec[list] ?? []];
		if (now.length !== before.length)
			return yield forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
		yield* validateImages(now, `spec.${list}`);
	}
	if (yield* validateDeadline(pod.spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds)) return;
	yield* validateAddedTolerations(pod.spec.tolerations, old.spec.tolerations);
	const gates = (old.spec.schedulingGates ?? []).map(({ name }) => name);
	for (const [index, { name }] of (pod.spec.schedulingGates ?? []).entries())
		if (!gates.includes(name))
			yield forbidden(
				`spec.schedulingGates[${index}].name`,
				`only deletion is allowed, but found new scheduling gate '${name}'`,
			);
	yield* validateSpecChange(pod.spec, old.spec);
}

function* validateAnnotationChange({ metadata }: Pod, { metadata: old }: Pod): Generator<FieldError> {
	const [now, before] = [metadata.annotations ?? {}, old.annotations ?? {}];
	const kinds = [
		{ is: (name: string) => name.startsWith(appArmorAnnotation), what: 'AppArmor annotations' },
		{ is: (name: string) => name === mirrorAnnotation, what: 'mirror pod annotation' },
	];
	for (const { is, what } of kinds) {
		for (const name of Object.keys(before))
			if (is(name) && now[name] !== before[name])
				yield forbidden(`metadata.annotations[${name}]`, `may not remove or update ${what}`);
		for (const name of Object.keys(now))
			if (is(name) && before[name] === undefined)
				yield forbidden(`metadata.annotations[${name}]`, `may not add ${what}`);
	}
}

function* validateImages(containers: readonly Container[], path: string): Generator<FieldError> {
	for (const [index, container] of containers.entries()) {
		if (!container.image) yield required(`${path}[${index}].image`);
		yield* validateImageSpace(container, `${path}[${index}]`);
	}
}

/** Gives back whether nothing more is looked at. */
function* validateDeadline(now: number | undefined, old: number | undefined): Generator<FieldError, boolean> {
	const path = 'spec.activeDeadlineSeconds';
	if (now === undefined) {
		if (old !== undefined) yield invalid(path, null, 'must not update from a positive integer to nil value');
		return false;
	}
	if (now < 0 || now > 2147483647) {
		yield invalid(path, now, describeRange(0, 2147483647));
		return true;
	}
	if (old === undefined || old >= now) return false;
	yield invalid(path, now, 'must be less than or equal to previous value');
	return true;
}

function* validateAddedTolerations(now: Toleration[] = [], old: Toleration[] = []): Generator<FieldError> {
	const isKept = ({ tolerationSeconds: _changed, ...rest }: Toleration) =>
		now.some(({ tolerationSeconds: _given, ...other }) => isEqual(rest, other));
	if (!old.every(isKept))
		return yield forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds');
	yield* validateTolerations(now, 'spec.tolerations');
}

function* validateSpecChange(now: PodSpec, old: PodSpec): Generator<FieldError> {
	const masked = maskMutable(now, old);
	const [after, before] = [dumpPodSpec(masked), dumpPodSpec(old)];
	if (isEqual(masked, old) || after === before) return;
	yield forbidden(
		'spec',
		`pod updates may not change fields other than ${mutableFields.join(',')}\n${createUnifiedDiff(before, after)}`,
	);
}

/** The new spec with everything that may change as it was. */
function maskMutable(now: PodSpec, old: PodSpec): PodSpec {
	const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, schedulingGates: _gates, ...rest } = now;
	const wasNegative = (old.terminationGracePeriodSeconds ?? 0) < 0 && now.terminationGracePeriodSeconds === 1;
	const isGated = (old.schedulingGates ?? []).length > 0;
	return {
		...rest,
		containers: maskImages(now.containers, old.containers),
		...(now.initContainers && { initContainers: maskImages(now.initContainers, old.initContainers ?? []) }),
		...(old.activeDeadlineSeconds !== undefined && { activeDeadlineSeconds: old.activeDeadlineSeconds }),
		...(old.tolerations && { tolerations: old.tolerations }),
		...(old.schedulingGates && { schedulingGates: old.schedulingGates }),
		...(wasNegative && { terminationGracePeriodSeconds: old.terminationGracePeriodSeconds }),
		...(isGated && old.nodeSelector && { nodeSelector: old.nodeSelector }),
	};
}

function maskImages(now: Container[], old: Container[]): Container[] {
	return now.map((container, index) => {
		const image = old[index]?.image;
		return image === undefined ? container : { ...container, image };
	});
}

export function* validatePodStatus(pod: Pod, old: Pod): Generator<FieldError> {
	const { conditions = [], nominatedNodeName } = (pod.status ?? {}) as {
		conditions?: { type?: string }[];
		nominatedNodeName?: string;
	};
	const before = (old.status ?? {}) as { nominatedNodeName?: string };
	for (const [index, { type = '' }] of conditions.entries())
		if (type === '') yield required(`status.conditions[${index}].type`);
	if (nominatedNodeName && nominatedNodeName !== before.nominatedNodeName)
		for (const text of checkDnsSubdomain(nominatedNodeName))
			yield invalid('status.nominatedNodeName', nominatedNodeName, text);
	yield* validateImmutable(pod.status?.qosClass ?? '', old.status?.qosClass ?? '', 'status.qosClass');
}
