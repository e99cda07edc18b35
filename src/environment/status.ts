/** Looks at each part of an environment and says whether it is well. */

import { type KubeClient, openCluster } from '../kube/client.ts';
import type { EnvironmentRecord, RegistryRecord } from '../model/environment.ts';
import { describeError, LabError } from '../model/error.ts';
import type { Found, Provider, RegistryDriver } from '../model/provider.ts';
import type { PushedImage } from '../model/registry.ts';
import { openRegistryClient } from '../oci/client.ts';
import { judgeControls } from './control-pods.ts';
import type { CredentialsByHost, StateFolder } from './state-folder.ts';

export interface PartStatus {
	part: 'cluster' | 'nodes' | 'registry' | 'image' | 'controls' | 'lab';
	name: string;
	isWell: boolean;
	/** What was seen. */
	detail: string;
}

export interface StatusRequest {
	state: StateFolder;
	record: EnvironmentRecord;
	provider: Provider;
	registries: readonly RegistryDriver[];
	signal: AbortSignal;
}

/** Asks everything at the same time; what cannot be asked is not well. */
export async function describeStatus(request: StatusRequest): Promise<PartStatus[]> {
	const { record } = request;
	const credentials = await request.state.readCredentials();
	const parts = await Promise.all([
		lookAtCluster(request),
		...record.registries.map((registry) => lookAtRegistry(registry, record, credentials, request.signal)),
		...record.images.map((image) => lookAtImage(image, record, credentials, request.signal)),
	]);
	return parts.flat();
}

async function lookAtCluster(request: StatusRequest): Promise<PartStatus[]> {
	const { record, provider, signal } = request;
	const name = record.context || record.name;
	const found = await provider.find(signal).catch((error: unknown) => describeError(error));
	const trouble = typeof found === 'string' ? found : describeTrouble(found, record.label);
	if (trouble !== null) return [{ part: 'cluster', name, isWell: false, detail: trouble }];
	try {
		const client = await openCluster({ kubeconfig: `${request.state.path}/kubeconfig`, context: record.context });
		try {
			const { gitVersion } = (await client.get('/version', { signal })) as { gitVersion: string };
			const cluster: PartStatus = {
				part: 'cluster',
				name,
				isWell: true,
				detail: `Kubernetes ${gitVersion.replace(/^v/, '')}`,
			};
			const rest = await Promise.all([
				lookAtNodes(client, signal),
				lookAtControls(client, record, gitVersion.replace(/^v/, ''), signal),
				lookAtLab(client, record, signal),
			]);
			return [cluster, ...rest];
		} finally {
			client.close();
		}
	} catch (error) {
		signal.throwIfAborted();
		return [{ part: 'cluster', name, isWell: false, detail: describeError(error) }];
	}
}

function describeTrouble(found: Found, label: string): string | null {
	if (found.state === 'absent') return 'it is not there';
	if (found.state === 'stopped') return 'it is stopped';
	if (found.state === 'foreign' || found.label !== label) return 'it is another one than kubeproctor made';
	return null;
}

async function lookAtNodes(client: KubeClient, signal: AbortSignal): Promise<PartStatus> {
	const list = (await client.get('/api/v1/nodes', { signal })) as {
		items: { metadata: { name: string }; status: { conditions: { type: string; status: string }[] } }[];
	};
	const isReady = (conditions: { type: string; status: string }[]) =>
		conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
	const unready = list.items.filter((node) => !isReady(node.status.conditions)).map((node) => node.metadata.name);
	const detail = unready.length === 0 ? 'ready' : `not ready: ${unready.join(', ')}`;
	const count = list.items.length;
	return { part: 'nodes', name: `${count} ${count === 1 ? 'node' : 'nodes'}`, isWell: unready.length === 0, detail };
}

async function lookAtControls(
	client: KubeClient,
	record: EnvironmentRecord,
	version: string,
	signal: AbortSignal,
): Promise<PartStatus> {
	const verdicts = await judgeControls(client, record.controlNamespace, version, signal);
	const wrong = verdicts.find((verdict) => verdict.result !== 'refused');
	const isWell = verdicts.length > 0 && wrong === undefined;
	const detail = wrong ? `${wrong.pod} ${wrong.result}: ${wrong.words}` : isWell ? 'refused' : 'they are not there';
	return { part: 'controls', name: 'Pods without credentials', isWell, detail };
}

async function lookAtLab(client: KubeClient, record: EnvironmentRecord, signal: AbortSignal): Promise<PartStatus> {
	const wanted = Object.values(record.namespaces);
	const list = (await client.get('/api/v1/namespaces', { signal })) as { items: { metadata: { name: string } }[] };
	const there = new Set(list.items.map((namespace) => namespace.metadata.name));
	const absent = wanted.filter((namespace) => !there.has(namespace));
	const detail = absent.length === 0 ? `namespaces ${wanted.join(', ')}` : `namespaces not there: ${absent.join(', ')}`;
	return { part: 'lab', name: record.lab, isWell: absent.length === 0, detail };
}

async function lookAtRegistry(
	{ host, endpoint }: RegistryRecord,
	record: EnvironmentRecord,
	credentials: CredentialsByHost,
	signal: AbortSignal,
): Promise<PartStatus> {
	const client = openRegistryClient({
		endpoint,
		credentials: findCredentials(host, record, credentials),
		signal,
		patience: 5_000,
	});
	try {
		await client.ping();
		return { part: 'registry', name: host, isWell: true, detail: endpoint };
	} catch (error) {
		signal.throwIfAborted();
		if (!(error instanceof LabError)) throw error;
		return { part: 'registry', name: host, isWell: false, detail: error.message };
	} finally {
		client.close();
	}
}

async function lookAtImage(
	{ registry: host, repository, tag, digest }: PushedImage,
	record: EnvironmentRecord,
	credentials: CredentialsByHost,
	signal: AbortSignal,
): Promise<PartStatus> {
	const name = `${host}/${repository}:${tag}`;
	const endpoint = record.registries.find((registry) => registry.host === host)?.endpoint ?? '';
	const given = findCredentials(host, record, credentials) ?? null;
	const client = openRegistryClient({ endpoint, signal, patience: 5_000 });
	try {
		const seen = await client.probeManifest(repository, tag, given);
		if (seen.outcome !== 'answered') return { part: 'image', name, isWell: false, detail: seen.message };
		const isWell = seen.status === 200 && seen.digest === digest;
		const trouble = seen.status === 200 ? 'another image has this name' : `the registry answers ${seen.status}`;
		return { part: 'image', name, isWell, detail: isWell ? digest.slice(0, 19) : trouble };
	} finally {
		client.close();
	}
}

function findCredentials(host: string, { hosts }: EnvironmentRecord, credentials: CredentialsByHost) {
	return credentials[Object.keys(hosts).find((labHost) => hosts[labHost] === host) ?? host];
}
