/** What was seen on the live cluster: facts only, and never a password. */

import type { ProviderId } from './cluster.ts';
import type { PullLog } from './registry.ts';

/* ------------------------------------------------------------------ queries */

export interface SecretQuery {
	kind: 'pull-secret';
	namespace: string;
	name: string;
	/** Registry host towards which its credentials matter. */
	registry: string;
}

export interface PullQuery {
	kind: 'pull';
	namespace: string;
	pod: string;
}

/** The Pods that a workload makes now. */
export interface WorkloadQuery {
	kind: 'workload';
	namespace: string;
	/** e.g. `deployment/api` */
	workload: string;
}

export interface AccountQuery {
	kind: 'service-account';
	namespace: string;
	name: string;
}

export interface ControlsQuery {
	kind: 'controls';
}

export interface PullLogQuery {
	kind: 'pull-log';
	/** Registry host as Pods name it. */
	registry: string;
}

/** Objects of any kind, by name or by label. */
export interface ResourceQuery {
	kind: 'resource';
	/** e.g. `apps/v1` */
	apiVersion: string;
	/** The objects' kind, e.g. `Deployment`. */
	resource: string;
	/** Of no account for a kind that has none. */
	namespace: string;
	name: string | null;
	/** As the API takes it: `app=web,tier=front`; null where there is a name. */
	selector: string | null;
}

export interface QueryByKind {
	'pull-log': PullLogQuery;
	'pull-secret': SecretQuery;
	pull: PullQuery;
	workload: WorkloadQuery;
	'service-account': AccountQuery;
	controls: ControlsQuery;
	resource: ResourceQuery;
}

export interface ValueByKind {
	'pull-log': PullLogFacts;
	'pull-secret': SecretLookup;
	pull: PullFacts;
	workload: WorkloadFacts;
	'service-account': AccountFacts;
	controls: ControlFacts;
	resource: ResourceFacts;
}

export type ObservationKind = keyof QueryByKind;
export type QueryOf<K extends ObservationKind> = QueryByKind[K];
export type ValueOf<K extends ObservationKind> = ValueByKind[K];
export type Query = QueryOf<ObservationKind>;

/* -------------------------------------------------------------------- facts */

/** `ok: false` is about us (could not look); `value: null` is about the learner (looked, not there). */
export type Observation<V = unknown> =
	| { ok: true; value: V | null }
	| { ok: false; code: string; message: string; remedy: string };

export interface Evidence {
	schemaVersion: 1;
	lab: { id: string; digest: string };
	environment: { name: string; provider: ProviderId; kubernetesVersion: string };
	/** RFC 3339, by the API server's clock. */
	collectedAt: string;
	/** Index and platform digests of the images that `up` pushed, by `host/repository:tag`. */
	digests: Record<string, string[]>;
	registries: RegistryFacts[];
	/** The lab's host and namespace names → the ones that this environment uses. */
	hosts: Record<string, string>;
	namespaces: Record<string, string>;
	/** By the query's key. */
	observations: Record<string, Observation>;
}

/** A registry of this environment. */
export interface RegistryFacts {
	host: string;
	/** The user that it hands out. */
	username: string;
	/** RFC 3339: since when it accepts its present password; absent or null: since `up`. */
	passwordChangedAt?: string | null | undefined;
}

/** A question that the account reading was not allowed or not able to answer. */
export interface Unread {
	what: string;
	message: string;
}

/** How the registry answered one set of credentials. */
export type TrialResult =
	| { outcome: 'accepted' }
	/** `knownUser`: null where we cannot tell the users of this registry. */
	| { outcome: 'rejected'; status: number; knownUser: boolean | null; answer: string }
	| { outcome: 'image-absent'; status: number; answer: string }
	/** Whoever asks: it is asked too often (429), it forbids what it was asked (403), or it fails (5xx). */
	| { outcome: 'turned-away'; status: number; answer: string }
	/** The registry did not answer, or with something that is not about these credentials. */
	| { outcome: 'unanswered'; message: string }
	/** Not sent: not our registry, and nobody allowed it. */
	| { outcome: 'not-tried'; message: string };

