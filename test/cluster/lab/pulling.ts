/** What pulls, and what it pulls with, as somebody applies it who tries things out. */

import { setTimeout as sleep } from 'node:timers/promises';

const host = 'registry.example.com';

/** `server`: for which registry it is. */
export function pullSecret(name: string, password: string, server = host): object {
	const config = { auths: { [server]: { username: 'myuser', password } } };
	return {
		...{ apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'kubernetes.io/dockerconfigjson' },
		stringData: { '.dockerconfigjson': JSON.stringify(config) },
	};
}

/** It asks the registry each time. */
export function pullingPod(name: string, spec: object = {}, image = `${host}/myapp:1.0`): object {
	const containers = [{ name: 'web', image, imagePullPolicy: 'Always' }];
	return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers, ...spec } };
}

/** What the ServiceAccount of that name may do in its namespace. */
export function role(name: string, rules: object[]): object[] {
	const group = 'rbac.authorization.k8s.io';
	return [
		{ apiVersion: `${group}/v1`, kind: 'Role', metadata: { name }, rules },
		{
			...{ apiVersion: `${group}/v1`, kind: 'RoleBinding', metadata: { name } },
			roleRef: { apiGroup: group, kind: 'Role', name },
			subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
		},
	];
}

interface ContainerStatus {
	state?: { waiting?: { reason?: string } };
}

/** Resolves once an image of that Pod is refused. `read`: what the API server answers to a GET. */
export async function untilRefused(read: (path: string) => Promise<unknown>, name: string): Promise<void> {
	for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(100)) {
		const { status = {} } = (await read(`/api/v1/namespaces/default/pods/${name}`)) as {
			status?: { initContainerStatuses?: ContainerStatus[]; containerStatuses?: ContainerStatus[] };
		};
		const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
		const reasons = containers.map(({ state }) => state?.waiting?.reason ?? '');
		if (reasons.some((reason) => /^(ErrImagePull|ImagePullBackOff|InvalidImageName)$/.test(reason))) return;
	}
	throw new Error(`Pod ${name} is not refused`);
}
