/** A Pod that names a RuntimeClass gets what running in it costs. */

import type { KubeObject } from '../object.ts';
import type { Pod, Quantities } from '../pod.ts';
import { type AdmissionContext, forbid } from './context.ts';

interface RuntimeClass extends KubeObject {
	overhead?: { podFixed?: Quantities };
}

export function applyRuntimeClass(pod: Pod, context: AdmissionContext): Pod {
	const { runtimeClassName: name } = pod.spec;
	if (name === undefined) return pod;
	const found = context.get('runtimeclasses.node.k8s.io', '', name) as RuntimeClass | null;
	if (!found) throw forbid('pods', pod.metadata.name, `pod rejected: RuntimeClass "${name}" not found`);
	const overhead = found.overhead?.podFixed;
	return overhead ? { ...pod, spec: { ...pod.spec, overhead } } : pod;
}
