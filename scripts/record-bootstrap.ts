/** Records what a new cluster has before anybody asks for anything into api-schema/bootstrap.json: `kubectl proxy` must run at the given URL. */

import { writeFileSync } from 'node:fs';
import type { KubeObject } from '../src/emulator/object.ts';
import { completeBootstrap } from './complete-bootstrap.ts';

interface Recorded {
	metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
	[field: string]: unknown;
}

const server = process.argv[2];
if (server === undefined) throw new Error('usage: npx tsx scripts/record-bootstrap.ts URL');

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const collections = [
	`${rbac}/clusterroles`,
	`${rbac}/clusterrolebindings`,
	'/apis/scheduling.k8s.io/v1/priorityclasses',
	'/apis/networking.k8s.io/v1/servicecidrs',
];
const objects = (await Promise.all(collections.map(readAll))).flat();
const namespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default'].map((name) => ({
	apiVersion: 'v1',
	kind: 'Namespace',
	metadata: { name },
}));
const service = await read('/api/v1/namespaces/default/services/kubernetes');
const completed = completeBootstrap([...namespaces, ...objects, strip(service as Recorded)] as KubeObject[]);
writeFileSync('api-schema/bootstrap.json', `[\n${completed.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);

async function readAll(path: string): Promise<Recorded[]> {
	const { kind, apiVersion, items } = (await read(path)) as { kind: string; apiVersion: string; items: Recorded[] };
	const head = { apiVersion, kind: kind.replace(/List$/, '') };
	return items.map((item) => strip({ ...head, ...item }));
}

async function read(path: string): Promise<unknown> {
	const response = await fetch(server + path);
	if (!response.ok) throw new Error(`${path}: ${response.status}`);
	return response.json();
}

/** Without what a server sets anew, and without the times of what has become of it. */
function strip({ metadata, status: _status, ...fields }: Recorded): Recorded {
	const { name, namespace, labels, annotations } = metadata;
	return {
		...fields,
		metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) },
	};
}
