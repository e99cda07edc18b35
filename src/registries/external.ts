/** A registry that somebody else runs: we push the lab's image into it, and take that back if it lets us. */

import { LabError } from '../model/error.ts';
import type { RegistryDriver, StartedRegistry, Work } from '../model/provider.ts';
import type { Credentials, PushedImage } from '../model/registry.ts';
import { openRegistryClient } from '../oci/client.ts';
import { endpointOf } from '../oci/endpoint.ts';
import { openSession } from '../oci/session.ts';

export interface ExternalRegistryOptions {
	labHost: string;
	/** The host as Pods name it. */
	host: string;
}

export function openExternalRegistry({ labHost, host }: ExternalRegistryOptions): RegistryDriver {
	const endpoint = endpointOf(host);

	async function start(_label: string, credentials: Credentials, work: Work): Promise<StartedRegistry> {
		work.tell(`waiting for an answer at ${endpoint}`);
		const client = openRegistryClient({ endpoint, credentials, signal: work.signal, log: work.tell });
		try {
			await client.ping();
		} finally {
			client.close();
		}
		return { endpoint, instance: null, since: new Date().toISOString(), hasSavedLog: false, about: endpoint };
	}

	return {
		ownership: 'external',
		labHost,
		container: null,
		check: async () => [],
		find: async () => ({ state: 'absent' }),
		start,
		async changePassword() {
			throw new LabError({
				code: 'registry-not-ours',
				message: `${host} is not a registry of ours: its passwords are not ours to change.`,
				remedy: 'Do this lab with --provider embedded or kind.',
			});
		},
		joinNodes: async () => null,
		removeImages: (images, credentials, signal) => removePushedImages(images, () => credentials, signal),
		remove: async () => [],
	};
}

/** What was removed, and what has to stay because the registry keeps everything. */
export async function removePushedImages(
	images: readonly PushedImage[],
	findCredentials: (host: string) => Credentials | undefined,
	signal: AbortSignal,
): Promise<string[]> {
	return Promise.all(
		images.map(async ({ registry, repository, tag, digest }) => {
			const session = openSession({ endpoint: endpointOf(registry), credentials: findCredentials(registry), signal });
			const url = session.resolve(`${repository}/manifests/${digest}`);
			const scope = `repository:${repository}:pull,push,delete`;
			try {
				const { status } = await session.send({ method: 'DELETE', url }, scope);
				const name = `image ${registry}/${repository}:${tag}`;
				return status === 202 || status === 404
					? name
					: `nothing of ${name}: that registry answers ${status} and keeps it`;
			} finally {
				session.close();
			}
		}),
	);
}
