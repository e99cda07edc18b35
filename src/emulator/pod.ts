/** A Pod and its spec, as far as the emulator looks into it; fields it does not name are kept. */

import type { KubeObject, ObjectMeta } from './object.ts';

export interface Pod extends KubeObject {
	spec: PodSpec;
	status?: { phase?: string; qosClass?: string; [field: string]: unknown };
}

/** What workloads make Pods from. */
export interface PodTemplate {
	metadata?: Partial<ObjectMeta>;
	spec?: PodSpec;
}

export interface PodSpec {
	containers: Container[];
	initContainers?: Container[];
	ephemeralContainers?: (Container & { targetContainerName?: string })[];
	volumes?: Volume[];
	restartPolicy?: string;
	terminationGracePeriodSeconds?: number;
	activeDeadlineSeconds?: number;
	dnsPolicy?: string;
	dnsConfig?: DnsConfig;
	nodeSelector?: Record<string, string>;
	serviceAccountName?: string;
	serviceAccount?: string;
	automountServiceAccountToken?: boolean;
	nodeName?: string;
	hostNetwork?: boolean;
	hostPID?: boolean;
	hostIPC?: boolean;
	hostUsers?: boolean;
	shareProcessNamespace?: boolean;
	securityContext?: PodSecurityContext;
	imagePullSecrets?: { name?: string }[];
	hostname?: string;
	subdomain?: string;
	hostnameOverride?: string;
	setHostnameAsFQDN?: boolean;
	affinity?: Affinity;
	schedulerName?: string;
	tolerations?: Toleration[];
	hostAliases?: { ip?: string; hostnames?: string[] }[];
	priorityClassName?: string;
	priority?: number;
	preemptionPolicy?: string;
	readinessGates?: { conditionType?: string }[];
	schedulingGates?: { name?: string }[];
	runtimeClassName?: string;
	overhead?: Quantities;
	topologySpreadConstraints?: SpreadConstraint[];
	os?: { name?: string };
	resources?: Resources;
	resourceClaims?: { name?: string; resourceClaimName?: string; resourceClaimTemplateName?: string }[];
	[field: string]: unknown;
}

export interface Container {
	name: string;
	image?: string;
	imagePullPolicy?: string;
	command?: string[];
	args?: string[];
	workingDir?: string;
	ports?: ContainerPort[];
	env?: EnvironmentVariable[];
	envFrom?: { prefix?: string; configMapRef?: ObjectReference; secretRef?: ObjectReference }[];
	resources?: Resources;
	volumeMounts?: VolumeMount[];
	volumeDevices?: { name?: string; devicePath?: string }[];
	livenessProbe?: Probe;
	readinessProbe?: Probe;
	startupProbe?: Probe;
	lifecycle?: { postStart?: Handler; preStop?: Handler; stopSignal?: string };
	terminationMessagePath?: string;
	terminationMessagePolicy?: string;
	securityContext?: SecurityContext;
	restartPolicy?: string;
	restartPolicyRules?: { action?: string; exitCodes?: { operator?: string; values?: number[] } }[];
	resizePolicy?: { resourceName?: string; restartPolicy?: string }[];
	[field: string]: unknown;
}

export interface ContainerPort {
	name?: string;
	containerPort?: number;
	hostPort?: number;
	hostIP?: string;
	protocol?: string;
}

export interface EnvironmentVariable {
	name?: string;
	value?: string;
	valueFrom?: {
		fieldRef?: FieldReference;
		resourceFieldRef?: ResourceFieldReference;
		configMapKeyRef?: KeyReference;
		secretKeyRef?: KeyReference;
		fileKeyRef?: { volumeName?: string; path?: string; key?: string };
	};
}

export interface FieldReference {
	apiVersion?: string;
	fieldPath?: string;
}

export interface ResourceFieldReference {
	containerName?: string;
	resource?: string;
	divisor?: string;
}

export interface ObjectReference {
	name?: string;
	/** It may be absent. */
	optional?: boolean;
}

export interface KeyReference extends ObjectReference {
	key?: string;
}

export type Quantities = Record<string, string>;

export interface Resources {
	limits?: Quantities;
	requests?: Quantities;
	claims?: { name?: string; request?: string }[];
}

export interface VolumeMount {
	name: string;
	mountPath: string;
	readOnly?: boolean;
	subPath?: string;
	subPathExpr?: string;
	mountPropagation?: string;
	recursiveReadOnly?: string;
}

