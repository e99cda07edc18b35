/** The only live stage: one pass over everything that the checks need, so that all see the same moment. */

import type { KubeClient } from '../kube/client.ts';
import { isForbidden, KubeError } from '../kube/kube-error.ts';
import { describeError, LabError } from '../model/error.ts';
import type { Evidence, Observation, Query } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';
import type { Session } from '../model/session.ts';
import { type Access, observe } from '../observers/index.ts';

export interface CollectOptions {
	lab: Lab;
	session: Session;
	client: KubeClient;
	access: Access;
}

/** Throws LabError where the API server does not answer at all. */
export async function collectEvidence(queries: ReadonlyMap<string, Query>, options: CollectOptions): Promise<Evidence> {
	const { lab, session, client, access } = options;
	const [version, observations] = await Promise.all([
		readVersion(client, access.signal),
		lookAtAll([...queries], async ([key, query]) => [key, await lookAt(query, access)] as const),
	]);
	return describeEvidence(lab, session, version, client.date, Object.fromEntries(observations));
}

type Keyed = readonly [key: string, query: Query];

/** At all at once, but at logs only after the Pods: whatever was pulled for one that was seen is in the log then. */
export async function lookAtAll<T>(queries: readonly Keyed[], look: (keyed: Keyed) => Promise<T>): Promise<T[]> {
	const isLog = ([, { kind }]: Keyed) => kind === 'pull-log';
	const seen = await Promise.all(queries.filter((keyed) => !isLog(keyed)).map(look));
	return [...seen, ...(await Promise.all(queries.filter(isLog).map(look)))];
}

/** `1.35.4` */
export async function readVersion(client: KubeClient, signal: AbortSignal): Promise<string> {
	const { gitVersion = '' } = (await client.get('/version', { signal })) as { gitVersion?: string };
	return gitVersion.replace(/^v/, '');
}

export function describeEvidence(
	lab: Lab,
	session: Session,
	kubernetesVersion: string,
	collectedAt: Date,
	observations: Evidence['observations'],
): Evidence {
	return {
		schemaVersion: 1,
		lab: { id: lab.id, digest: lab.digest },
		environment: { name: session.name, provider: session.provider, kubernetesVersion },
		collectedAt: collectedAt.toISOString(),
		digests: Object.fromEntries(
			session.images.map((image) => [
				`${image.registry}/${image.repository}:${image.tag}`,
				[image.digest, ...image.manifests],
			]),
		),
		registries: session.registries.map(({ host, username, passwordChangedAt = null }) => ({
			host,
			username,
			passwordChangedAt,
		})),
		hosts: session.hosts,
		namespaces: session.namespaces,
		observations,
	};
}

/** Throws the signal's reason where it is aborted. */
export async function lookAt(query: Query, access: Access): Promise<Observation> {
	try {
		return { ok: true, value: await observe(query, access) };
	} catch (error) {
		if (access.signal.aborted) throw access.signal.reason;
		return describeBlindness(error);
	}
}

/** Anything but an answer of the cluster or the machine is a fault of ours, and not to be graded around. */
function describeBlindness(error: unknown): Observation {
	if (error instanceof LabError) return { ok: false, code: error.code, message: error.message, remedy: error.remedy };
	if (!(error instanceof KubeError)) throw error;
	return {
		ok: false,
		code: isForbidden(error) ? 'forbidden' : 'kubernetes-error',
		message: describeError(error),
		remedy: isForbidden(error)
			? 'Use a kubeconfig whose user may read this.'
			: 'Grade again; kubeproctor status tells how the cluster is.',
	};
}
