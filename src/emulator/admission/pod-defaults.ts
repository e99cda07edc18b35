/** What Pods get without asking: priority, and patience with nodes that are away. */

import type { KubeObject } from '../object.ts';
import type { Pod, Toleration } from '../pod.ts';
import { type AdmissionContext, forbid } from './context.ts';

interface PriorityClass extends KubeObject {
	value?: number;
	preemptionPolicy?: string;
	globalDefault?: boolean;
}

const classes = 'priorityclasses.scheduling.k8s.io';
const patience = 300;

export function setPriority(pod: Pod, context: AdmissionContext): Pod {
	const { priorityClassName: name, priority: given, preemptionPolicy: givenPolicy } = pod.spec;
	const named = name ? (context.get(classes, '', name) as PriorityClass | null) : findDefaultClass(context);
	if (name && !named) throw forbid('pods', pod.metadata.name, `no PriorityClass with name ${name} was found`);
	const priority = named?.value ?? 0;
	const computed = 'priority admission controller computed';
	if (given !== undefined && given !== priority)
		throw forbid(
			'pods',
			pod.metadata.name,
			`the integer value of priority (${given}) must not be provided in pod spec; ${computed} ${priority} from the given PriorityClass name`,
		);
	const policy = named ? named.preemptionPolicy : 'PreemptLowerPriority';
	if (policy !== undefined && givenPolicy !== undefined && givenPolicy !== policy)
		throw forbid(
			'pods',
			pod.metadata.name,
			`the string value of PreemptionPolicy (${givenPolicy}) must not be provided in pod spec; ${computed} ${policy} from the given PriorityClass name`,
		);
	const className = named?.metadata.name;
	return {
		...pod,
		spec: {
			...pod.spec,
			...(className !== undefined && { priorityClassName: className }),
			priority,
			...(policy !== undefined && { preemptionPolicy: policy }),
		},
	};
}

/** An update that leaves them out keeps them. */
export function keepPriority(pod: Pod, old: Pod): Pod {
	const { priority = old.spec.priority, preemptionPolicy = old.spec.preemptionPolicy } = pod.spec;
	return {
		...pod,
		spec: {
			...pod.spec,
			...(priority !== undefined && { priority }),
			...(preemptionPolicy !== undefined && { preemptionPolicy }),
		},
	};
}

function findDefaultClass(context: AdmissionContext): PriorityClass | undefined {
	const defaults = (context.list(classes, null) as readonly PriorityClass[]).filter((found) => found.globalDefault);
	return defaults.sort((left, right) => (left.value ?? 0) - (right.value ?? 0))[0];
}

/** There is one default class at most. */
export function reviewPriorityClass(object: KubeObject, context: AdmissionContext, isNew: boolean): void {
	if (!(object as PriorityClass).globalDefault) return;
	const known = findDefaultClass(context)?.metadata.name;
	if (known === undefined || (!isNew && known === object.metadata.name)) return;
	throw forbid(
		classes,
		object.metadata.name,
		`PriorityClass ${known} is already marked as default. Only one default can exist`,
	);
}

export function addTolerations(pod: Pod): Pod {
	const given = pod.spec.tolerations ?? [];
	const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
		.filter((key) => !given.some((toleration) => isAbout(toleration, key)))
		.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: patience }));
	return added.length === 0 ? pod : { ...pod, spec: { ...pod.spec, tolerations: [...given, ...added] } };
}

function isAbout({ key = '', effect = '' }: Toleration, taint: string): boolean {
	return (key === taint || key === '') && (effect === 'NoExecute' || effect === '');
}
