/** What observers look through: the API server, the registries, and nothing that could change either. */

import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/kube-error.ts';
import type { Clock } from '../model/clock.ts';
import type { TrialResult } from '../model/evidence.ts';
import type { Credentials, PushedImage, RegistryAccess } from '../model/registry.ts';
import { tryCredentials } from './trial.ts';

export interface Access {
	/** Null where the API server says that there is no such thing. Each path is read once per pass. */
	read<T>(path: string): Promise<T | null>;
	/** As `read`, but asked anew. */
	readAgain<T>(path: string): Promise<T | null>;
	/** Asks what creating `body` would give, and creates nothing. */
	dryRun<T>(path: string, body: object): Promise<T>;
	registries: readonly RegistryAccess[];
	images: readonly PushedImage[];
	controlNamespace: string;
	/** Each credential is tried once per registry and pass. */
	tryCredentials(host: string, credentials: Credentials): Promise<TrialResult>;
	clock: Clock;
	signal: AbortSignal;
}

export interface AccessOptions {
	client: KubeClient;
	registries: readonly RegistryAccess[];
	images: readonly PushedImage[];
	controlNamespace: string;
	clock: Clock;
	signal: AbortSignal;
}

/** For one pass: what was read through it stays as it was. */
export function openAccess({ client, ...rest }: AccessOptions): Access {
	const seen = new Map<string, Promise<unknown>>();
	const tried = new Map<string, Promise<TrialResult>>();

	async function readAgain(path: string): Promise<unknown> {
		try {
			return await client.get(path, { signal: rest.signal });
		} catch (error) {
			if (isNotFound(error)) return null;
			throw error;
		}
	}

	function remember<V>(memory: Map<string, Promise<V>>, key: string, ask: () => Promise<V>): Promise<V> {
		const known = memory.get(key);
		if (known) return known;
		const asked = ask();
		memory.set(key, asked);
		return asked;
	}

	return {
		...rest,
		read: <T>(path: string) => remember(seen, path, () => readAgain(path)) as Promise<T | null>,
		readAgain: <T>(path: string) => readAgain(path) as Promise<T | null>,
		dryRun: <T>(path: string, body: object) =>
			client.request('POST', `${path}?dryRun=All`, { body, signal: rest.signal }) as Promise<T>,
		tryCredentials: (host, credentials) =>
			remember(tried, JSON.stringify([host, credentials.username, credentials.password]), () =>
				tryCredentials(rest, host, credentials),
			),
	};
}

export async function isNamespaceAbsent(access: Access, namespace: string): Promise<boolean> {
	return (await access.read(`/api/v1/namespaces/${namespace}`)) === null;
}
