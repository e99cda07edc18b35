/** A cluster of our own, in a process of this machine: everything but the containers themselves. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ClusterAccess } from '../model/cluster.ts';
import type { EmbeddedProcess } from '../model/embedded.ts';
import type { Problem } from '../model/error.ts';
import type { Provider } from '../model/provider.ts';
import { writePrivately } from '../private-file.ts';
import { nameContext } from './embedded-process.ts';
import { lookAtFolder } from './home-folder.ts';
import { kubectlAbsent } from './kubectl-absent.ts';

export interface EmbeddedOptions {
	name: string;
	/** The environment's own folder. */
	folder: string;
	process: EmbeddedProcess;
}

export function openEmbedded({ name, folder, process: host }: EmbeddedOptions): Provider {
	const access: ClusterAccess = { kubeconfig: join(folder, 'kubeconfig'), context: nameContext(name) };
	const parts = ['cluster', 'registries', 'certs.d', 'embedded.json', 'embedded.log', 'kubeconfig'];

	/** What a learner set in it stays, unless it is broken or belongs to another start of ours. */
	async function connect(): Promise<ClusterAccess> {
		const fresh = await readFile(join(folder, 'cluster/kubeconfig'), 'utf8');
		const current = await readFile(access.kubeconfig, 'utf8').catch(() => '');
		if (current !== fresh && !(await isSound(fresh, current))) {
			await writePrivately(access.kubeconfig, fresh);
		}
		return access;
	}

	async function isSound(fresh: string, current: string): Promise<boolean> {
		const { cluster } = (JSON.parse(fresh) as { clusters: [{ cluster: Record<string, string> }] }).clusters[0];
		if (!current.includes(cluster['certificate-authority-data'] ?? '')) return false;
		const { findServer } = await import('../kube/kubeconfig.ts');
		return findServer(access) === cluster['server'];
	}

	async function routeHosts(files: ReadonlyMap<string, string>): Promise<void> {
		await Promise.all(
			[...files].map(async ([registry, text]) => {
				await mkdir(join(folder, 'certs.d', registry), { recursive: true });
				await writeFile(join(folder, 'certs.d', registry, 'hosts.toml'), text);
			}),
		);
	}

	async function removeImages(hosts: readonly string[]): Promise<void> {
		for (const registry of hosts) await host.order('DELETE', `hosts/${encodeURIComponent(registry)}/images`);
	}

	async function remove(label: string): Promise<string[]> {
		const found = await host.find();
		if (found.state === 'absent' || !('label' in found) || found.label !== label) return [];
		const pid = await host.stop();
		await Promise.all(parts.map((part) => rm(join(folder, part), { recursive: true, force: true })));
		return [`embedded cluster ${name}${pid === null ? '' : ` (process ${pid})`}`];
	}

	return {
		id: 'embedded',
		isShared: false,
		check: () => checkHere(folder, process.env['PATH'] ?? ''),
		find: () => host.find(),
		create: async (label, work) => void (await host.start(label, work)),
		async start(work) {
			const found = await host.find();
			if ('label' in found) await host.start(found.label, work);
		},
		connect,
		routeHosts,
		removeImages,
		remove,
	};
}

/** kubectl is not run, since that alone would take longer than everything else; and nothing but the learner needs it. */
async function checkHere(
	folder: string,
	path: string,
): Promise<{ problems: Problem[]; warnings: Problem[]; about: string }> {
	const { problem } = await lookAtFolder(folder);
	const isThere = path
		.split(delimiter)
		.some((folder) => ['kubectl', 'kubectl.exe'].some((file) => existsSync(join(folder, file))));
	const about = `Node ${process.versions.node}`;
	return { problems: problem === null ? [] : [problem], warnings: isThere ? [] : [kubectlAbsent], about };
}
