/** Gives back the starting state of some tasks, and leaves everything else as it is. */

import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/kube-error.ts';
import { systemClock } from '../model/clock.ts';
import { LabError } from '../model/error.ts';
import type { Lab, Task } from '../model/lab.ts';
import type { Work } from '../model/provider.ts';
import { Applier, type KubeObject } from './apply.ts';
import { makeNamespace } from './namespaces.ts';
import type { Names } from './place.ts';
import { makeAccount, markAsOurs } from './steps/set-up-lab.ts';
import { type FoundObject, findObjects, keyOfObject, listTaskObjects, nameObject, readSetup } from './task-objects.ts';

export interface ResetPlan {
	/** What is to be deleted. */
	doomed: FoundObject[];
	/** What is emptied, since the cluster itself keeps it. */
	emptied: FoundObject[];
	/** What is put there again, as `up` does. */
	restored: KubeObject[];
}

export interface ResetRequest {
	client: KubeClient;
	lab: Lab;
	names: Names;
	/** The environment's label. */
	label: string;
	/** Whether others use the cluster too. */
	isShared: boolean;
}

const patience = 60_000;
const pollInterval = 50;

/** Looks only. */
export async function planReset(
	{ client, lab, names }: ResetRequest,
	tasks: readonly Task[],
	signal: AbortSignal,
): Promise<ResetPlan> {
	const objects = await listTaskObjects(lab, tasks, names);
	const concerned = new Set(objects.map(keyOfObject));
	const [found, setup] = await Promise.all([findObjects(client, objects, signal), readSetup(lab, names)]);
	const restored = setup.filter((object) => concerned.has(keyOfObject(object)));
	const isKept = ({ kind, metadata }: FoundObject) => kind === 'ServiceAccount' && metadata.name === 'default';
	return {
		doomed: found.filter((object) => !isKept(object) && object.kind !== 'Namespace'),
		emptied: found.filter((object) => isKept(object) && object.hasSecrets),
		restored,
	};
}

/**
 * May be interrupted at any point and begun again: what is to be put back is known from the lab, not from what was
 * deleted. Resolves to what was deleted and what was put back, in a person's words.
 */
export async function resetTasks(
	{ client, lab, names, label, isShared }: ResetRequest,
	{ doomed, emptied, restored }: ResetPlan,
	work: Work,
): Promise<{ deleted: string[]; restored: string[] }> {
	const { signal } = work;
	await deleteObjects(client, doomed, work);
	await Promise.all(emptied.map((account) => emptyAccount(client, account, signal)));
	// A namespace may have been deleted too.
	const namespaces = lab.namespaces.map((namespace) => names.namespaces[namespace] ?? namespace);
	for (const name of namespaces.filter((namespace) => namespace !== 'default')) {
		await makeNamespace(client, { name, label, isShared }, signal);
		await makeAccount(client, name, signal);
	}
	const applier = new Applier(client, signal);
	for (const object of restored) await applier.apply(markAsOurs(object, label));
	const isRestored = new Set(restored.map(keyOfObject));
	return {
		deleted: doomed.filter((object) => !isRestored.has(keyOfObject(object))).map(nameObject),
		restored: [...new Set([...emptied, ...restored].map(nameObject))],
	};
}

/** With what they made; resolves once they are gone. Pods are gone at once: their containers may take a moment longer to stop. */
export async function deleteObjects(
	client: KubeClient,
	objects: readonly FoundObject[],
	{ signal, tell }: Work,
): Promise<void> {
	const deadline = Date.now() + patience;
	/** Null: it is not there. */
	const ask = async <T>(method: string, path: string): Promise<T | null> => {
		try {
			return (await client.request(method, path, { signal })) as T;
		} catch (error) {
			if (isNotFound(error)) return null;
			throw error;
		}
	};
	const end = (path: string) => ask('DELETE', `${path}?gracePeriodSeconds=0`);
	/** A workload goes after the Pods that it made, and they may take half a minute to stop. */
	const endPods = async ({ metadata: { namespace }, spec }: Workload) => {
		const labels = Object.entries(spec?.selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
		if (labels.length === 0) return;
		const path = `/api/v1/namespaces/${namespace}/pods`;
		const pods = await ask<PodList>('GET', `${path}?labelSelector=${encodeURIComponent(labels.join(','))}`);
		const isEnding = ({ metadata }: PodList['items'][number]) =>
			metadata.deletionTimestamp !== undefined && metadata.ownerReferences !== undefined;
		await Promise.all((pods?.items ?? []).filter(isEnding).map(({ metadata }) => end(`${path}/${metadata.name}`)));
	};
	await Promise.all(
		objects.map(({ path, kind }) =>
			kind === 'Pod' ? end(path) : ask('DELETE', `${path}?propagationPolicy=Foreground`),
		),
	);
	for (let left = [...objects]; ; ) {
		const there = await Promise.all(left.map(({ path }) => ask<Workload>('GET', path)));
		left = left.filter((_, index) => there[index] !== null);
		if (left.length === 0) return;
		if (Date.now() > deadline) throw stuck(left.map(nameObject));
		tell(`${left.length} to go`);
		await Promise.all(there.map((object) => object && endPods(object)));
		await systemClock.sleep(pollInterval, signal);
	}
}

/** Whatever is to be deleted, as far as it may be one. */
interface Workload {
	metadata: { namespace?: string };
	spec?: { selector?: { matchLabels?: Record<string, string> } };
}

interface PodList {
	items: { metadata: { name: string; deletionTimestamp?: string; ownerReferences?: object[] } }[];
}

/** Its lists alone: what the account is, and what runs as it, stays. */
async function emptyAccount(client: KubeClient, { path }: FoundObject, signal: AbortSignal): Promise<void> {
	await client.request('PATCH', path, {
		body: { imagePullSecrets: null, secrets: null },
		contentType: 'application/merge-patch+json',
		signal,
	});
}

function stuck(names: readonly string[]): LabError {
	return new LabError({
		code: 'not-cleared',
		message: `What was done does not go away: ${names.join(', ')}.`,
		remedy: 'A finalizer may hold it. kubeproctor reset goes on where it stopped.',
	});
}