export interface Handler {
	exec?: { command?: string[] };
	httpGet?: {
		path?: string;
		port?: string | number;
		host?: string;
		scheme?: string;
		httpHeaders?: { name?: string; value?: string }[];
	};
	tcpSocket?: { port?: string | number; host?: string };
	grpc?: { port?: number };
	sleep?: { seconds?: number };
}

export interface Probe extends Handler {
	initialDelaySeconds?: number;
	timeoutSeconds?: number;
	periodSeconds?: number;
	successThreshold?: number;
	failureThreshold?: number;
	terminationGracePeriodSeconds?: number;
}

export interface SeccompProfile {
	type?: string;
	localhostProfile?: string;
}

export interface SecurityContext {
	privileged?: boolean;
	runAsUser?: number;
	runAsGroup?: number;
	runAsNonRoot?: boolean;
	allowPrivilegeEscalation?: boolean;
	readOnlyRootFilesystem?: boolean;
	procMount?: string;
	capabilities?: { add?: string[]; drop?: string[] };
	seccompProfile?: SeccompProfile;
	appArmorProfile?: SeccompProfile;
	seLinuxOptions?: { user?: string; role?: string; type?: string; level?: string };
	windowsOptions?: { hostProcess?: boolean; [field: string]: unknown };
}

export interface PodSecurityContext extends SecurityContext {
	fsGroup?: number;
	fsGroupChangePolicy?: string;
	supplementalGroups?: number[];
	supplementalGroupsPolicy?: string;
	seLinuxChangePolicy?: string;
	sysctls?: { name?: string; value?: string }[];
}

export interface DnsConfig {
	nameservers?: string[];
	searches?: string[];
	options?: { name?: string; value?: string }[];
}

export interface Toleration {
	key?: string;
	operator?: string;
	value?: string;
	effect?: string;
	tolerationSeconds?: number;
}

export interface NodeRequirement {
	key?: string;
	operator?: string;
	values?: string[];
}

export interface NodeTerm {
	matchExpressions?: NodeRequirement[];
	matchFields?: NodeRequirement[];
}

export interface NodeSelector {
	nodeSelectorTerms?: NodeTerm[];
}

export interface PodAffinityTerm {
	labelSelector?: Selector;
	namespaceSelector?: Selector;
	namespaces?: string[];
	topologyKey?: string;
	matchLabelKeys?: string[];
	mismatchLabelKeys?: string[];
}

export interface Selector {
	matchLabels?: Record<string, string>;
	matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface PodAffinity {
	requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
	preferredDuringSchedulingIgnoredDuringExecution?: { weight?: number; podAffinityTerm?: PodAffinityTerm }[];
}

export interface Affinity {
	nodeAffinity?: {
		requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
		preferredDuringSchedulingIgnoredDuringExecution?: { weight?: number; preference?: NodeTerm }[];
	};
	podAffinity?: PodAffinity;
	podAntiAffinity?: PodAffinity;
}

export interface SpreadConstraint {
	maxSkew?: number;
	topologyKey?: string;
	whenUnsatisfiable?: string;
	labelSelector?: Selector;
	minDomains?: number;
	nodeAffinityPolicy?: string;
	nodeTaintsPolicy?: string;
	matchLabelKeys?: string[];
}

export interface KeyToPath {
	key?: string;
	path?: string;
	mode?: number;
}

export interface DownwardFile {
	path?: string;
	fieldRef?: FieldReference;
	resourceFieldRef?: ResourceFieldReference;
	mode?: number;
}

export interface Projection {
	secret?: { name?: string; optional?: boolean; items?: KeyToPath[] };
	configMap?: { name?: string; optional?: boolean; items?: KeyToPath[] };
	downwardAPI?: { items?: DownwardFile[] };
	serviceAccountToken?: { audience?: string; expirationSeconds?: number; path?: string };
	[source: string]: unknown;
}

export interface Volume {
	name: string;
	emptyDir?: { medium?: string; sizeLimit?: string };
	hostPath?: { path?: string; type?: string };
	secret?: { secretName?: string; optional?: boolean; defaultMode?: number; items?: KeyToPath[] };
	configMap?: ObjectReference & { defaultMode?: number; items?: KeyToPath[] };
	persistentVolumeClaim?: { claimName?: string; readOnly?: boolean };
	downwardAPI?: { defaultMode?: number; items?: DownwardFile[] };
	projected?: { defaultMode?: number; sources?: Projection[] };
	nfs?: { server?: string; path?: string };
	csi?: { driver?: string; [field: string]: unknown };
	image?: { reference?: string; pullPolicy?: string };
	ephemeral?: { volumeClaimTemplate?: Record<string, unknown> };
	[source: string]: unknown;
}
