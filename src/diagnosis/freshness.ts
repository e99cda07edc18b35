/** Whether an image was pulled again since its registry's password was changed. */

import type { JudgeContext } from '../model/check.ts';
import type { ContainerFacts, PodFacts, PullLogFacts } from '../model/evidence.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { nameHost } from '../pull/image.ts';
import { recreatePod, repeatPod } from './kubectl.ts';
import { wasServed } from './proof.ts';

/** Null: the container began, and the registry served its node, since then. */
export function diagnoseFreshness(
	pod: PodFacts,
	container: ContainerFacts,
	served: PullLogFacts | null,
	references: readonly string[],
	{ registries }: JudgeContext,
): Diagnosis | null {
	const host = nameHost(container.image);
	const changedAt = registries.find((registry) => registry.host === host)?.passwordChangedAt ?? null;
	if (changedAt === null) {
		return {
			reason: 'PullNotProven',
			message: `The password of ${host} has not been changed yet, so nothing could be pulled with a new one.`,
			expected: 'a pull since the password was changed',
			actual: 'the password is still the one of kubeproctor up',
			remedy: 'Do first the task that changes the password.',
		};
	}
	const where = `Pod ${pod.namespace}/${pod.name}`;
	if (container.startedAt === null || isBefore(container.startedAt, changedAt)) {
		return {
			reason: 'PullNotProven',
			message: `${where} has run since before the password of ${host} was changed, so it shows nothing of the new one.`,
			expected: `a container that began after ${changedAt}`,
			actual: `began ${container.startedAt ?? 'at no known time'}`,
			remedy: restart(pod),
		};
	}
	const log = served?.log;
	if (!log) return null;
	const since = log.records.filter(({ time }) => !isBefore(time, changedAt));
	if (wasServed(since, pod.nodeAddresses, container, references)) return null;
	return {
		reason: 'PullNotProven',
		message: `${where} began after the password of ${host} was changed, but its node had the image and did not ask the registry again.`,
		expected: `a pull of ${container.image} by node ${pod.node} after ${changedAt}`,
		actual: "no such request in the registry's log",
		remedy: `Set imagePullPolicy: Always, or an image that the node does not have, then:\n${recreatePod(pod)}`,
	};
}

/** A container's start is told in whole seconds, cut off. */
function isBefore(time: string, moment: string): boolean {
	return Date.parse(time) < Math.floor(Date.parse(moment) / 1000) * 1000;
}

function restart(pod: PodFacts): string {
	const isRestartable = /^(deployment|statefulset|daemonset)\//.test(pod.owner ?? '');
	if (!isRestartable) return `Make the Pod anew:\n${repeatPod(pod)}`;
	return `Have its Pods made anew:\nkubectl${pod.namespace === 'default' ? '' : ` -n ${pod.namespace}`} rollout restart ${pod.owner}`;
}
