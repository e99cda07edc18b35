/** Commands that a remedy tells a learner to type. */

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

/** A Secret's type and a Secret that is wrong are mended in the same way: made anew. */
export function recreateSecret(namespace: string, name: string, host: string, username: string | undefined): string {
	return [
		`kubectl${inNamespace(namespace)} delete secret ${name}`,
		createSecret(namespace, name, host, username),
		'(kubeproctor credentials --password shows the password.)',
	].join('\n');
}

export function recreatePod(namespace: string, name: string): string {
	return `kubectl${inNamespace(namespace)} replace --force -f ${name}.yaml`;
}
