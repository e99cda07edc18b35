/** The parts of Kubernetes' objects that are looked at, as raw JSON has them. */

export interface ObjectMeta {
	name: string;
	namespace?: string;
	uid?: string;
	creationTimestamp?: string;
	deletionTimestamp?: string;
	generation?: number;
	labels?: Record<string, string>;
	annotations?: Record<string, string>;
	ownerReferences?: OwnerReference[];
	managedFields?: FieldsOfManager[];
}

/** Which fields somebody wrote, and when last; the fields nested as in the object, `f:` before the name of each. */
export interface FieldsOfManager {
	time?: string;
	subresource?: string;
	fieldsV1?: Record<string, Record<string, unknown>>;
}

export interface OwnerReference {
	kind: string;
	name: string;
	uid?: string;
	controller?: boolean;
}

export interface Named {
	name?: string;
}

export interface Container {
	name: string;
	image?: string;
	imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
	restartPolicy?: string;
}

export interface ContainerStatus {
	name: string;
	image?: string;
	imageID?: string;
	/** Absent where no container was made yet. */
	containerID?: string;
	ready?: boolean;
	restartCount?: number;
	state?: ContainerState;
	lastState?: ContainerState;
}

export interface ContainerState {
	waiting?: { reason?: string; message?: string };
	running?: { startedAt?: string };
	terminated?: TerminatedState;
}

export interface TerminatedState {
	exitCode?: number;
	reason?: string;
	message?: string;
	startedAt?: string | null;
	finishedAt?: string | null;
}

export interface Pod {
	metadata: ObjectMeta;
	spec: {
		nodeName?: string;
		restartPolicy?: 'Always' | 'OnFailure' | 'Never';
		terminationGracePeriodSeconds?: number;
		serviceAccountName?: string;
		imagePullSecrets?: Named[];
		initContainers?: Container[];
		containers: Container[];
	};
	status?: {
		phase?: string;
		reason?: string;
		message?: string;
		hostIP?: string;
		hostIPs?: { ip?: string }[];
		conditions?: { type: string; status: string; reason?: string; message?: string }[];
		initContainerStatuses?: ContainerStatus[];
		containerStatuses?: ContainerStatus[];
	};
}

export interface Secret {
	metadata: ObjectMeta;
	type?: string;
	data?: Record<string, string>;
}

export interface ServiceAccount {
	metadata: ObjectMeta;
	secrets?: Named[];
	imagePullSecrets?: Named[];
}

/** What the kinds of `apps` and `batch` have in common, and what some of them have. */
export interface Workload {
	metadata: ObjectMeta;
	spec?: {
		replicas?: number;
		suspend?: boolean;
		/** Of a Deployment. */
		paused?: boolean;
		template?: PodTemplate;
		/** Of a DaemonSet and a StatefulSet. */
		updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
		/** Of a StatefulSet. */
		ordinals?: { start?: number };
		/** Of a CronJob. */
		jobTemplate?: { spec: { template: PodTemplate } };
		volumeClaimTemplates?: { metadata: ObjectMeta }[];
	};
	status?: {
		observedGeneration?: number;
		desiredNumberScheduled?: number;
		updateRevision?: string;
		conditions?: { type: string; status: string; reason?: string; message?: string }[];
	};
}

export interface PodTemplate {
	metadata?: Partial<ObjectMeta>;
	spec: { volumes?: object[] };
}

export interface Node {
	status?: { images?: { names?: string[] }[] };
}

export interface Event {
	reason?: string;
	message?: string;
	lastTimestamp?: string | null;
}

export interface List<T> {
	items: T[];
}

export function listNames(named: readonly Named[] | undefined): string[] {
	return (named ?? []).map(({ name }) => name ?? '');
}
