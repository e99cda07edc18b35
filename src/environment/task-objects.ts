/** Which objects a task is about: those of its reference answer, and those that its checks look at. */

import { join } from 'node:path';
import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/kube-error.ts';
import type { Query } from '../model/evidence.ts';
import { environmentLabel } from '../model/identity.ts';
import type { Lab, Task } from '../model/lab.ts';
import { Applier, type KubeObject, readManifests } from './apply.ts';
import { type Names, placeObject } from './place.ts';

/** An object by its name, whether it is there or not. */
export interface ObjectName {
	apiVersion: string;
	kind: string;
	metadata: { name: string; namespace?: string };
}

export interface FoundObject extends ObjectName {
	/** Path of the API. */
	path: string;
	/** It was put there by `up` or a reset, not by the learner. */
	isOurs: boolean;
	/** Of a ServiceAccount: whether it lists any Secret. */
	hasSecrets: boolean;
}

/** `secret/my-registry-creds`, with its namespace where it is not the one that kubectl takes by itself. */
export function nameObject({ kind, metadata: { name, namespace = 'default' } }: ObjectName): string {
	return `${kind.toLowerCase()}/${name}${namespace === 'default' ? '' : ` in ${namespace}`}`;
}

/** One string for one object, whatever version of its kind it is named by. */
export function keyOfObject({ apiVersion, kind, metadata: { name, namespace = 'default' } }: ObjectName): string {
	return [apiVersion.split('/').length > 1 ? apiVersion.split('/')[0] : '', kind, namespace, name].join(' ');
}

/** A task and all that need it, directly or not, in the lab's order. */
export function withDependants({ tasks }: Lab, task: Task): Task[] {
	const undone = new Set([task.id]);
	for (let size = 0; size < undone.size; ) {
		size = undone.size;
		for (const { id, needs } of tasks) if (needs.some((need) => undone.has(need))) undone.add(id);
	}
	return tasks.filter(({ id }) => undone.has(id));
}

/** Objects of the reference answer of a task, as they are here. */
export async function readSolution({ folder }: Lab, { id }: Task, names: Names): Promise<KubeObject[]> {
	const objects = await readManifests(join(folder, 'solution', id));
	return objects.map((object) => placeObject(object, names));
}

/** What `up` puts there, as it is here. */
export async function readSetup({ folder }: Lab, names: Names): Promise<KubeObject[]> {
	const objects = await readManifests(join(folder, 'setup'));
	return objects.map((object) => placeObject(object, names));
}

/** Every object that `tasks` are about and no other task of the lab is, whether it is there or not. */
export async function listTaskObjects(lab: Lab, tasks: readonly Task[], names: Names): Promise<ObjectName[]> {
	const of = async (each: readonly Task[]) => {
		const lists = await Promise.all(
			each.map(async (task) => [...(await readSolution(lab, task, names)), ...listChecked(task)]),
		);
		return new Map(lists.flat().map((object) => [keyOfObject(object), object]));
	};
	const [mine, others] = await Promise.all([of(tasks), of(lab.tasks.filter((task) => !tasks.includes(task)))]);
	return [...mine].flatMap(([key, object]) => (others.has(key) ? [] : [object]));
}

function listChecked({ checks }: Task): ObjectName[] {
	return checks.flatMap((check) => Object.values(check.needs()).flatMap(nameQueried));
}

const workloads: Record<string, [apiVersion: string, kind: string]> = {
	deployment: ['apps/v1', 'Deployment'],
	replicaset: ['apps/v1', 'ReplicaSet'],
	statefulset: ['apps/v1', 'StatefulSet'],
	daemonset: ['apps/v1', 'DaemonSet'],
	job: ['batch/v1', 'Job'],
	cronjob: ['batch/v1', 'CronJob'],
};

/** What is asked for by label has no name of its own, and is left to whoever made it. */
function nameQueried(query: Query): ObjectName[] {
	const name = (apiVersion: string, kind: string, object: string, namespace: string) => [
		{ apiVersion, kind, metadata: { name: object, namespace } },
	];
	switch (query.kind) {
		case 'pull':
			return name('v1', 'Pod', query.pod, query.namespace);
		case 'pull-secret':
			return name('v1', 'Secret', query.name, query.namespace);
		case 'service-account':
			return name('v1', 'ServiceAccount', query.name, query.namespace);
		case 'resource':
			return query.name === null ? [] : name(query.apiVersion, query.resource, query.name, query.namespace);
		case 'workload': {
			const [type = '', object = ''] = query.workload.split('/');
			const [apiVersion, kind] = workloads[type] ?? [];
			return apiVersion === undefined || kind === undefined ? [] : name(apiVersion, kind, object, query.namespace);
		}
		default:
			return [];
	}
}

/** Those that are there. */
export async function findObjects(
	client: KubeClient,
	objects: readonly ObjectName[],
	signal: AbortSignal,
): Promise<FoundObject[]> {
	const applier = new Applier(client, signal);
	const looked = await Promise.all(
		objects.map(async (object): Promise<FoundObject[]> => {
			const path = await applier.pathOf(object);
			try {
				const { metadata, imagePullSecrets, secrets } = (await client.get(path, { signal })) as KubeObject;
				const isOurs = metadata.labels?.[environmentLabel] !== undefined;
				const hasSecrets = [imagePullSecrets, secrets].some((list) => Array.isArray(list) && list.length > 0);
				return [{ ...object, path, isOurs, hasSecrets }];
			} catch (error) {
				if (isNotFound(error)) return [];
				throw error;
			}
		}),
	);
	return looked.flat();
}