/** One entry of `auths`. */
export interface EntryFacts {
	/** As it is written. */
	host: string;
	/** Null where `auth` is unusable or both fields are absent. */
	username: string | null;
	hasPassword: boolean;
	/** By the kubelet's rules, for the image in question. */
	matches: boolean;
	/** `auth` says something else than username/password; `auth` wins. */
	isAuthAtOdds: boolean;
	/** Which of the two begins or ends in white space, such as the line break that `echo` adds; null: neither. */
	blankIn: 'username' | 'password' | null;
	/** Present only for entries that match and hold something usable. */
	trial: TrialResult | null;
}

export interface SecretFacts {
	namespace: string;
	name: string;
	uid: string;
	createdAt: string;
	/** e.g. `kubernetes.io/dockerconfigjson` */
	type: string;
	/** Names of the data keys. */
	keys: string[];
	/** The error with which the kubelet refuses to read it, in its own words; null where it can. */
	malformed: string | null;
	/** `host` of the entry that is malformed, where one is. */
	malformedHost: string | null;
	/** In the order in which the kubelet tries them. Also filled for a Secret of the wrong type. */
	entries: EntryFacts[];
	/** Names of fields beside `auths` that the kubelet ignores: credsStore, credHelpers. */
	ignored: string[];
}

/** A Secret by its name, with what helps to explain its absence. */
export interface SecretLookup {
	name: string;
	namespace: string;
	secret: SecretFacts | null;
	isNamespaceAbsent: boolean;
	/** For an absent Secret: the other Secrets of the namespace. */
	siblings: { name: string; type: string }[];
	/** For an absent Secret: namespaces that hold one of that name; null: not allowed to look. */
	otherNamespaces: string[] | null;
}

export interface WaitingState {
	reason: string;
	message: string;
}

/** How a container ended. */
export interface EndFacts {
	exitCode: number;
	/** Kubernetes' word for it: `Completed`, `Error`, `OOMKilled`, `StartError`. */
	reason: string;
	/** Why it could not be started, where that is so. What a container says of itself is left out: it may be anything. */
	message: string;
	/** RFC 3339; null where it never began. */
	startedAt: string | null;
	/** RFC 3339 */
	finishedAt: string | null;
}

export interface ContainerFacts {
	name: string;
	kind: 'init' | 'sidecar' | 'container';
	image: string;
	policy: 'Always' | 'IfNotPresent' | 'Never';
	/** As the node reports it, e.g. `registry.example.com/myapp@sha256:…`; empty until it was pulled. */
	imageId: string;
	/** Whether its node holds the image, whoever may use it; null: not looked at, because it makes no difference, or not told. */
	isOnNode: boolean | null;
	state: 'waiting' | 'running' | 'terminated' | 'unknown';
	waiting: WaitingState | null;
	/** RFC 3339; null where it never ran. */
	startedAt: string | null;
	/**
	 * For one that runs the image that its Pod named before: RFC 3339, until when its node may take to end it. Absent or
	 * null: it runs the image that its Pod names, as far as can be told.
	 */
	outdatedUntil?: string | null | undefined;
	/** Null unless it is terminated. */
	ended: EndFacts | null;
	/** The run before this one; null: there was none. */
	endedBefore: EndFacts | null;
	isReady: boolean;
	restartCount: number;
}

export interface PodFacts {
	namespace: string;
	name: string;
	uid: string;
	createdAt: string;
	/** What made it, e.g. `deployment/api`: the outermost of its controllers; null: somebody made it by hand. */
	owner: string | null;
	isDeleting: boolean;
	phase: string;
	/** Why it failed as a whole, e.g. `Evicted`, whatever its containers did; null where it has not, or nobody says so. */
	failure: WaitingState | null;
	restartPolicy: 'Always' | 'OnFailure' | 'Never';
	node: string | null;
	nodeAddresses: string[];
	/** Why the scheduler could not place it. */
	unschedulable: string | null;
	serviceAccount: string;
	/** `spec.imagePullSecrets[].name`, in order, empty names included. */
	pullSecrets: string[];
	/** Who wrote that list: somebody, or admission from the ServiceAccount. Null: managedFields do not tell. */
	isListInherited: boolean | null;
	/** Init containers first. */
	containers: ContainerFacts[];
}

