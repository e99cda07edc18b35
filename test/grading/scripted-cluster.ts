/** An API server and a registry that answer over real HTTP what a test tells them to. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PullLog } from '../../src/model/registry.ts';
import type { Session } from '../../src/model/session.ts';
import { canary } from '../runner/canary.ts';

/** Path → the object, or what to answer each time: a number is a status, `hang-up` a broken connection. */
export type Objects = Record<string, object | ((count: number) => object | number | 'hang-up' | null)>;

export interface ScriptedCluster {
	objects: Objects;
	session: Session;
	/** `METHOD path`, in the order of arrival. */
	requests: string[];
	/** `username:password`, or empty, of every request that reached the registry. */
	offered: string[];
	close(): Promise<void>;
}

export const host = 'registry.example.com';
const digest = `sha256:${'a'.repeat(64)}`;
const nodeAddress = '172.18.0.2';

export async function openScriptedCluster(objects: Objects): Promise<ScriptedCluster> {
	const folder = await mkdtemp(join(tmpdir(), 'scripted-'));
	const requests: string[] = [];
	const offered: string[] = [];
	const counts = new Map<string, number>();
	const api = await listen((request, response) => {
		const [path = ''] = (request.url ?? '').split('?');
		requests.push(`${request.method} ${request.url}`);
		const count = counts.get(path) ?? 0;
		counts.set(path, count + 1);
		const entry = objects[path];
		const answer = typeof entry === 'function' ? entry(count) : (entry ?? null);
		if (answer === 'hang-up') return void request.socket.destroy();
		const status = answer === null ? 404 : typeof answer === 'number' ? answer : 200;
		response.writeHead(status, { 'content-type': 'application/json' });
		const refusal =
			status === 403
				? { message: `${path.split('/').at(-1)} is forbidden: User "u" cannot do that`, reason: 'Forbidden' }
				: { message: `scripted ${status}`, reason: '' };
		response.end(JSON.stringify(status === 200 ? answer : { kind: 'Status', ...refusal }));
	});
	const registry = await listen((request, response) => {
		const [, encoded = ''] = (request.headers.authorization ?? '').split(' ');
		const credentials = Buffer.from(encoded, 'base64').toString();
		offered.push(credentials);
		const isRight = credentials === `myuser:${canary}`;
		response.writeHead(isRight ? 200 : 401, { 'www-authenticate': 'Basic realm="r"', 'docker-content-digest': digest });
		response.end(isRight ? '{}' : '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
	});
	const kubeconfig = join(folder, 'kubeconfig');
	await writeFile(
		kubeconfig,
		JSON.stringify({
			apiVersion: 'v1',
			kind: 'Config',
			clusters: [{ name: 'c', cluster: { server: api.url, 'insecure-skip-tls-verify': true } }],
			users: [{ name: 'u', user: { token: 't' } }],
			contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
		}),
	);
	const log: PullLog = {
		records: [
			{
				time: '2026-01-01T00:00:00Z',
				method: 'HEAD',
				repository: 'myapp',
				reference: '1.0',
				status: 200,
				client: nodeAddress,
				userAgent: 'containerd',
			},
		],
		lostBefore: null,
	};
	return {
		objects,
		requests,
		offered,
		session: {
			name: 'scripted',
			label: 'scripted-00000000',
			provider: 'kind',
			lab: 'pulling-from-private-registries',
			cluster: { kubeconfig, context: 'c' },
			registries: [
				{
					host,
					endpoint: registry.url,
					username: 'myuser',
					ownership: 'ours',
					credentials: { username: 'myuser', password: canary },
					mayTryCredentials: true,
					pullLog: async () => log,
				},
			],
			images: [{ registry: host, repository: 'myapp', tag: '1.0', digest, manifests: [] }],
			hosts: {},
			namespaces: {},
			controlNamespace: 'kubeproctor',
			folder,
		},
		async close() {
			await Promise.all([api.close(), registry.close()]);
			await rm(folder, { recursive: true });
		},
	};
}

/** What `up` leaves behind: a cluster in which no task has been begun. */
export function untouched(): Objects {
	return {
		'/version': { gitVersion: 'v1.35.4' },
		'/api/v1/namespaces/default': namespace('default'),
		'/api/v1/namespaces/staging': namespace('staging'),
		'/api/v1/namespaces/default/serviceaccounts/default': { metadata: { name: 'default', namespace: 'default' } },
		'/api/v1/namespaces/default/serviceaccounts': { items: [] },
		'/api/v1/namespaces/default/secrets': { items: [] },
		'/api/v1/secrets': { items: [] },
		'/api/v1/namespaces/default/pods': { spec: { containers: [] }, items: [] },
		'/api/v1/namespaces/staging/pods': { items: [] },
		'/apis/apps/v1/namespaces/default/replicasets': { items: [] },
		'/apis/apps/v1/namespaces/staging/replicasets': { items: [] },
		'/api/v1/namespaces/kubeproctor/pods': { items: [control('Always'), control('IfNotPresent')] },
	};
}

/** As `untouched`, with every task done. */
export function solved(): Objects {
	return {
		...untouched(),
		'/api/v1/namespaces/default/secrets/my-registry-creds': secret(canary),
		'/api/v1/namespaces/default/serviceaccounts/default': {
			metadata: { name: 'default', namespace: 'default' },
			imagePullSecrets: [{ name: 'my-registry-creds' }],
		},
		'/api/v1/namespaces/default/pods': { spec: { containers: [], imagePullSecrets: [{ name: 'my-registry-creds' }] } },
		'/api/v1/namespaces/default/pods/private-pod': pod('private-pod', { running: {} }, true),
		'/api/v1/namespaces/default/pods/sa-pod': pod('sa-pod', { running: {} }, false),
		'/api/v1/namespaces/staging/serviceaccounts/default': { metadata: { name: 'default', namespace: 'staging' } },
		'/api/v1/namespaces/staging/serviceaccounts': { items: [] },
		'/api/v1/namespaces/staging/pods/no-creds-pod': {
			...control('IfNotPresent'),
			metadata: { name: 'no-creds-pod', namespace: 'staging' },
		},
	};
}

export function secret(password: string): object {
	const config = JSON.stringify({ auths: { [host]: { username: 'myuser', password } } });
	return {
		metadata: { name: 'my-registry-creds', namespace: 'default' },
		type: 'kubernetes.io/dockerconfigjson',
		data: { '.dockerconfigjson': Buffer.from(config).toString('base64') },
	};
}

/** `isOwn`: whether somebody wrote the list, as managedFields have it. */
export function pod(name: string, state: object, isOwn: boolean): object {
	const owned = isOwn ? { 'f:imagePullSecrets': {} } : {};
	return {
		metadata: {
			name,
			namespace: 'default',
			managedFields: [{ fieldsV1: { 'f:spec': { 'f:containers': {}, ...owned } } }],
		},
		spec: {
			nodeName: 'node',
			serviceAccountName: 'default',
			imagePullSecrets: [{ name: 'my-registry-creds' }],
			containers: [{ name: 'app', image: `${host}/myapp:1.0`, imagePullPolicy: 'IfNotPresent' }],
		},
		status: {
			phase: 'Running',
			hostIP: nodeAddress,
			containerStatuses: [{ name: 'app', imageID: 'running' in state ? `${host}/myapp@${digest}` : '', state }],
		},
	};
}

function control(policy: string): object {
	return {
		metadata: { name: `control-${policy}`, namespace: 'kubeproctor', labels: { 'kubeproctor.dev/control': policy } },
		spec: { nodeName: 'node', containers: [{ name: 'app', image: `${host}/myapp:1.0`, imagePullPolicy: policy }] },
		status: {
			hostIP: nodeAddress,
			containerStatuses: [
				{ name: 'app', state: { waiting: { reason: 'ErrImagePull', message: 'no basic auth credentials' } } },
			],
		},
	};
}

function namespace(name: string): object {
	return { metadata: { name } };
}

async function listen(answer: http.RequestListener): Promise<{ url: string; close(): Promise<void> }> {
	const server = http.createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
