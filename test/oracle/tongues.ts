/** How nodes word the end of a pull: kubelets and runtimes of several versions, from recordings and their sources. */

import type { StoredObject } from './objects.ts';
import type { Ending } from './statement.ts';
import type { ContainerPlan } from './world.ts';

interface Waiting {
	reason: string;
	message: string;
}

export interface Tongue {
	label: string;
	/** Of Kubernetes. */
	version: string;
	say(ending: Ending, image: string): Waiting;
	events(container: ContainerPlan, uid: string, namespace: string): StoredObject[];
}

type Words = (ending: Ending, image: string) => string;

const malformed = 'illegal base64 data at input byte 4';

const containerd: Words = (ending, image) => {
	const head = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": `;
	if (ending === 'blocked') return malformed;
	if (ending === 'refused')
		return `${head}unexpected status from HEAD request to http://registry:5000/v2/myapp/manifests/1.0?ns=registry.example.com: 401 Unauthorized`;
	return `${head}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`;
};

const oldContainerd: Words = (ending, image) =>
	ending === 'blocked'
		? malformed
		: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": pulling from host registry:5000 failed with status code [manifests 1.0]: 401 Unauthorized`;

const crio: Words = (ending, image) =>
	ending === 'blocked'
		? malformed
		: `initializing source docker://${image}: reading manifest 1.0 in registry.example.com/myapp: authentication required`;

const tryNow = (label: string, version: string, words: Words): Tongue => ({
	label,
	version,
	say: (ending, image) => sayNever(ending, image) ?? { reason: 'ErrImagePull', message: words(ending, image) },
	events: () => [],
});

/** Null: the policy is not Never. */
function sayNever(ending: Ending, image: string): Waiting | null {
	if (ending !== 'never-absent' && ending !== 'never-kept-back') return null;
	const message = `Container image "${image}" is not present with pull policy of Never`;
	return { reason: 'ErrImageNeverPull', message };
}

/** From 1.33 an unreadable Secret is a reason of its own. */
const newer = ({ label, say, events, version }: Tongue): Tongue => ({
	label,
	version,
	events,
	say: (ending, image) => (ending === 'blocked' ? { reason: malformed, message: malformed } : say(ending, image)),
});

const backOff = (label: string, version: string, words: Words): Tongue => ({
	label,
	version,
	say: (ending, image) => ({
		reason: 'ImagePullBackOff',
		message: `Back-off pulling image "${image}": ErrImagePull: ${words(ending, image)}`,
	}),
	events: () => [],
});

/** Up to 1.31 a back-off does not say why; the events do. */
const silent = (label: string, version: string, words: Words): Tongue => ({
	label,
	version,
	say: (_ending, image) => ({ reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` }),
	events: ({ ending, image }, uid, namespace) =>
		ending === 'pulled' || ending === 'waits' || ending === 'done'
			? []
			: [
					{
						metadata: { name: `${uid}.1`, namespace },
						involvedObject: { uid },
						reason: 'Failed',
						message: `Failed to pull image "${image}": ${words(ending, image)}`,
						lastTimestamp: '2026-01-01T00:50:00Z',
					},
				],
});

export const containerd2 = newer(tryNow('containerd 2, just tried', '1.35.4', containerd));

/** Those whose words tell whether anything was offered come first. */
export const tongues: readonly Tongue[] = [
	containerd2,
	newer(backOff('containerd 2, in back-off', '1.35.4', containerd)),
	tryNow('Kubernetes 1.32', '1.32.13', containerd),
	backOff('Kubernetes 1.32, in back-off', '1.32.13', containerd),
	silent('Kubernetes 1.30, in back-off', '1.30.14', containerd),
	newer(backOff('containerd 1.6', '1.35.4', oldContainerd)),
	newer(tryNow('CRI-O', '1.35.4', crio)),
];
