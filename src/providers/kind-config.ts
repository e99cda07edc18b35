/** The configuration that is handed to kind, and the mark by which a node is known to be ours. */

import { environmentLabel } from '../model/identity.ts';

const markFolder = '/etc/kubeproctor/';

/**
 * kind cannot label the containers of its nodes. A mount can be seen from outside in every state of a container, from
 * its creation on, and with a remote engine too; so the path of an empty one carries the label.
 */
export function writeKindConfig(label: string, workers: number): string {
	const node = (role: string) => ({
		role,
		labels: { [environmentLabel]: label },
		extraMounts: [{ hostPath: '/dev/null', containerPath: `${markFolder}${label}`, readOnly: true }],
	});
	const config = {
		kind: 'Cluster',
		apiVersion: 'kind.x-k8s.io/v1alpha4',
		containerdConfigPatches: [
			'[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n',
		],
		nodes: [node('control-plane'), ...Array.from({ length: workers }, () => node('worker'))],
	};
	return JSON.stringify(config);
}

/** The label of the environment that a node belongs to; null: not one of ours. */
export function readMark(mounts: readonly string[]): string | null {
	return mounts.find((path) => path.startsWith(markFolder))?.slice(markFolder.length) ?? null;
}
