/** The negative controls: Pods without credentials, of which every one must be refused or pulls here prove nothing. */

import { createHash } from 'node:crypto';
import type { KubeClient } from '../kube/client.ts';
import { controlLabel, environmentLabel } from '../model/identity.ts';
import { causeOfWaiting, isDeniedForWantOfCredentials } from '../pull/cause.ts';
import type { KubeObject } from './apply.ts';

export const policies = ['Always', 'IfNotPresent'] as const;

interface Pod {
	metadata: { name: string; labels?: Record<string, string> };
	spec: { nodeName?: string };
	status?: { containerStatuses?: { state?: { waiting?: { reason?: string; message?: string }; running?: object } }[] };
}

export interface ControlVerdict {
	pod: string;
	result: 'refused' | 'pending' | 'runs' | 'broken';
	/** The node's own words. */
	words: string;
}

/** Two for each node: one that asks the registry every time, one that would take an image that is there. */
export function describeControls(
	image: string | null,
	nodes: readonly string[],
	namespace: string,
	label: string,
): KubeObject[] {
	if (image === null) return [];
	return nodes.flatMap((node) => policies.map((policy) => describeControl(node, policy, image, namespace, label)));
}

function describeControl(
	node: string,
	policy: (typeof policies)[number],
	image: string,
	namespace: string,
	label: string,
): KubeObject {
	const nodeId = createHash('sha256').update(node).digest('hex').slice(0, 8);
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			name: `${policy.toLowerCase()}-${nodeId}`,
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
	return list.items.map((pod) => judgeControl(pod, version));
}

function judgeControl(pod: Pod, version: string): ControlVerdict {
	const state = pod.status?.containerStatuses?.[0]?.state;
	const verdict = (result: ControlVerdict['result'], words = ''): ControlVerdict => ({
		pod: pod.metadata.name,
		result,
		words,
	});
	if (state?.running) return verdict(isExpectedToRun(pod, version) ? 'refused' : 'runs');
	const { reason = '', message = '' } = state?.waiting ?? {};
	const cause = causeOfWaiting({ reason, message });
	if (cause === null) return verdict('pending', reason);
	return verdict(isDeniedForWantOfCredentials(cause) ? 'refused' : 'broken', message);
}

/** Before 1.35 any Pod may use an image that its node has already (KEP-2535), once somebody has pulled it. */
function isExpectedToRun(pod: Pod, version: string): boolean {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return pod.metadata.labels?.[controlLabel] === 'IfNotPresent' && major === 1 && minor < 35;
}
