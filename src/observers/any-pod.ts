/** Any Pod of any cluster, as far as whoever asks may look. */

import { isForbidden } from '../kube/kube-error.ts';
import type { PullFacts } from '../model/evidence.ts';
import type { PushedImage, RegistryAccess } from '../model/registry.ts';
import { endpointOf } from '../oci/endpoint.ts';
import { type ImageReference, isRegistryHost, parseReference } from '../oci/reference.ts';
import { type Access, type AccessOptions, openAccess } from './access.ts';
import type { Pod } from './objects.ts';
import { describePull, observePull } from './pull.ts';

/** `mayTryCredentials`: whether the Pod's credentials may be sent to registries that are not of the environment. */
export async function observeAnyPod(
	{ namespace, pod: name }: { namespace: string; pod: string },
	{ mayTryCredentials, ...options }: AccessOptions & { mayTryCredentials: boolean },
): Promise<PullFacts> {
	const own = tolerate(openAccess(options));
	const pod = await own.read<Pod>(`/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(name)}`);
	if (pod === null) return observePull({ kind: 'pull', namespace, pod: name }, own);
	const foreign = mayTryCredentials ? listForeign(pod, options.registries) : [];
	const access = tolerate(
		openAccess({
			...options,
			registries: [...options.registries, ...foreign.map(({ registry }) => registry)],
			images: [...options.images, ...foreign.map(({ image }) => image)],
		}),
	);
	return describePull(access, pod, { forbiddenSecrets: 'leave-out' });
}

/** Whoever may read only in a namespace may not read the namespace; that it holds a Pod says enough. */
function tolerate(access: Access): Access {
	return {
		...access,
		async read<T>(path: string): Promise<T | null> {
			try {
				return await access.read<T>(path);
			} catch (error) {
				if (isForbidden(error) && /^\/api\/v1\/namespaces\/[^/]+$/.test(path)) return {} as T;
				throw error;
			}
		},
	};
}

/** The registries that the Pod's images name, each with the first of its images. */
function listForeign(
	{ spec }: Pod,
	known: readonly RegistryAccess[],
): { registry: RegistryAccess; image: PushedImage }[] {
	const byHost = new Map<string, ImageReference>();
	for (const { image = '' } of [...(spec.initContainers ?? []), ...spec.containers]) {
		const reference = readReference(image);
		if (reference === null || !isRegistryHost(reference.host) || byHost.has(reference.host)) continue;
		if (!known.some(({ host }) => host === reference.host)) byHost.set(reference.host, reference);
	}
	return [...byHost].map(([host, { repository, tag, digest }]) => ({
		registry: {
			...{ host, endpoint: endpointOf(host), username: '', ownership: 'external' },
			...{ credentials: null, mayTryCredentials: true, pullLog: async () => null },
		},
		image: { registry: host, repository, tag: tag ?? digest ?? 'latest', digest: digest ?? '', manifests: [] },
	}));
}

function readReference(image: string): ImageReference | null {
	try {
		return parseReference(image);
	} catch {
		return null;
	}
}
