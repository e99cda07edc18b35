/** The Kubernetes side: how a cluster is reached and who provides it. */

export type ProviderId = 'kind' | 'existing' | 'embedded';

export interface ClusterAccess {
	/** Path of a kubeconfig file. */
	kubeconfig: string;
	context: string;
}

export interface ClusterNode {
	name: string;
	/** InternalIP addresses. */
	addresses: string[];
}
