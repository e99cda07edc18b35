/** The step that gives the lab its namespaces and whatever its `setup` folder holds. */

import { join } from 'node:path';
import type { KubeClient } from '../../kube/client.ts';
import { isConflict } from '../../kube/kube-error.ts';
import type { EnvironmentRecord } from '../../model/environment.ts';
import { environmentLabel } from '../../model/identity.ts';
import { Applier, type KubeObject, readManifests } from '../apply.ts';
import { makeNamespace } from '../namespaces.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { PreparedCluster } from './prepare-cluster.ts';

export async function setUpLab(
	request: UpRequest,
	record: EnvironmentRecord,
	{ client }: PreparedCluster,
	step: Step,
): Promise<void> {
	const applier = new Applier(client, step.signal);
	const namespaces = request.lab.namespaces.map((namespace) => request.namespaces[namespace] ?? namespace);
	const { isShared } = request.provider;
	for (const name of namespaces.filter((namespace) => namespace !== 'default')) {
		await makeNamespace(client, { name, label: record.label, isShared }, step.signal);
	}
	for (const object of await readManifests(join(request.lab.folder, 'setup')))
		await applier.apply(place(object, request, record.label));
	await Promise.all(namespaces.map((namespace) => makeAccount(client, namespace, step.signal)));
	step.report(namespaces.length === 1 ? `namespace ${namespaces[0]}` : `namespaces ${namespaces.join(', ')}`);
}

/** The lab's own name of a namespace becomes the one that it has here. */
function place(object: KubeObject, { namespaces }: UpRequest, label: string): KubeObject {
	const { metadata } = object;
	const labels = { ...metadata.labels, [environmentLabel]: label };
	const namespace = metadata.namespace ?? 'default';
	return { ...object, metadata: { ...metadata, namespace: namespaces[namespace] ?? namespace, labels } };
}

/**
 * A Pod that comes before its ServiceAccount is refused, and the controller that makes the account takes seconds in a
 * new cluster. This is the very object that it would make.
 */
async function makeAccount(client: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
	const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } };
	try {
		await client.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { body, signal });
	} catch (error) {
		if (!isConflict(error)) throw error;
	}
}
