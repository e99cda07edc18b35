/** Why a Pod does not run its image: the first container that is not ready, judged by its state and its pull. */

import type { JudgeContext } from '../model/check.ts';
import { findClosest } from '../model/closest.ts';
import type { ContainerFacts, PodFacts, PullFacts, WaitingState } from '../model/evidence.ts';
import { passingReasons } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { causeOfWaiting } from '../pull/cause.ts';
import { addCauses } from './also.ts';
import { inNamespace, recreatePod, repeatPod } from './kubectl.ts';
import { diagnosePullFailure } from './pull.ts';
import { diagnoseAbsentNamespace } from './secret.ts';
import type { Wanted } from './wanted.ts';
import { quoteEnd, quoteWaiting } from './words.ts';

/** Null: every container has been pulled, and runs or has done its work. */
export function diagnosePod(facts: PullFacts, wanted: Wanted, context: JudgeContext): Diagnosis | null {
	const { pod } = facts;
	if (pod === null) return diagnoseAbsentPod(facts, wanted);
	if (pod.isDeleting) return describeStarting(pod, 'is being deleted');
	// Its containers went on until then, and may not.
	if (pod.failure !== null && pod.failure.reason !== 'DeadlineExceeded') return describeTurnedOut(pod, pod.failure);
	if (pod.node === null) return diagnoseUnscheduled(pod, context);
	const [lead, ...others] = judgeContainers(facts, pod, wanted, context);
	if (lead === undefined) return null;
	return addCauses(
		lead.diagnosis,
		others.map(({ diagnosis }) => diagnosis).filter(({ reason }) => !passingReasons.has(reason)),
	);
}

/** Those that are not ready, as they stand in the Pod; but what is wrong already does not wait for what has still to show. */
export function judgeContainers(
	facts: PullFacts,
	pod: PodFacts,
	wanted: Wanted,
	context: JudgeContext,
): { container: ContainerFacts; diagnosis: Diagnosis }[] {
	const judged = listUnready(pod, wanted.container, context).map((container) => ({
		container,
		diagnosis: diagnoseContainer(facts, pod, container, wanted, context),
	}));
	const mayPass = ({ diagnosis }: (typeof judged)[number]) => (passingReasons.has(diagnosis.reason) ? 1 : 0);
	return judged.toSorted((one, other) => mayPass(one) - mayPass(other));
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
		remedy: `Create it; this shows what is there:\nkubectl${inNamespace(namespace)} get pods`,
	};
}

/** Init containers first. `wanted`: the only one that matters, beside those that must be ready before it. */
function listUnready(pod: PodFacts, wanted: string | undefined, context: JudgeContext): ContainerFacts[] {
	if (pod.phase === 'Succeeded') return [];
	return pod.containers.filter((container) => {
		const isDone = container.state === 'terminated' && container.ended?.exitCode === 0;
		if (container.kind === 'init') return !isDone;
		if (container.kind === 'container' && wanted !== undefined && container.name !== wanted) return false;
		if (isOutdated(container, context)) return true;
		if (container.state === 'running') return hasJustRestarted(container, context);
		return !(container.kind === 'container' && isDone && pod.restartPolicy !== 'Always');
	});
}

/** Whether it still runs the image that its Pod named before, and is about to be ended for that. */
export function isOutdated({ outdatedUntil }: ContainerFacts, { collectedAt }: JudgeContext): boolean {
	return outdatedUntil !== undefined && outdatedUntil !== null && Date.parse(collectedAt) < Date.parse(outdatedUntil);
}

/** Seconds that a container must outlive the run before, in which it ended, to be taken to keep running; and at most. */
const proof = { beyond: 5, most: 20 };

