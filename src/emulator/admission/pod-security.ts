/** Pod Security admission: a namespace's labels say what its Pods may do, and what to warn of. */

import type { KubeObject } from '../object.ts';
import type { Pod, PodTemplate } from '../pod.ts';
import type { TypeName } from '../resource-type.ts';
import { isEqual } from '../validation/equality.ts';
import { type FieldError, invalid } from '../validation/field-error.ts';
import { createInvalidStatus } from '../validation/invalid-status.ts';
import { type AdmissionContext, forbid } from './context.ts';
import { findSecurityViolations } from './pod-security-checks.ts';

interface Policy {
	level: string;
	version: string;
}

const prefix = 'pod-security.kubernetes.io/';
const levels = ['privileged', 'baseline', 'restricted'];
const workloads = [
	'replicationcontrollers',
	'podtemplates',
	'replicasets.apps',
	'deployments.apps',
	'statefulsets.apps',
	'daemonsets.apps',
	'jobs.batch',
	'cronjobs.batch',
];

export function reviewPodSecurity(
	type: TypeName,
	object: KubeObject,
	old: KubeObject | null,
	context: AdmissionContext,
): void {
	if (type === 'namespaces') reviewNamespace(object, old, context);
	if (type === 'pods') reviewPod(object as Pod, old as Pod | null, context);
	if (!workloads.includes(type) || context.subresource !== undefined) return;
	const template = findTemplate(type, object);
	if (template?.spec) warn(policiesOf(object, context).warn, template as Pick<Pod, 'spec'> & PodTemplate, context);
}

function reviewPod(pod: Pod, old: Pod | null, context: AdmissionContext): void {
	const isResize = context.subresource !== undefined && context.subresource !== 'ephemeralcontainers';
	if (isResize || (old !== null && !isSignificant(pod, old))) return;
	const policies = policiesOf(pod, context);
	const violations = tell(policies.enforce, pod);
	if (violations !== null)
		throw forbid('pods', pod.metadata.name, `violates PodSecurity "${describe(policies.enforce)}": ${violations}`);
	warn(policies.warn, pod, context);
}

/** Only images and security contexts are looked at again. */
function isSignificant(pod: Pod, old: Pod): boolean {
	const listed = ['containers', 'initContainers', 'ephemeralContainers'] as const;
	return listed.some((list) => {
		const [now, before] = [pod.spec[list] ?? [], old.spec[list] ?? []];
		return (
			now.length !== before.length ||
			now.some((container, index) => {
				const other = before[index];
				return container.image !== other?.image || !isEqual(container.securityContext, other?.securityContext);
			})
		);
	});
}

function warn(policy: Policy, subject: PodTemplate & Pick<Pod, 'spec'>, context: AdmissionContext): void {
	const violations = tell(policy, subject);
	if (violations !== null) context.warn(`would violate PodSecurity "${describe(policy)}": ${violations}`);
}

function tell({ level }: Policy, { spec, metadata = {} }: PodTemplate & Pick<Pod, 'spec'>): string | null {
	const found = findSecurityViolations(level, spec, metadata);
	return found.length === 0 ? null : found.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
}

function policiesOf({ metadata }: KubeObject, context: AdmissionContext): { enforce: Policy; warn: Policy } {
	const namespace = context.get('namespaces', '', metadata.namespace ?? '');
	return readPolicies(namespace?.metadata.labels ?? {});
}

/** A stricter policy that is enforced is also warned of, unless the labels say otherwise. */
function readPolicies(labels: Record<string, string>): { enforce: Policy; warn: Policy } {
	const given = labels[`${prefix}enforce`];
	const isKnown = given !== undefined && levels.includes(given);
	const enforce: Policy = {
		level: given === undefined ? 'privileged' : isKnown ? given : 'restricted',
		version: labels[`${prefix}enforce-version`] ?? 'latest',
	};
	const warned = labels[`${prefix}warn`];
	const version = labels[`${prefix}warn-version`];
	if (warned === undefined && isKnown && enforce.level !== 'privileged')
		return { enforce, warn: { level: enforce.level, version: version ?? enforce.version } };
	const level = warned !== undefined && levels.includes(warned) ? warned : 'privileged';
	return { enforce, warn: { level, version: version ?? 'latest' } };
}

function describe({ level, version }: Policy): string {
	return `${level}:${version}`;
}

function findTemplate(type: TypeName, object: KubeObject): PodTemplate | undefined {
	if (type === 'podtemplates') return object['template'] as PodTemplate | undefined;
	const spec = object['spec'] as { template?: PodTemplate; jobTemplate?: { spec?: { template?: PodTemplate } } };
	return type === 'cronjobs.batch' ? spec?.jobTemplate?.spec?.template : spec?.template;
}

function reviewNamespace({ metadata }: KubeObject, old: KubeObject | null, context: AdmissionContext): void {
	if (context.subresource !== undefined) return;
	const faults = [...validateLabels(metadata.labels ?? {})];
	const before = [...validateLabels(old?.metadata.labels ?? {})];
	if (faults.length > 0 && !isEqual(faults, before)) throw createInvalidStatus('Namespace', metadata.name, faults);
	if (old === null) return;
	const { enforce } = readPolicies(metadata.labels ?? {});
	const { enforce: previous } = readPolicies(old.metadata.labels ?? {});
	const isStricter = levels.indexOf(enforce.level) > levels.indexOf(previous.level);
	if (!isStricter && enforce.version === previous.version) return;
	warnOfPods(metadata.name, enforce, context);
}

function* validateLabels(labels: Record<string, string>): Generator<FieldError> {
	for (const mode of ['enforce', 'audit', 'warn']) {
		const [level, version] = [labels[`${prefix}${mode}`], labels[`${prefix}${mode}-version`]];
		if (level !== undefined && !levels.includes(level))
			yield invalid(`metadata.labels[${prefix}${mode}]`, level, `must be one of ${levels.join(', ')}`);
		if (version !== undefined && !/^(latest|v1\.(0|[1-9][0-9]*))$/.test(version))
			yield invalid(`metadata.labels[${prefix}${mode}-version]`, version, 'must be "latest" or "v1.x"');
	}
}

/** Pods that run already are not ended by a stricter policy. */
function warnOfPods(namespace: string, policy: Policy, context: AdmissionContext): void {
	const byReason = new Map<string, string[]>();
	for (const pod of context.list('pods', namespace) as readonly Pod[]) {
		const reasons = findSecurityViolations(policy.level, pod.spec, pod.metadata).map(({ reason }) => reason);
		if (reasons.length === 0) continue;
		const known = byReason.get(reasons.join(', ')) ?? [];
		byReason.set(reasons.join(', '), [...known, pod.metadata.name]);
	}
	if (byReason.size === 0) return;
	context.warn(
		`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${describe(policy)}"`,
	);
	const texts = [...byReason].map(([reasons, names]) => `${countPods(names)}: ${reasons}`);
	for (const text of texts.sort()) context.warn(text);
}

function countPods(names: string[]): string {
	const [first = ''] = names.sort();
	if (names.length === 1) return first;
	return names.length === 2 ? `${first} (and 1 other pod)` : `${first} (and ${names.length - 1} other pods)`;
}
