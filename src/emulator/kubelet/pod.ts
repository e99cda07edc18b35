/** The parts of Pods, Secrets and Nodes that the kubelet and the controllers read and write. */

import type { KubeObject, ObjectMeta } from '../object.ts';
import type * as whole from '../pod.ts';

export interface Pod extends KubeObject {
	spec: PodSpec;
	status: PodStatus;
}

export interface PodSpec extends whole.PodSpec {
	containers: Container[];
	initContainers?: Container[];
	restartPolicy?: RestartPolicy;
}

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** With what the API server has filled in. */
export interface Container extends whole.Container {
	image: string;
	imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
	/** Of an init container: a sidecar. */
	restartPolicy?: 'Always';
}

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export interface PodStatus {
	phase?: PodPhase;
	reason?: string;
	message?: string;
	conditions?: PodCondition[];
	initContainerStatuses?: ContainerStatus[];
	containerStatuses?: ContainerStatus[];
	podIP?: string;
	startTime?: string;
	/** Where others are leaving to make room for it. */
	nominatedNodeName?: string;
	[field: string]: unknown;
}

export interface PodCondition {
	type: string;
	status: 'True' | 'False' | 'Unknown';
	reason?: string;
	message?: string;
	lastProbeTime?: null;
	lastTransitionTime?: string;
	observedGeneration?: number;
}

export interface ContainerStatus {
	name: string;
	image: string;
	imageID: string;
	containerID?: string;
	state: ContainerState;
	lastState: ContainerState;
	ready: boolean;
	started: boolean;
	restartCount: number;
	user?: unknown;
	[field: string]: unknown;
}

export interface ContainerState {
	waiting?: { reason?: string; message?: string };
	running?: { startedAt: string };
	terminated?: TerminatedState;
}

export interface TerminatedState {
	exitCode: number;
	reason: string;
	message?: string;
	/** Null: nothing is known of it. */
	startedAt: string | null;
	finishedAt: string | null;
	containerID?: string;
}

export interface Secret extends KubeObject {
	type: string;
	data?: Record<string, string>;
}

export interface ConfigMap extends KubeObject {
	data?: Record<string, string>;
	binaryData?: Record<string, string>;
}

export interface Node extends KubeObject {
	spec: { unschedulable?: boolean; taints?: Taint[]; [field: string]: unknown };
	status: { allocatable?: Record<string, string>; conditions?: PodCondition[]; [field: string]: unknown };
}

export interface Taint {
	key: string;
	value?: string;
	effect: string;
	timeAdded?: string;
}

/** `p_default(1f4c…)`, as the kubelet names Pods in its messages. */
export function nameInMessages({ metadata }: { metadata: ObjectMeta }): string {
	return `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
}

/** As events name the part of a Pod that they are about: `spec.containers{app}`. */
export function nameField({ spec }: Pod, container: string): string {
	const isInit = spec.initContainers?.some(({ name }) => name === container);
	return `spec.${isInit ? 'initContainers' : 'containers'}{${container}}`;
}

export function isSidecar(container: Container): boolean {
	return container.restartPolicy === 'Always';
}

export function isTerminalPhase(phase: PodPhase | undefined): boolean {
	return phase === 'Succeeded' || phase === 'Failed';
}