/** It runs, but for all that is known only until it ends once more. */
function hasJustRestarted({ restartCount, startedAt, endedBefore }: ContainerFacts, context: JudgeContext): boolean {
	if (restartCount === 0 || startedAt === null || endedBefore === null) return false;
	const before = secondsBetween(endedBefore.startedAt, endedBefore.finishedAt);
	return secondsBetween(startedAt, context.collectedAt) < Math.min(before + proof.beyond, proof.most);
}

function secondsBetween(begin: string | null, end: string | null): number {
	return begin === null || end === null ? 0 : (Date.parse(end) - Date.parse(begin)) / 1000;
}

function diagnoseContainer(
	facts: PullFacts,
	pod: PodFacts,
	container: ContainerFacts,
	wanted: Wanted,
	context: JudgeContext,
): Diagnosis {
	const { name, waiting, state, ended, endedBefore } = container;
	if (isOutdated(container, context))
		return describeStarting(pod, `still runs the image that its container ${name} had before`);
	if (waiting !== null) {
		const cause = causeOfWaiting(waiting);
		if (cause !== null) return diagnosePullFailure(facts, pod, container, cause, wanted, context);
		if (/^(ContainerCreating|PodInitializing)$/.test(waiting.reason))
			return describeStarting(pod, `waits: ${waiting.reason}`);
		const words = quoteWaiting(container);
		if (waiting.reason !== 'CrashLoopBackOff') return describeNotCreated(pod, container, words);
		// Between two attempts to create a container the node speaks of it as of one that crashed.
		return endedBefore !== null && endedBefore.startedAt === null && endedBefore.message !== ''
			? describeNotCreated(pod, container, `${words}\n${quoteEnd(endedBefore)}`)
			: describeCrash(pod, container, words);
	}
	if (ended !== null) {
		return ended.startedAt === null && ended.message !== ''
			? describeNotCreated(pod, container, quoteEnd(ended))
			: describeCrash(pod, container, quoteEnd(ended));
	}
	if (state !== 'running') return describeStarting(pod, `has not reported its container ${name} yet`);
	if (container.kind === 'init') return describeStarting(pod, `waits for its init container ${name} to end`);
	const before = endedBefore === null ? '' : `: ${quoteEnd(endedBefore)}`;
	return describeStarting(pod, `has just begun its container ${name} once more, after it ended${before}`);
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
		remedy: `Have the Pod ask for what a node has; the scheduler tries again by itself.\nkubectl${inNamespace(pod.namespace)} describe pod ${pod.name}`,
	};
}

/** Its node would not keep it, and nothing makes it run again. */
function describeTurnedOut(pod: PodFacts, { reason, message }: WaitingState): Diagnosis {
	return {
		reason: 'PodUnschedulable',
		message: `Node ${pod.node ?? ''} turned Pod ${pod.namespace}/${pod.name} out, and it stays as it is.`,
		actual: message === '' ? reason : `${reason}: ${message}`,
		remedy: `Make the Pod anew, once there is room for it:\n${repeatPod(pod)}`,
	};
}

function describeNotCreated(pod: PodFacts, container: ContainerFacts, actual: string): Diagnosis {
	return {
		reason: 'ContainerNotCreated',
		message: `The image of container ${container.name} in Pod ${pod.namespace}/${pod.name} is there, but the container cannot be started from it.`,
		actual,
		remedy: `Mend what the message names, then:\n${recreatePod(pod)}`,
	};
}

function describeCrash(pod: PodFacts, container: ContainerFacts, actual: string): Diagnosis {
	const kubectl = `kubectl${inNamespace(pod.namespace)}`;
	const before = container.restartCount > 0 ? ' --previous' : '';
	return {
		reason: 'ContainerCrashing',
		message: `The image of Pod ${pod.namespace}/${pod.name} was pulled, but container ${container.name} does not keep running.`,
		actual,
		remedy: `See what it said, leave out any command and args (the image brings its own), and make the Pod anew:\n${kubectl} logs ${pod.name} -c ${container.name}${before}\n${recreatePod(pod)}`,
	};
}