/** A Pod and everything its pull depended on. */
export interface PullFacts {
	/** Null: no such Pod. */
	pod: PodFacts | null;
	isNamespaceAbsent: boolean;
	/** For an absent Pod: the workload of that name whose Pods are refused at admission, with the refusal. */
	refusal: { owner: string; message: string } | null;
	/** For an absent Pod: Pods of the namespace whose name is close. */
	siblings: string[];
	account: { name: string; exists: boolean; pullSecrets: string[]; mountableSecrets: string[] } | null;
	/** Other accounts of the namespace and what they hand on. */
	otherAccounts: { name: string; pullSecrets: string[] }[];
	/** The Secrets that the Pod lists, in order, judged for the image of each container. */
	secrets: ContainerSecrets[];
	/**
	 * Of these, by name, what the registry accepts, what was there when the node tried to pull, and what its kubelet had
	 * not read in time. Absent: none.
	 */
	overlooked?: string[] | undefined;
	unread: Unread[];
}

/** What one container's image finds in the Pod's list. */
export interface ContainerSecrets {
	container: string;
	lookups: SecretLookup[];
}

/** A workload, and its Pods as its template is now. */
export interface WorkloadFacts {
	/** e.g. `deployment/api` */
	workload: string;
	isNamespaceAbsent: boolean;
	exists: boolean;
	/** For an absent workload: others of its kind, by name. */
	siblings: string[];
	/** How many Pods it is to have; null: as many as it makes. */
	desired: number | null;
	/**
	 * Why it makes none, or not all of its present template, although nothing refuses them: `suspend: true`,
	 * `paused: true`, `replicas: 0`, `Failed: DeadlineExceeded`, `updateStrategy: OnDelete`.
	 */
	idle: string | null;
	/** Its controller has seen it as it is now. */
	isObserved: boolean;
	/** The words with which the API server refuses its Pods. */
	refusal: string | null;
	/** `old`: there is none of the present template yet, so these are of the one before; a CronJob's are left out. */
	generation: 'present' | 'old';
	/** Without those that are being deleted. */
	pods: PullFacts[];
}

export interface AccountFacts {
	namespace: string;
	name: string;
	isNamespaceAbsent: boolean;
	exists: boolean;
	pullSecrets: string[];
	/** `secrets`, which are for mounting. */
	mountableSecrets: string[];
	/** What a new Pod really gets, by a server-side dry run; null where that was refused. */
	dryRun: string[] | null;
	unread: Unread[];
}

/** `log: null`: this registry has no log that we can read. */
export interface PullLogFacts {
	log: PullLog | null;
}

/** One Pod that must be refused, or nothing here proves anything. */
export interface ControlPod {
	node: string;
	policy: 'Always' | 'IfNotPresent';
	/** `refused`: for want of credentials. `pending`: not tried yet. `broken`: refused, but for another cause. */
	result: 'refused' | 'runs' | 'pending' | 'absent' | 'broken';
	/** The node's own words. */
	message: string;
}

export interface ControlFacts {
	pods: ControlPod[];
}

/** As the API has it. */
export interface SeenObject {
	apiVersion?: string | undefined;
	kind?: string | undefined;
	metadata: { name: string; namespace?: string | undefined; deletionTimestamp?: string | undefined };
	[field: string]: unknown;
}

/** The objects that were found, as the API has them, but for what must stay secret and what only the API server keeps. */
export interface ResourceFacts {
	/** The cluster serves no such kind in this version. */
	isKindUnknown: boolean;
	isNamespaced: boolean;
	isNamespaceAbsent: boolean;
	objects: SeenObject[];
	/** For an absent object: the names of others of its kind. */
	siblings: string[];
}
