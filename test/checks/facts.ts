/** Facts of a cluster in which everything is right, to be bent by each test. */

import { loadCheckKinds, type ShelvedKind } from '../../src/checks/index.ts';
import type { AnyCheck, JudgeContext } from '../../src/model/check.ts';
import type {
	AccountFacts,
	ContainerFacts,
	ControlFacts,
	ControlPod,
	EndFacts,
	EntryFacts,
	PodFacts,
	PullFacts,
	PullLogFacts,
	SecretFacts,
	SecretLookup,
} from '../../src/model/evidence.ts';
import type { PullRecord } from '../../src/model/registry.ts';

export const host = 'registry.example.com';
export const image = `${host}/myapp:1.0`;
export const digest = `sha256:${'a'.repeat(64)}`;
export const node = '172.18.0.2';

export const context: JudgeContext = {
	collectedAt: '2026-01-01T00:10:00Z',
	digests: { [image]: [digest, `sha256:${'b'.repeat(64)}`] },
	registries: [{ host, username: 'myuser' }],
	kubernetesVersion: '1.35.4',
};

export function entry(change: Partial<EntryFacts> = {}): EntryFacts {
	return {
		host,
		username: 'myuser',
		hasPassword: true,
		matches: true,
		isAuthAtOdds: false,
		blankIn: null,
		trial: { outcome: 'accepted' },
		...change,
	};
}

export const rejected: EntryFacts['trial'] = {
	outcome: 'rejected',
	status: 401,
	knownUser: true,
	answer: '401 UNAUTHORIZED: authentication required',
};

export function secret(change: Partial<SecretFacts> = {}): SecretFacts {
	return {
		namespace: 'default',
		name: 'my-registry-creds',
		uid: 'u',
		createdAt: '2026-01-01T00:00:00Z',
		type: 'kubernetes.io/dockerconfigjson',
		keys: ['.dockerconfigjson'],
		malformed: null,
		malformedHost: null,
		entries: [entry()],
		ignored: [],
		...change,
	};
}

export function found(change: Partial<SecretFacts> = {}): SecretLookup {
	const facts = secret(change);
	return {
		name: facts.name,
		namespace: facts.namespace,
		secret: facts,
		isNamespaceAbsent: false,
		siblings: [],
		otherNamespaces: [],
	};
}

export function absent(name: string, change: Partial<SecretLookup> = {}): SecretLookup {
	return {
		name,
		namespace: 'default',
		secret: null,
		isNamespaceAbsent: false,
		siblings: [],
		otherNamespaces: [],
		...change,
	};
}

export function running(change: Partial<ContainerFacts> = {}): ContainerFacts {
	return {
		name: 'app',
		kind: 'container',
		image,
		policy: 'IfNotPresent',
		imageId: `${host}/myapp@${digest}`,
		isOnNode: null,
		state: 'running',
		waiting: null,
		startedAt: '2026-01-01T00:05:00Z',
		ended: null,
		endedBefore: null,
		isReady: true,
		restartCount: 0,
		...change,
	};
}

/** A run of some minutes that ended well, but for `change`. */
export function end(change: Partial<EndFacts> = {}): EndFacts {
	return {
		exitCode: 0,
		reason: 'Completed',
		message: '',
		startedAt: '2026-01-01T00:04:30Z',
		finishedAt: '2026-01-01T00:06:00Z',
		...change,
	};
}

const denial = 'authorization failed: no basic auth credentials';

export function waiting(
	message = denial,
	reason = 'ErrImagePull',
	change: Partial<ContainerFacts> = {},
): ContainerFacts {
	return running({
		imageId: '',
		state: 'waiting',
		waiting: { reason, message },
		startedAt: null,
		isReady: false,
		...change,
	});
}

export function pod(change: Partial<PodFacts> = {}): PodFacts {
	return {
		namespace: 'default',
		name: 'private-pod',
		uid: 'p',
		createdAt: '2026-01-01T00:04:00Z',
		owner: null,
		isDeleting: false,
		phase: 'Running',
		failure: null,
		restartPolicy: 'Always',
		node: 'kind-control-plane',
		nodeAddresses: [node],
		unschedulable: null,
		serviceAccount: 'default',
		pullSecrets: ['my-registry-creds'],
		isListInherited: false,
		containers: [running()],
		...change,
	};
}

export function pull(change: Partial<PullFacts> = {}): PullFacts {
	const facts = change.pod === undefined ? pod() : change.pod;
	return {
		pod: facts,
		isNamespaceAbsent: false,
		refusal: null,
		siblings: [],
		account: { name: 'default', exists: true, pullSecrets: [], mountableSecrets: [] },
		otherAccounts: [],
		secrets: (facts?.containers ?? []).map(({ name }) => ({
			container: name,
			lookups: facts?.pullSecrets.length ? [found()] : [],
		})),
		unread: [],
		...change,
	};
}

/** The Pod waits, denied, with this list and these Secrets. */
export function denied(
	lookups: SecretLookup[],
	change: Partial<PodFacts> = {},
	rest: Partial<PullFacts> = {},
): PullFacts {
	return pull({
		pod: pod({ phase: 'Pending', containers: [waiting()], pullSecrets: lookups.map(({ name }) => name), ...change }),
		secrets: [{ container: 'app', lookups }],
		...rest,
	});
}

export const record: PullRecord = {
	time: '2026-01-01T00:04:30Z',
	method: 'HEAD',
	repository: 'myapp',
	reference: '1.0',
	status: 200,
	client: node,
	userAgent: 'containerd/2.1.9',
};

/** A log that holds one request, as a right pull leaves it but for `change`. */
export function logOf(change: Partial<PullRecord> = {}): PullLogFacts {
	return { log: { records: [{ ...record, ...change }], lostBefore: null } };
}

export const served = logOf();

/** Both controls, but for `change` to each. */
export function controlsOf(change: Partial<ControlPod> = {}): ControlFacts {
	const policies = ['Always', 'IfNotPresent'] as const;
	return {
		pods: policies.map((policy) => ({
			node: 'kind-control-plane',
			policy,
			result: 'refused',
			message: denial,
			...change,
		})),
	};
}

export const controls = controlsOf();

export function account(change: Partial<AccountFacts> = {}): AccountFacts {
	return {
		namespace: 'default',
		name: 'default',
		isNamespaceAbsent: false,
		exists: true,
		pullSecrets: ['my-registry-creds'],
		mountableSecrets: [],
		dryRun: ['my-registry-creds'],
		unread: [],
		...change,
	};
}

export const checkKinds = await loadCheckKinds();

export function kindOf(kind: string): ShelvedKind {
	const shelved = checkKinds.find((each) => each.kind === kind);
	if (shelved === undefined) throw new Error(`no check ${kind}`);
	return shelved;
}

export function check(kind: string, params: object): AnyCheck {
	const shelved = kindOf(kind);
	const read = shelved.params.safeParse(params);
	if (!read.success) throw new Error(JSON.stringify(read.error.issues));
	return shelved.bind(kind, read.data);
}
