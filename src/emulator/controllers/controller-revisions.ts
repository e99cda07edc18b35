/** ControllerRevisions: the templates that a StatefulSet or a DaemonSet had, by number and by hash. */

import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '../cluster-client.ts';
import type { KubeObject } from '../object.ts';
import { hashTemplate } from './hash.ts';
import { isControlledBy, referTo } from './reconcile.ts';
import type { Workload } from './workload.ts';

const controllerRevisions = 'controllerrevisions.apps';
const hashLabel = 'controller-revision-hash';

export interface ControllerRevision extends KubeObject {
	data: { spec: { template: object } };
	revision: number;
}

/** The one of the template as it is now, made where it is not there, and the newest where it is an old one. */
export function keepRevision(client: ClusterClient, owner: Workload): ControllerRevision {
	const { namespace = '', name, annotations } = owner.metadata;
	const data = { spec: { template: { $patch: 'replace', ...owner.spec.template } } };
	const known = listRevisions(client, owner);
	const next = (known.at(-1)?.revision ?? 0) + 1;
	const same = known.find((revision) => isDeepStrictEqual(revision.data, data));
	if (same) {
		if (same === known.at(-1)) return same;
		const change = (stored: ControllerRevision) => ({ ...stored, revision: next });
		return client.update<ControllerRevision>(controllerRevisions, namespace, same.metadata.name, change) ?? same;
	}
	const hash = hashTemplate(owner.spec.template, Number(owner.status?.collisionCount ?? 0));
	return client.create<ControllerRevision>(controllerRevisions, namespace, {
		apiVersion: 'apps/v1',
		kind: 'ControllerRevision',
		metadata: {
			name: `${name}-${hash}`,
			labels: { ...owner.spec.template.metadata?.labels, [hashLabel]: hash },
			...(annotations && { annotations }),
			ownerReferences: [referTo(owner)],
		},
		data,
		revision: next,
	});
}

/** Oldest first. */
export function listRevisions(client: ClusterClient, owner: Workload): ControllerRevision[] {
	return client
		.list<ControllerRevision>(controllerRevisions, owner.metadata.namespace ?? '')
		.filter((revision) => isControlledBy(revision, owner))
		.sort((one, other) => one.revision - other.revision);
}

/** Deletes the oldest that nothing uses any more. */
export function limitRevisions(client: ClusterClient, owner: Workload, used: ReadonlySet<string>): void {
	const idle = listRevisions(client, owner).filter(({ metadata }) => !used.has(metadata.name));
	const limit = Number(owner.spec.revisionHistoryLimit ?? 10);
	for (const { metadata } of idle.slice(0, Math.max(0, idle.length - limit))) {
		client.delete(controllerRevisions, metadata.namespace ?? '', metadata.name);
	}
}

export function readHash({ metadata }: KubeObject): string {
	return metadata.labels?.[hashLabel] ?? '';
}
