/** Why a Pod does not run its image: the first container that is not ready, judged by its state and its pull. */

import type { JudgeContext } from '../model/check.ts';
import { findClosest } from '../model/closest.ts';
import type { ContainerFacts, PodFacts, PullFacts } from '../model/evidence.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { causeOfWaiting } from '../pull/cause.ts';
import { inNamespace } from './kubectl.ts';
import { diagnosePullFailure } from './pull.ts';
import { diagnoseAbsentNamespace } from './secret.ts';
import type { Wanted } from './wanted.ts';

/** Null: every container has been pulled, and runs or has done its work. */
export function diagnosePod(facts: PullFacts, wanted: Wanted, context: JudgeContext): Diagnosis | null {
	const { pod } = facts;
	if (pod === null) return diagnoseAbsentPod(facts, wanted);
	if (pod.isDeleting) return describeStarting(pod, 'is being deleted');
	if (pod.node === null) return diagnoseUnscheduled(pod, context);
	const container = findUnready(pod, wanted.container);
	return container === undefined ? null : diagnoseContainer(facts, pod, container, wanted, context);
}

/** Null where the Pod exists. */
export function diagnoseAbsentPod(facts: PullFacts, { namespace, name }: Wanted): Diagnosis | null {
	if (facts.pod !== null) return null;
	if (facts.isNamespaceAbsent) return diagnoseAbsentNamespace(namespace);
	if (facts.refusal !== null) {
		return {
			reason: 'PodRefused',
			message: `${facts.refusal.owner} cannot make its Pods: the API server refuses them.`,
			actual: facts.refusal.message,
			remedy: `Mend what the refusal names; the workload tries again by itself.\nkubectl${inNamespace(namespace)} describe ${facts.refusal.owner}`,
		};
	}
	const closest = findClosest(name, facts.siblings);
	return {
		reason: 'PodMissing',
		message: `There is no Pod ${name} in namespace ${namespace}${closest === null ? '' : `, but there is ${closest}`}.`,
		expected: `${namespace}/${name}`,
		...(closest !== null && { actual: `${namespace}/${closest}` }),
		remedy: `Create it; kubectl${inNamespace(namespace)} get pods shows what is there.`,
	};
}

/** `wanted`: the only one that matters, beside those that must be ready before it. */
export function findUnready(pod: PodFacts, wanted: string | undefined): ContainerFacts | undefined {
	if (pod.phase === 'Succeeded') return undefined;
	return pod.containers.find((container) => {
		const isDone = container.state === 'terminated' && container.exitCode === 0;
		if (container.kind === 'init') return !isDone;
		if (container.kind === 'container' && wanted !== undefined && container.name !== wanted) return false;
		return container.state !== 'running' && !(container.kind === 'container' && isDone);
	});
}

function diagnoseContainer(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	wanted: Wanted,
	context: JudgeContext,
): Diagnosis {
	const { waiting } = container;
	if (waiting !== null) {
		const cause = causeOfWaiting(waiting);
		if (cause !== null) return diagnosePullFailure(facts, pod, container, cause, wanted, context);
		if (/^(ContainerCreating|PodInitializing)$/.test(waiting.reason))
			return describeStarting(pod, `waits: ${waiting.reason}`);
		if (waiting.reason === 'CrashLoopBackOff') return describeCrash(pod, container, waiting.message);
		return {
			reason: 'ContainerNotCreated',
			message: `The image of container ${container.name} in Pod ${pod.namespace}/${pod.name} is there, but the container cannot be started from it.`,
			actual: `${waiting.reason}: ${waiting.message}`,
			remedy: `Mend what the message names, then make the Pod anew.\nkubectl${inNamespace(pod.namespace)} describe pod ${pod.name}`,
		};
	}
	if (container.state === 'terminated') return describeCrash(pod, container, `exit code ${container.exitCode}`);
	return describeStarting(pod, 'has not reported its container yet');
}

function describeStarting(pod: PodFacts, what: string): Diagnosis {
	return {
		reason: 'PodStarting',
		message: `Pod ${pod.namespace}/${pod.name} ${what}.`,
		remedy: `Wait a moment, then look again.\nkubectl${inNamespace(pod.namespace)} describe pod ${pod.name}`,
	};
}

/** Seconds: a node that has just come up may turn a Pod away first, and the scheduler tries again by itself. */
const schedulingGrace = 10;

function diagnoseUnscheduled(pod: PodFacts, { collectedAt }: JudgeContext): Diagnosis {
	const age = (Date.parse(collectedAt) - Date.parse(pod.createdAt)) / 1000;
	if (pod.unschedulable === null || age < schedulingGrace) return describeStarting(pod, 'waits for a node');
	return describeUnschedulable(pod, pod.unschedulable);
}

function describeUnschedulable(pod: PodFacts, message: string): Diagnosis {
	return {
		reason: 'PodUnschedulable',
		message: `No node can take Pod ${pod.namespace}/${pod.name}.`,
		actual: message,
		remedy: `kubectl${inNamespace(pod.namespace)} describe pod ${pod.name}`,
	};
}

function describeCrash(pod: PodFacts, container: ContainerFacts, actual: string): Diagnosis {
	return {
		reason: 'ContainerCrashing',
		message: `The image of Pod ${pod.namespace}/${pod.name} was pulled, but container ${container.name} does not keep running.`,
		actual,
		remedy: `kubectl${inNamespace(pod.namespace)} logs ${pod.name} -c ${container.name} --previous\nLeave out any command and args: the image brings its own.`,
	};
}
