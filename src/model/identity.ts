/** The names by which everything of an environment is known to be its own. */

/** Label of containers, namespaces and nodes; its value is `<name>-<random id>`. */
export const environmentLabel = 'kubeproctor.dev/environment';
/** Label of containers: the environment's name, so that it is found without its state folder. */
export const nameLabel = 'kubeproctor.dev/name';
/** Label of the negative controls; its value is their pull policy. */
export const controlLabel = 'kubeproctor.dev/control';
/** Owner of the fields that we apply. */
export const fieldManager = 'kubeproctor';
/** Name of the ConfigMap in the control namespace that is written once an environment is complete. */
export const completionName = 'environment';

/** How this program is called for an environment; undefined: for the only one there is. */
export function callProgram(name: string | undefined): string {
	return name === undefined ? 'kubeproctor' : `kubeproctor --name ${name}`;
}

const environmentCommands = [
	...['up', 'down', 'status', 'env', 'shell', 'credentials', 'rotate', 'grade', 'why'],
	...['learn', 'watch', 'lesson', 'hint', 'next', 'solve', 'reset', 'quiz'],
];
const proposedCalls = new RegExp(`\\bkubeproctor (?=(?:${environmentCommands.join('|')})\\b)`, 'g');

/** A text in which commands of this program are proposed, as they are to be typed for an environment. */
export function nameCalls(text: string, name: string | undefined): string {
	return text.replaceAll(proposedCalls, `${callProgram(name)} `);
}

/** The name of an environment becomes part of container, host and namespace names, hence its length. */
export function isEnvironmentName(text: string): boolean {
	return /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(text);
}
