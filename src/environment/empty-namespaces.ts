/** Deletes everything that is in some namespaces, of whatever kind, and leaves the namespaces. */

import type { KubeClient } from '../kube/client.ts';
import { isNotFound, KubeError } from '../kube/kube-error.ts';
import { systemClock } from '../model/clock.ts';
import { LabError } from '../model/error.ts';
import { environmentLabel } from '../model/identity.ts';
import type { Work } from '../model/provider.ts';

interface Kind {
	/** `/apis/apps/v1` */
	group: string;
	/** `deployments` */
	plural: string;
}

interface Place {
	kind: Kind;
	namespace: string;
}

interface Listed {
	items: { metadata: { name: string; labels?: Record<string, string>; ownerReferences?: object[] } }[];
}

/** What comes and goes with something else, or is kept by the control plane itself. */
const left = new Set(['events', 'endpoints', 'endpointslices', 'leases', 'controllerrevisions', 'podmetrics']);

/** What the control plane puts into a namespace and would put back. */
const keptByName: Record<string, string> = {
	configmaps: 'kube-root-ca.crt',
	services: 'kubernetes',
	serviceaccounts: 'default',
};

const patience = 90_000;
const pollInterval = 150;

/** Resolves to how many objects there were. */
export async function emptyNamespaces(client: KubeClient, namespaces: readonly string[], work: Work): Promise<number> {
	const kinds = await listKinds(client, work.signal);
	const places = namespaces.flatMap((namespace) => kinds.map((kind) => ({ kind, namespace })));
	const deadline = Date.now() + patience;
	let most = 0;
	let open = places;
	for (;;) {
		const counts = await Promise.all(open.map((place) => deleteInTime(client, place, deadline, work.signal)));
		const count = counts.reduce<number>((sum, each) => sum + (each ?? 0), 0);
		most = Math.max(most, count);
		const left = open.filter((_, index) => counts[index] !== 0);
		if (left.length === 0 && open === places) break;
		if (Date.now() > deadline) throw stuck(left);
		// A controller may have made another Pod just before its owner went: hence everywhere again, until nothing is there.
		open = left.length === 0 ? places : left;
		if (left.length === 0) continue;
		work.tell(`${count} to go`);
		await systemClock.sleep(pollInterval, work.signal);
	}
	await Promise.all(namespaces.map((namespace) => renewAccount(client, namespace, work.signal)));
	return most;
}

/** Names of what somebody made there: neither what the lab put there, nor what belongs to something else; looks only. */
export async function listMade(
	client: KubeClient,
	namespaces: readonly string[],
	signal: AbortSignal,
): Promise<string[]> {
	const kinds = await listKinds(client, signal);
	const lists = await Promise.all(
		namespaces.flatMap((namespace) =>
			kinds.map(async ({ group, plural }) => {
				const { items } = (await client.get(`${group}/namespaces/${namespace}/${plural}`, { signal })) as Listed;
				return items
					.filter(({ metadata: { name, labels, ownerReferences = [] } }) => {
						const isOurs = labels?.[environmentLabel] !== undefined;
						return !isOurs && ownerReferences.length === 0 && name !== keptByName[plural];
					})
					.map(({ metadata }) => `${plural}/${metadata.name}${namespace === 'default' ? '' : ` in ${namespace}`}`);
			}),
		),
	);
	return lists.flat();
}

/** What was attached to it goes with it; its controller makes it again at once. */
async function renewAccount(client: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
	try {
		await client.request('DELETE', `/api/v1/namespaces/${namespace}/serviceaccounts/default`, { signal });
	} catch (error) {
		if (!isNotFound(error)) throw error;
	}
}

/** Null: an API server that is busy with all that goes gave no answer, and is asked again as long as there is time. */
async function deleteInTime(
	client: KubeClient,
	place: Place,
	deadline: number,
	signal: AbortSignal,
): Promise<number | null> {
	try {
		return await deleteAll(client, place, signal);
	} catch (error) {
		const mayPass = error instanceof LabError || (error instanceof KubeError && error.status >= 500);
		if (signal.aborted || !mayPass || Date.now() > deadline) throw error;
		return null;
	}
}

/** Resolves to how many are there still. */
async function deleteAll(client: KubeClient, { kind, namespace }: Place, signal: AbortSignal): Promise<number> {
	const path = `${kind.group}/namespaces/${namespace}/${kind.plural}`;
	const { items } = (await client.get(path, { signal })) as Listed;
	const found = items.filter(({ metadata }) => metadata.name !== keptByName[kind.plural]);
	if (found.length === 0) return 0;
	const kept = keptByName[kind.plural];
	const selector = kept === undefined ? '' : `&fieldSelector=${encodeURIComponent(`metadata.name!=${kept}`)}`;
	await client.request('DELETE', `${path}?gracePeriodSeconds=1${selector}`, { signal });
	return found.length;
}

/** Every namespaced kind that can be deleted as a collection, under one of its versions. */
async function listKinds(client: KubeClient, signal: AbortSignal): Promise<Kind[]> {
	const { groups } = (await client.get('/apis', { signal })) as {
		groups: { preferredVersion: { groupVersion: string } }[];
	};
	const paths = ['/api/v1', ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
	const found = await Promise.all(
		paths.map(async (group) => {
			const { resources } = (await client.get(group, { signal })) as {
				resources: { name: string; namespaced: boolean; verbs: string[] }[];
			};
			return resources
				.filter(({ name, namespaced, verbs }) => namespaced && verbs.includes('deletecollection') && !left.has(name))
				.map(({ name }): Kind => ({ group, plural: name }));
		}),
	);
	return found.flat();
}

function stuck(places: readonly Place[]): LabError {
	const where = places.map(({ kind, namespace }) => `${kind.plural} of ${namespace}`).join(', ');
	return new LabError({
		code: 'not-cleared',
		message: `What was done does not go away: ${where}.`,
		remedy: 'A finalizer may hold it. kubeproctor up goes on where it stopped; kubeproctor down removes everything.',
	});
}
