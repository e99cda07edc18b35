/** Namespaces of an environment: made with its label, and never taken from somebody else. */

import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/kube-error.ts';
import { systemClock } from '../model/clock.ts';
import { LabError } from '../model/error.ts';
import { environmentLabel } from '../model/identity.ts';
import { Applier } from './apply.ts';

interface Namespace {
	metadata: { labels?: Record<string, string>; deletionTimestamp?: string };
}

export interface NamespaceWish {
	name: string;
	/** The environment's label. */
	label: string;
	labels?: Record<string, string>;
	/** Where one that is there without our label is somebody else's; on a cluster of our own it is the learner's. */
	isShared: boolean;
}

export async function makeNamespace(client: KubeClient, wish: NamespaceWish, signal: AbortSignal): Promise<void> {
	const found = await awaitSettled(client, wish.name, signal);
	const isOurs = found === null || found.metadata.labels?.[environmentLabel] === wish.label;
	if (!isOurs && wish.isShared) throw inUse(wish.name);
	if (!isOurs && wish.labels === undefined) return;
	const labels = { ...wish.labels, ...(isOurs && { [environmentLabel]: wish.label }) };
	await new Applier(client, signal).apply({
		apiVersion: 'v1',
		kind: 'Namespace',
		metadata: { name: wish.name, labels },
	});
}

/** Null: there is none. One that is being deleted takes nothing in any more, so its end is waited for. */
async function awaitSettled(client: KubeClient, name: string, signal: AbortSignal): Promise<Namespace | null> {
	for (;;) {
		try {
			const found = (await client.get(`/api/v1/namespaces/${name}`, { signal })) as Namespace;
			if (found.metadata.deletionTimestamp === undefined) return found;
		} catch (error) {
			if (isNotFound(error)) return null;
			throw error;
		}
		await systemClock.sleep(250, signal);
	}
}

function inUse(name: string): LabError {
	return new LabError({
		code: 'name-in-use',
		message: `There is a namespace ${name} that kubeproctor did not make; it is left alone.`,
		remedy: 'Give the environment another name: kubeproctor --name NAME up',
	});
}
