/** The step that gives the lab its namespaces and whatever its `setup` folder holds. */

import { join } from 'node:path';
import type { KubeClient } from '../../kube/client.ts';
import { isConflict, isNotFound } from '../../kube/kube-error.ts';
import type { EnvironmentRecord } from '../../model/environment.ts';
import { LabError } from '../../model/error.ts';
import { completionName, environmentLabel } from '../../model/identity.ts';
import { Applier, type KubeObject, readManifests } from '../apply.ts';
import { makeNamespace } from '../namespaces.ts';
import { placeObject } from '../place.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { PreparedCluster } from './prepare-cluster.ts';

/** `awaitPullable`: resolves once Pods of the lab can pull; only what the `setup` folder holds waits for it. */
export async function setUpLab(
	request: UpRequest,
	record: EnvironmentRecord,
	{ client }: PreparedCluster,
	awaitPullable: () => Promise<unknown>,
	step: Step,
): Promise<void> {
	const { signal } = step;
	const found = await readLabOnCluster(client, request.controlNamespace, signal);
	if (found !== null && found !== request.lab.id) throw anotherLab(request.name, found, request.lab.id);
	const namespaces = request.lab.namespaces.map((namespace) => request.namespaces[namespace] ?? namespace);
	const { isShared } = request.provider;
	for (const name of namespaces.filter((namespace) => namespace !== 'default')) {
		await makeNamespace(client, { name, label: record.label, isShared }, signal);
	}
	await Promise.all(namespaces.map((namespace) => makeAccount(client, namespace, signal)));
	// Once only: later it would undo what the learner has done to it.
	if (found === null) await applySetup(request, record.label, client, awaitPullable, signal);
	step.report(namespaces.length === 1 ? `namespace ${namespaces[0]}` : `namespaces ${namespaces.join(', ')}`);
}

/** The lab that an earlier `up` came to its end with; null: none did. */
async function readLabOnCluster(client: KubeClient, namespace: string, signal: AbortSignal): Promise<string | null> {
	const path = `/api/v1/namespaces/${namespace}/configmaps/${completionName}`;
	try {
		return ((await client.get(path, { signal })) as { data: { lab: string } }).data.lab;
	} catch (error) {
		if (isNotFound(error)) return null;
		throw error;
	}
}

async function applySetup(
	request: UpRequest,
	label: string,
	client: KubeClient,
	awaitPullable: () => Promise<unknown>,
	signal: AbortSignal,
): Promise<void> {
	const objects = await readManifests(join(request.lab.folder, 'setup'));
	if (objects.length === 0) return;
	await awaitPullable();
	const credentials = await request.state.readCredentials();
	const names = {
		hosts: request.hosts,
		namespaces: request.namespaces,
		registries: request.lab.registries,
		credentials,
	};
	const applier = new Applier(client, signal);
	for (const object of objects) await applier.apply(markAsOurs(placeObject(object, names), label));
}

/** Tells what the lab put there from what the learner did. */
export function markAsOurs(object: KubeObject, label: string): KubeObject {
	const labels = { ...object.metadata.labels, [environmentLabel]: label };
	return { ...object, metadata: { ...object.metadata, labels } };
}

/** On the cluster is another lab than this machine remembers: its folder was lost. */
function anotherLab(name: string, found: string, wanted: string): LabError {
	return new LabError({
		code: 'another-lab',
		message: `Environment ${name} is set up for the lab ${found}.`,
		remedy: `kubeproctor up ${found} goes on with it; kubeproctor up ${wanted} --reset takes away what was done there.`,
	});
}

/**
 * A Pod that comes before its ServiceAccount is refused, and the controller that makes the account takes seconds in a
 * new cluster. This is the very object that it would make.
 */
export async function makeAccount(client: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
	const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } };
	try {
		await client.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { body, signal });
	} catch (error) {
		if (!isConflict(error)) throw error;
	}
}
