/** The Pods without credentials that `up` made, and whether each is refused. */

import type { ContainerFacts, ControlFacts, ControlPod, ControlsQuery } from '../model/evidence.ts';
import { causeOfWaiting, isDeniedForWantOfCredentials } from '../pull/cause.ts';
import type { Access } from './access.ts';
import type { List, Pod } from './objects.ts';
import { describePod } from './pod-facts.ts';

const controlLabel = 'kubeproctor.dev/control';

export async function observeControls(_query: ControlsQuery, access: Access): Promise<ControlFacts> {
	const path = `/api/v1/namespaces/${access.controlNamespace}/pods?labelSelector=${encodeURIComponent(controlLabel)}`;
	const pods = (await access.read<List<Pod>>(path))?.items ?? [];
	return { pods: await Promise.all(pods.map((pod) => describeControl(access, pod))) };
}

async function describeControl(access: Access, pod: Pod): Promise<ControlPod> {
	const facts = await describePod(access, pod);
	const [container] = facts.containers;
	return {
		node: facts.node ?? '',
		policy: pod.metadata.labels?.[controlLabel] === 'Always' ? 'Always' : 'IfNotPresent',
		...(container === undefined ? { result: 'pending', message: '' } : judgeControl(container)),
	};
}

function judgeControl(container: ContainerFacts): Pick<ControlPod, 'result' | 'message'> {
	const { waiting } = container;
	const cause = waiting === null ? null : causeOfWaiting(waiting);
	if (waiting !== null && cause !== null) {
		const isTransient = cause === 'throttled';
		const result = isDeniedForWantOfCredentials(cause) ? 'refused' : isTransient ? 'pending' : 'broken';
		return { result, message: waiting.message };
	}
	if (container.imageId !== '' || container.startedAt !== null) return { result: 'runs', message: container.imageId };
	return { result: 'pending', message: waiting?.reason ?? '' };
}
