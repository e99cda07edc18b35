/** Images that a node holds before it has pulled any: the one of every sandbox, which a Pod may name as well. */

import type { PulledImage } from './puller.ts';

/** What containerd and kubeadm of Kubernetes 1.35 ask for. */
const tags = ['3.10', '3.10.1'];

/** Imported, not pulled: such an image has no digest of a repository, and its id stands for it. */
export function listPreloaded(): PulledImage[] {
	const id = 'sha256:873ed75102791e5b0b8a7fcd41606c92fcec98d56d05ead4ac5131650004c136';
	return tags.map((tag) => ({
		id,
		reference: `registry.k8s.io/pause:${tag}`,
		repoDigest: id,
		size: 320_448,
		config: { user: '65535:65535', env: [], entrypoint: ['/pause'], command: [], workingDir: '/' },
		files: () => 'unknown',
	}));
}
