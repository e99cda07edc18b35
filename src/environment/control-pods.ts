/** The negative controls: Pods without credentials, of which every one must be refused or pulls here prove nothing. */

import { createHash } from 'node:crypto';
import type { KubeClient } from '../kube/client.ts';
import { controlLabel, environmentLabel } from '../model/identity.ts';
import { type ControlResult, judgeControl, mayUseCache } from '../pull/control.ts';
import type { KubeObject } from './apply.ts';

const policies = ['Always', 'IfNotPresent'] as const;

interface Pod {
	metadata: { name: string; labels?: Record<string, string> };
	spec: { nodeName?: string };
	status?: { containerStatuses?: ContainerStatus[] };
}

interface ContainerStatus {
	imageID?: string;
	state?: { waiting?: { reason?: string; message?: string }; running?: object };
}

export interface ControlVerdict {
	pod: string;
	result: ControlResult;
	/** The node's own words. */
	words: string;
}

/** Two for each node and image: one that asks the registry every time, one that would take an image that is there. */
export function describeControls(
	images: readonly string[],
	nodes: readonly string[],
	namespace: string,
	label: string,
): KubeObject[] {
	return nodes.flatMap((node) =>
		images.flatMap((image) => policies.map((policy) => describeControl(node, policy, image, namespace, label))),
	);
}

function describeControl(
	node: string,
	policy: (typeof policies)[number],
	image: string,
	namespace: string,
	label: string,
): KubeObject {
	const id = createHash('sha256').update(`${node} ${image}`).digest('hex').slice(0, 8);
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			name: `${policy.toLowerCase()}-${id}`,
			namespace,
			labels: { [controlLabel]: policy, [environmentLabel]: label },
		},
		spec: {
			nodeName: node,
			serviceAccountName: 'control',
			automountServiceAccountToken: false,
			enableServiceLinks: false,
			terminationGracePeriodSeconds: 1,
			securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
			containers: [
				{
					name: 'control',
					image,
					imagePullPolicy: policy,
					securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
				},
			],
		},
	};
}

export async function judgeControls(
	client: KubeClient,
	namespace: string,
	version: string,
	signal: AbortSignal,
): Promise<ControlVerdict[]> {
	const selector = encodeURIComponent(controlLabel);
	const list = (await client.get(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`, { signal })) as {
		items: Pod[];
	};
	return list.items.map((pod) => describeVerdict(pod, version));
}

function describeVerdict({ metadata, status }: Pod, version: string): ControlVerdict {
	const { state, imageID = '' } = status?.containerStatuses?.[0] ?? {};
	const { reason = '', message = '' } = state?.waiting ?? {};
	const policy = metadata.labels?.[controlLabel] === 'Always' ? 'Always' : 'IfNotPresent';
	const result = judgeControl(
		state?.waiting ? { reason, message } : null,
		imageID !== '' || state?.running !== undefined,
	);
	return {
		pod: metadata.name,
		result: result === 'runs' && mayUseCache(policy, version) ? 'refused' : result,
		words: message || reason,
	};
}
