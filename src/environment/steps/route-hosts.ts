/** The step that makes every node find our registries under the names that Pods use. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryRecord } from '../../model/environment.ts';
import { findPackageFolder } from '../../package-root.ts';
import { Applier } from '../apply.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { PreparedCluster } from './prepare-cluster.ts';

export async function routeHosts(
	request: UpRequest,
	{ client }: PreparedCluster,
	registries: readonly RegistryRecord[],
	step: Step,
): Promise<void> {
	const { provider } = request;
	if (provider.routeHosts === null) return step.skip('its own name is used');
	const template = await readFile(join(findPackageFolder('registry-setup'), 'hosts.toml'), 'utf8');
	const servers = await Promise.all(request.registries.map((driver) => driver.joinNodes(step.signal)));
	const files = new Map<string, string>();
	registries.forEach(({ host, endpoint }, index) => {
		const server = servers[index];
		if (typeof server !== 'string') return;
		for (const name of [host, `localhost:${new URL(endpoint).port}`, new URL(server).host]) {
			files.set(name, template.replaceAll('{{host}}', name).replaceAll('{{endpoint}}', server));
		}
	});
	await provider.routeHosts(files, step.signal);
	const [first] = registries;
	const [server] = servers;
	if (first && server) await new Applier(client, step.signal).apply(describeHosting(first.endpoint, server));
	step.report([...files.keys()].join(', '));
}

/** KEP-1755: how other tools learn of a registry on this machine. */
function describeHosting(endpoint: string, server: string) {
	const inside = new URL(server).host;
	const hosting = {
		host: `localhost:${new URL(endpoint).port}`,
		hostFromContainerRuntime: inside,
		hostFromClusterNetwork: inside,
		help: 'https://kind.sigs.k8s.io/docs/user/local-registry/',
	};
	const text = Object.entries(hosting).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
	return {
		apiVersion: 'v1',
		kind: 'ConfigMap',
		metadata: { name: 'local-registry-hosting', namespace: 'kube-public' },
		data: { 'localRegistryHosting.v1': text.join('') },
	};
}
