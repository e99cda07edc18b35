/** The Node object of a kind node, and its signs of life. */

import type { ClusterClient } from '../cluster-client.ts';
import { StatusError } from '../status-error.ts';
import { formatMicroTime, formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import type { NodeImages } from './node-images.ts';
import type { Node } from './pod.ts';

export interface NodeIdentity {
	/** `<cluster>-control-plane` */
	name: string;
	/** Internal addresses, as Pods report them. */
	addresses: readonly string[];
}

/* Milliseconds; what the kubelet's defaults are: it looks often, and reports what has changed, else now and then. */
const leaseRenewal = 10_000;
const statusLook = 10_000;
const statusReport = 300_000;

const capacity = {
	cpu: '4',
	'ephemeral-storage': '264212084Ki',
	'hugepages-1Gi': '0',
	'hugepages-2Mi': '0',
	memory: '8192000Ki',
	pods: '110',
};

const conditions = [
	['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
	['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
	['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
	['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** Registers the node where it is not there, and keeps reporting. Gives back how to stop. */
export function keepNode(client: ClusterClient, clock: TimerClock, node: NodeIdentity, images: NodeImages): () => void {
	const cancels = new Map<string, () => void>();
	const id = crypto.randomUUID().replaceAll('-', '');

	/** What the API server refuses is tried again the next time. */
	function repeat(name: string, ms: number, action: () => void): void {
		try {
			action();
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
		}
		cancels.set(
			name,
			clock.after(ms, () => repeat(name, ms, action)),
		);
	}

	let reported = '';

	function report(): void {
		reported = JSON.stringify(images.list());
		const isThere = client.get('nodes', '', node.name) !== null;
		if (!isThere) client.create('nodes', '', describeNode(node));
		client.update<Node>(
			'nodes',
			'',
			node.name,
			(stored) => ({ ...stored, status: describeStatus(stored, node, images, clock.now(), id) }),
			{ subresource: 'status' },
		);
	}

	repeat('status', statusReport, report);
	repeat('images', statusLook, () => {
		if (JSON.stringify(images.list()) !== reported) report();
	});
	repeat('lease', leaseRenewal, () => renewLease(client, clock, node.name));
	return () => {
		for (const cancel of cancels.values()) cancel();
	};
}

function describeNode({ name }: NodeIdentity): object {
	return {
		apiVersion: 'v1',
		kind: 'Node',
		metadata: {
			name,
			labels: {
				'beta.kubernetes.io/arch': 'amd64',
				'beta.kubernetes.io/os': 'linux',
				'kubernetes.io/arch': 'amd64',
				'kubernetes.io/hostname': name,
				'kubernetes.io/os': 'linux',
				'node-role.kubernetes.io/control-plane': '',
			},
			annotations: {
				'node.alpha.kubernetes.io/ttl': '0',
				'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
			},
		},
		spec: {
			podCIDR: '10.244.0.0/24',
			podCIDRs: ['10.244.0.0/24'],
			providerID: `kind://docker/${name.replace(/-control-plane$/, '')}/${name}`,
		},
	};
}

function describeStatus(stored: Node, node: NodeIdentity, images: NodeImages, now: Date, id: string): Node['status'] {
	const { nodeInfo } = (stored.status ?? {}) as { nodeInfo?: { kubeletVersion?: string } };
	const isKnown = Boolean(nodeInfo?.kubeletVersion);
	return {
		addresses: [
			...node.addresses.map((address) => ({ address, type: 'InternalIP' })),
			{ address: node.name, type: 'Hostname' },
		],
		allocatable: capacity,
		capacity,
		conditions: conditions.map(([type, status, reason, message]) => ({
			lastHeartbeatTime: formatTime(now),
			lastTransitionTime:
				stored.status?.conditions?.find((condition) => condition.type === type)?.lastTransitionTime ?? formatTime(now),
			message,
			reason,
			status,
			type,
		})),
		daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
		features: { supplementalGroupsPolicy: true },
		images: images.list(),
		nodeInfo: isKnown
			? nodeInfo
			: {
					architecture: 'amd64',
					bootID: crypto.randomUUID(),
					containerRuntimeVersion: 'containerd://2.1.9',
					kernelVersion: '6.12.0',
					kubeProxyVersion: '',
					kubeletVersion: 'v1.35.4',
					machineID: id,
					operatingSystem: 'linux',
					osImage: 'Debian GNU/Linux 12 (bookworm)',
					systemUUID: id,
				},
		runtimeHandlers: ['', 'runc'].map((name) => ({
			features: { recursiveReadOnlyMounts: true, userNamespaces: false },
			name,
		})),
	};
}

const leaseNamespace = 'kube-node-lease';

function renewLease(client: ClusterClient, clock: TimerClock, name: string): void {
	const renewTime = formatMicroTime(clock.now());
	const renewed = client.update('leases.coordination.k8s.io', leaseNamespace, name, (lease) => ({
		...lease,
		spec: { ...(lease.spec as object), renewTime },
	}));
	const uid = client.get('nodes', '', name)?.metadata.uid;
	// Without a node nobody would own it.
	if (renewed !== null || uid === undefined || client.get('namespaces', '', leaseNamespace) === null) return;
	client.create('leases.coordination.k8s.io', leaseNamespace, {
		apiVersion: 'coordination.k8s.io/v1',
		kind: 'Lease',
		metadata: { name, namespace: leaseNamespace, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
		spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
	});
}
