/** Controllers on a node on which every Pod of the image `myapp:1.0` runs, for tests. */

import type { Deployment } from '../../../src/emulator/controllers/rollout.ts';
import type { Workload } from '../../../src/emulator/controllers/workload.ts';
import type { Pod } from '../../../src/emulator/kubelet/pod.ts';
import { buildImage, host, startNode, type TestNode } from '../kubelet/node.ts';

export const image = `${host}/myapp:1.0`;
const labels = { app: 'web' };

export interface TestCluster extends TestNode {
	create(type: string, kind: string, name: string, spec: object, metadata?: object): void;
	get<T extends Workload = Workload>(type: string, name: string): T;
	pods(): Pod[];
	/** Of all objects, as `KIND/NAME REASON MESSAGE`, oldest first. */
	events(): string[];
}

export async function startCluster(): Promise<TestCluster> {
	const node = await startNode();
	const { client } = node.cluster;
	await node.push('myapp', '1.0', await buildImage(['/bin/app', '/bin/true', '/bin/false', '/bin/sleep']));
	await node.makeNamespace('default');
	node.createPullSecret('default', 'creds');
	return {
		...node,
		create(type, kind, name, spec, metadata = {}) {
			const [, group = ''] = /\.(.*)$/.exec(type) ?? [];
			const apiVersion = group === '' ? 'v1' : `${group}/v1`;
			client.create(type, 'default', { apiVersion, kind, metadata: { name, ...metadata }, spec });
		},
		get<T extends Workload>(type: string, name: string) {
			const found = client.get<T>(type, 'default', name);
			if (found === null) throw new Error(`there is no ${type} ${name}`);
			return found;
		},
		pods: () => [...client.list<Pod>('pods', 'default')],
		events: () =>
			client
				.list('events', 'default')
				.map((event) => {
					const { kind, name } = event.involvedObject as { kind: string; name: string };
					return {
						at: event.metadata.name.split('.').at(-1) ?? '',
						text: `${kind}/${name} ${event.reason} ${event.message}`,
					};
				})
				.sort((one, other) => (one.at < other.at ? -1 : 1))
				.map(({ text }) => text),
	};
}

export function podTemplate(spec: object = {}, container: object = {}) {
	return {
		metadata: { labels },
		spec: { containers: [{ name: 'app', image, ...container }], imagePullSecrets: [{ name: 'creds' }], ...spec },
	};
}

/** With what an API server adds to it. */
export function deploymentSpec(replicas: number, changes: Partial<Deployment['spec']> = {}): Deployment['spec'] {
	return {
		replicas,
		selector: { matchLabels: labels },
		strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
		revisionHistoryLimit: 10,
		progressDeadlineSeconds: 600,
		template: podTemplate(),
		...changes,
	};
}

export function selectorOf() {
	return { matchLabels: labels };
}
