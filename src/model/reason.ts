/** Every reason for which something is not right: a closed union, so that none can be invented in passing. */

/** Reason → what it means, in one sentence. */
export const reasons = {
	PullSecretMissing: 'The Secret is not there.',
	PullSecretMisspelt: 'There is no Secret of that name, but one whose name is a slip away.',
	PullSecretInOtherNamespace: 'The Secret is in another namespace; a Pod reads only Secrets of its own.',
	SecretTypeWrong: 'The Secret is of a type in which the kubelet does not look for registry credentials.',
	PullSecretEmpty: 'The Secret holds no usable credentials for the registry.',
	CredentialsMalformed: 'An entry of the Secret cannot be read, which blocks every pull of the Pod.',
	RegistryNotListed: "No entry of the Secret matches the image's registry.",
	CredentialsRejected: 'The registry refuses the credentials.',
	PullSecretNotReferenced: 'Neither the Pod nor its ServiceAccount names a pull Secret.',
	PodOlderThanServiceAccountSecret: 'The ServiceAccount got the Secret after the Pod was created.',
	PodListOverridesServiceAccount: "The Pod lists pull Secrets of its own, so the ServiceAccount's are not used.",
	ServiceAccountSecretNotForPulls: 'The ServiceAccount has the Secret under secrets, not under imagePullSecrets.',
	ServiceAccountOther: 'The Pod runs as another ServiceAccount than the one that has the Secret.',
	ServiceAccountWithoutPullSecret: 'The ServiceAccount does not hand on the Secret.',
	PullSecretOther: 'Another Secret is used than the task asks for.',
	NamespaceMissing: 'The namespace is not there.',
	ServiceAccountMissing: 'The ServiceAccount is not there.',
	ImageNotFound: 'The registry has no such tag or repository.',
	ImageNameInvalid: "The image's name cannot be parsed.",
	ImageOther: 'Another image is used than the task asks for.',
	RegistryUnreachable: 'The registry does not answer, or its name does not resolve.',
	RegistryTlsMismatch: 'HTTPS met HTTP, or the certificate is of an unknown authority.',
	RegistryRateLimited: 'The registry says: slow down.',
	RegistryForbidden: 'The registry knows the user and forbids the pull.',
	RegistryFailing: 'The registry fails with an error of its own.',
	PullThrottled: "The node's own pull limit was reached; it tries again.",
	ImagePlatformMismatch: "The image has no manifest for the node's platform.",
	ContainerNotCreated: 'The image is there, but the container cannot be created from it.',
	PodRefused: "The workload's Pods are refused at admission.",
	PullFailedOtherwise: 'The pull fails for a cause that has no name here.',
	PullRetryPending: 'All is right now, but the kubelet still waits before it tries again.',
	ImageNeverPulled: 'The pull policy is Never, and the image is not on the node.',
	PullPolicyOther: 'Another pull policy is set than the task asks for.',
	FieldOther: 'A field has another value than the task asks for.',
	PullNotProven: 'The container runs, but not by credentials that its Pod has.',
	PullNotRefused: 'The Pod that should be refused runs.',
	RefusedForAnotherReason: 'The pull is refused, but not for want of credentials.',
	PodMissing: 'The Pod is not there.',
	PodUnschedulable: 'No node can take the Pod.',
	PodStarting: 'The Pod is still starting.',
	ContainerCrashing: 'The image was pulled, but its container does not keep running.',
	ControlNotRefused: 'A Pod without credentials is not refused here, so a pull proves nothing.',
	PullLogLost: "The registry's log was lost, so it cannot be told whether this pull was served.",
	NotObserved: 'It could not be looked at.',
} as const;

export type Reason = keyof typeof reasons;

/** Reasons that may be gone a moment later, so that it is worth looking again. */
export const passingReasons: ReadonlySet<Reason> = new Set(['PodStarting', 'PullThrottled']);
