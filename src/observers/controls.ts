/** The Pods without credentials that `up` made, and whether each is refused. */

import type { ControlFacts, ControlPod, ControlsQuery } from '../model/evidence.ts';
import { controlLabel } from '../model/identity.ts';
import { judgeControl } from '../pull/control.ts';
import type { Access } from './access.ts';
import type { List, Pod } from './objects.ts';
import { describePod } from './pod-facts.ts';

export async function observeControls(_query: ControlsQuery, access: Access): Promise<ControlFacts> {
	const path = `/api/v1/namespaces/${access.controlNamespace}/pods?labelSelector=${encodeURIComponent(controlLabel)}`;
	const pods = (await access.read<List<Pod>>(path))?.items ?? [];
	return { pods: await Promise.all(pods.map((pod) => describeControl(access, pod))) };
}

async function describeControl(access: Access, pod: Pod): Promise<ControlPod> {
	const facts = await describePod(access, pod);
	const [container] = facts.containers;
	const hasImage = container !== undefined && (container.imageId !== '' || container.startedAt !== null);
	return {
		node: facts.node ?? '',
		policy: pod.metadata.labels?.[controlLabel] === 'Always' ? 'Always' : 'IfNotPresent',
		result: judgeControl(container?.waiting ?? null, hasImage),
		message: container?.waiting?.message || container?.waiting?.reason || container?.imageId || '',
	};
}
