/** From the pull Secrets of a Pod to the credentials for an image (pkg/kubelet/kubelet_pods.go, pkg/credentialprovider). */

import { createHash } from 'node:crypto';
import type { Credentials } from '../../model/registry.ts';
import { type DockerConfigEntry, pullSecretKeys, readDockerConfig } from '../../pull/docker-config.ts';
import { nameRepository } from '../../pull/image.ts';
import { selectEntries } from '../../pull/keyring.ts';
import type { ClusterClient } from '../cluster-client.ts';
import type { Pod, Secret } from './pod.ts';

/** Where credentials come from, as the kubelet remembers it beside an image; never the password itself. */
export interface CredentialSource {
	uid: string;
	namespace: string;
	name: string;
	/** Over username and password. */
	hash: string;
}

export interface TrackedCredentials extends Credentials {
	source: CredentialSource;
}

/** A Secret of the Pod cannot be read; its text is the reason for which the container waits. */
export class MalformedSecretError extends Error {
	override readonly name = 'MalformedSecretError';
}

/** In the order of the Pod's list; entries without a name are skipped in silence. */
export function findPullSecrets(client: ClusterClient, pod: Pod): { found: Secret[]; missing: string[] } {
	const found: Secret[] = [];
	const missing: string[] = [];
	for (const { name } of pod.spec.imagePullSecrets ?? []) {
		if (!name) continue;
		const secret = client.get<Secret>('secrets', pod.metadata.namespace ?? '', name);
		if (secret === null) missing.push(name);
		else found.push(secret);
	}
	return { found, missing };
}

/** In the order in which they are tried. Throws MalformedSecretError, whichever entry is malformed. */
export function selectCredentials(secrets: readonly Secret[], image: string): TrackedCredentials[] {
	const entries = secrets.flatMap(readEntries);
	return selectEntries(entries, nameRepository(image) ?? '').map(({ username, password, source }) => ({
		username,
		password,
		source,
	}));
}

function readEntries(secret: Secret): (DockerConfigEntry & { source: CredentialSource })[] {
	if (!Object.hasOwn(pullSecretKeys, secret.type)) return [];
	const { entries, malformed } = readDockerConfig(secret.type, secret.data ?? {});
	if (malformed !== null) throw new MalformedSecretError(malformed.message);
	const { uid = '', namespace = '', name } = secret.metadata;
	return entries.map((entry) => ({ ...entry, source: { uid, namespace, name, hash: hashCredentials(entry) } }));
}

function hashCredentials({ username, password }: Credentials): string {
	return createHash('sha256')
		.update(JSON.stringify([username, password]))
		.digest('hex');
}
