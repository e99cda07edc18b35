/** When a ServiceAccount's list is in effect: admission reads accounts through a cache, and hears of a change a moment later. */

import { isDeepStrictEqual } from 'node:util';
import { describeBarePod } from '../kube/bare-pod.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { systemClock } from '../model/clock.ts';
import type { KubeObject } from './apply.ts';

/** Milliseconds. Where something adds Secrets of its own to every Pod, the two lists never are the same. */
const patience = 3000;
const pollInterval = 50;

/** Resolves once new Pods get the list that is written in `account`, or after a few seconds; what is asked makes no Pod. */
export async function awaitHandedOn(client: KubeClient, account: KubeObject, signal: AbortSignal): Promise<void> {
	const { name, namespace = 'default' } = account.metadata;
	const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
	const body = describeBarePod(name);
	for (const deadline = Date.now() + patience; Date.now() < deadline; ) {
		const list = await askList(client, path, body, signal);
		if (list === null || isDeepStrictEqual(list, account['imagePullSecrets'])) return;
		await systemClock.sleep(pollInterval, signal);
	}
}

/** Null: such a Pod is refused, which says nothing about the account. */
async function askList(client: KubeClient, path: string, body: object, signal: AbortSignal): Promise<unknown[] | null> {
	try {
		const { spec } = (await client.request('POST', path, { body, signal })) as {
			spec: { imagePullSecrets?: unknown[] };
		};
		return spec.imagePullSecrets ?? [];
	} catch (error) {
		if (error instanceof KubeError) return null;
		throw error;
	}
}
