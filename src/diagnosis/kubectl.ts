/** Commands that a remedy tells a learner to type. */

import type { PodFacts } from '../model/evidence.ts';

/** Where what `up` made is at fault. */
export const mendEnvironment = 'Have kubeproctor mend what it made, and grade again:\nkubeproctor up';

/** ` -n NAMESPACE`, or nothing for the namespace that kubectl takes by itself. */
export function inNamespace(namespace: string): string {
	return namespace === 'default' ? '' : ` -n ${namespace}`;
}

export function createSecret(namespace: string, name: string, host: string, username: string | undefined): string {
	return [
		`kubectl${inNamespace(namespace)} create secret docker-registry ${name} \\`,
		`  --docker-server=${host} \\`,
		`  --docker-username=${username ?? 'USERNAME'} --docker-password=PASSWORD`,
	].join('\n');
}

/** Only the environment's own users are known to it. */
export function tellPassword(username: string | undefined): string[] {
	return username === undefined ? [] : ['(kubeproctor credentials --password shows the password.)'];
}

/** A Secret's type and a Secret that is wrong are mended in the same way: made anew. */
export function recreateSecret(namespace: string, name: string, host: string, username: string | undefined): string {
	return [
		`kubectl${inNamespace(namespace)} delete secret ${name}`,
		createSecret(namespace, name, host, username),
		...tellPassword(username),
	].join('\n');
}

/** What a Pod is called, and what made it: enough to have it made anew. */
export type Recreatable = Pick<PodFacts, 'namespace' | 'name' | 'owner'>;

/** After its manifest, or that of the workload that makes it, was mended. */
export function recreatePod({ namespace, name, owner }: Recreatable): string {
	const kubectl = `kubectl${inNamespace(namespace)}`;
	if (owner === null) return `${kubectl} replace --force -f ${name}.yaml`;
	const [kind, maker = ''] = owner.split('/');
	switch (kind) {
		case 'job':
			return `${kubectl} replace --force -f ${maker}.yaml`;
		case 'cronjob':
			return `${kubectl} apply -f ${maker}.yaml\n${kubectl} create job ${maker}-again --from=${owner}`;
		case 'replicaset':
		case 'statefulset':
			// Neither touches a Pod that never became ready.
			return `${kubectl} apply -f ${maker}.yaml\n${kubectl} delete pod ${name}`;
		default:
			return `${kubectl} apply -f ${maker}.yaml`;
	}
}

/** Where nothing in a manifest is wrong: the same Pod once more, which is tried at once. */
export function repeatPod({ namespace, name, owner }: Recreatable): string {
	const after = owner === null ? 'and create it as before.' : `(${owner} makes another.)`;
	return `kubectl${inNamespace(namespace)} delete pod ${name}\n${after}`;
}

/** An image that was named wrongly, where that can be mended without a manifest. */
export function setImage(pod: Recreatable, container: string, image: string): string {
	const { namespace, name, owner } = pod;
	if (owner !== null && !/^(deployment|daemonset)\//.test(owner)) return recreatePod(pod);
	return `kubectl${inNamespace(namespace)} set image ${owner ?? `pod/${name}`} ${container}=${image}`;
}

/** A field of a Pod's spec, as it is to be found in the manifest that somebody wrote. */
export function nameField(field: string, { owner }: Pick<PodFacts, 'owner'>): string {
	if (owner === null) return `spec.${field}`;
	const path = owner.startsWith('cronjob/') ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec';
	return `${path}.${field} of ${owner}`;
}
