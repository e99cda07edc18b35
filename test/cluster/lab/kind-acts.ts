/** What a mistake does to nodes and registries, with kind and the engine. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, must } from './environment.ts';
import type { Acts, Outage } from './mistakes.ts';

export function actOnKind(environment: Environment): Acts {
	const nameContainer = (host: string) => environment.nameRegistry(host);
	return {
		preload: (image) => preload(environment, image),
		unload: (image) => unload(environment, image),
		stopRegistry: (host) => must('docker', ['stop', nameContainer(host)]),
		failRegistry: (host, outage) => replaceRegistry(nameContainer(host), outage),
		bringBack: (host) => bringBack(nameContainer(host)),
		claimTls: (host) => claimTls(environment, host),
		changePassword: (host) =>
			must('docker', [
				'exec',
				nameContainer(host),
				'sh',
				'-c',
				`printf '%s' '${unknownUser}' > /etc/kubeproctor/htpasswd`,
			]),
	};
}

const unknownUser = 'myuser:$2y$05$abcdefghijklmnopqrstuuWJ0fM3bYq0k6c0K9v9y0bqgk1yYc2mW';

const answers: Record<Outage, string> = {
	busy: '429 Too Many Requests',
	broken: '500 Internal Server Error',
	denied: '403 Forbidden',
};

/** registry:2 has no bad days on demand; so something stands in its place, at the same port, that has nothing else. */
async function replaceRegistry(container: string, outage: Outage): Promise<void> {
	const port = (await must('docker', ['port', container, '5000/tcp'])).trim().split('\n')[0] ?? '';
	await must('docker', ['stop', '--time', '1', container]);
	// A whole request is read first: whoever is answered while it still speaks takes that for a fault of the line.
	const read = 'end=$(printf "\\r"); while read -r line && [ "$line" != "$end" ]; do :; done';
	const answer = `printf 'HTTP/1.1 ${answers[outage]}\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n'`;
	await must('docker', [
		...['run', '--detach', '--rm', '--name', nameStandIn(container), '--publish', `${port}:5000`],
		...['--network', 'kind', '--network-alias', container, '--entrypoint', 'busybox', 'docker.io/library/registry:2'],
		...['nc', '-ll', '-p', '5000', '-e', 'sh', '-c', `${read}; ${answer}`],
	]);
}

async function bringBack(container: string): Promise<void> {
	await removeStandIn(container);
	await must('docker', ['start', container]);
}

/** Removes the stand-in of a registry, where there is one. */
export async function removeStandIn(container: string): Promise<void> {
	await must('docker', ['rm', '--force', nameStandIn(container)]);
}

async function claimTls(environment: Environment, host: string): Promise<void> {
	const script = 'mkdir -p "secure.$0" && sed \'s,"http://,"https://,\' "$0/hosts.toml" > "secure.$0/hosts.toml"';
	for (const node of await environment.nodes())
		await must('docker', ['exec', '--workdir', '/etc/containerd/certs.d', node, 'sh', '-e', '-c', script, host]);
}

function nameStandIn(container: string): string {
	return `${container}-stand-in`;
}

/** With `kind load`, as people bring images to a node without a registry. */
export async function preload(environment: Environment, image: string): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'preload-'));
	try {
		await must('cp', ['registry-setup/sample/greet-amd64', join(folder, 'greet')]);
		await must('tar', ['-C', folder, '-cf', join(folder, 'root.tar'), 'greet']);
		await must('docker', ['import', '--change', 'ENTRYPOINT ["/greet"]', join(folder, 'root.tar'), image]);
		await must('kind', ['load', 'docker-image', image, '--name', environment.name]);
	} finally {
		await must('docker', ['rmi', '--force', image]);
		rmSync(folder, { recursive: true });
	}
}

/** Resolves once the nodes' status says so too: it lags behind, and is what tells whether an image is there. */
async function unload(environment: Environment, image: string): Promise<void> {
	for (const node of await environment.nodes()) {
		await must('docker', ['exec', node, 'ctr', '--namespace', 'k8s.io', 'images', 'rm', image]);
		const path = 'jsonpath={.status.images[*].names[*]}';
		const isListed = async () =>
			(await environment.kubectl('get', 'node', node, '-o', path)).split(' ').includes(image);
		for (let left = 90; await isListed(); left--) {
			if (left === 0) throw new Error(`the status of ${node} still lists ${image}`);
			await new Promise((resolve) => setTimeout(resolve, 1000));
		}
	}
}
