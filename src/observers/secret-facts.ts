/** What a pull Secret holds towards an image, without what must stay secret. */

import { isForbidden } from '../kube/kube-error.ts';
import type { EntryFacts, SecretFacts, SecretLookup } from '../model/evidence.ts';
import { type DockerConfig, type DockerConfigEntry, readDockerConfig } from '../pull/docker-config.ts';
import { nameHost, nameRepository } from '../pull/image.ts';
import { selectEntries } from '../pull/keyring.ts';
import { type Access, isNamespaceAbsent } from './access.ts';
import type { List, Secret } from './objects.ts';

/** `image`: the reference whose registry and repository the entries must match. */
export async function lookUpSecret(
	access: Access,
	namespace: string,
	name: string,
	image: string,
): Promise<SecretLookup> {
	const found: SecretLookup = {
		name,
		namespace,
		secret: null,
		isNamespaceAbsent: false,
		siblings: [],
		otherNamespaces: [],
	};
	const secret = await access.read<Secret>(`/api/v1/namespaces/${namespace}/secrets/${encodeURIComponent(name)}`);
	if (secret !== null) return { ...found, secret: await describeSecret(access, secret, image) };
	if (await isNamespaceAbsent(access, namespace)) return { ...found, isNamespaceAbsent: true };
	const [siblings, otherNamespaces] = await Promise.all([
		listSecrets(access, `/api/v1/namespaces/${namespace}/secrets`),
		listSecrets(access, `/api/v1/secrets?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`),
	]);
	return {
		...found,
		siblings: (siblings ?? []).map(({ metadata, type }) => ({ name: metadata.name, type: type ?? '' })),
		otherNamespaces: otherNamespaces?.map(({ metadata }) => metadata.namespace ?? '') ?? null,
	};
}

/** Null: not allowed to list there. */
async function listSecrets(access: Access, path: string): Promise<Secret[] | null> {
	try {
		return (await access.read<List<Secret>>(path))?.items ?? [];
	} catch (error) {
		if (isForbidden(error)) return null;
		throw error;
	}
}

async function describeSecret(
	access: Access,
	{ metadata, type = '', data = {} }: Secret,
	image: string,
): Promise<SecretFacts> {
	const config = readDockerConfig(type, data);
	const hide = hidePasswords(access, config);
	const matching = selectEntries(config.entries, nameRepository(image) ?? '');
	const others = config.entries.filter((entry) => !matching.includes(entry));
	return {
		namespace: metadata.namespace ?? '',
		name: metadata.name,
		uid: metadata.uid ?? '',
		createdAt: metadata.creationTimestamp ?? '',
		type,
		keys: Object.keys(data),
		malformed: config.malformed?.message ?? null,
		malformedHost: typeof config.malformed?.host !== 'string' ? null : hideUserInfo(hide(config.malformed.host)),
		entries: await Promise.all([
			...matching.map((entry) => describeEntry(access, entry, nameHost(image), hide)),
			...others.map((entry) => describeEntry(access, entry, null, hide)),
		]),
		ignored: config.ignored,
	};
}

/** `host`: where to try it; null for an entry that does not match. */
async function describeEntry(
	access: Access,
	entry: DockerConfigEntry,
	host: string | null,
	hide: (text: string) => string,
): Promise<EntryFacts> {
	const isUsable = entry.username !== '' && entry.password !== '';
	return {
		host: hideUserInfo(hide(entry.host)),
		username: entry.username === '' ? null : hide(entry.username),
		hasPassword: entry.password !== '',
		matches: host !== null,
		isAuthAtOdds: entry.isAuthAtOdds,
		blankIn: findBlank(entry),
		trial: host !== null && isUsable ? await access.tryCredentials(host, entry) : null,
	};
}

function findBlank({ username, password }: DockerConfigEntry): EntryFacts['blankIn'] {
	if (username !== username.trim()) return 'username';
	return password === password.trim() ? null : 'password';
}

/** A server may be written as `https://user:password@host`; the kubelet drops what stands before the `@`. */
function hideUserInfo(host: string): string {
	return host.replace(/^(https?:\/\/)?[^/]*@/, '$1…@');
}

/** Somebody may type a password where the user or the server belongs. */
function hidePasswords({ registries }: Access, { entries }: DockerConfig): (text: string) => string {
	const passwords = new Set(
		[
			...registries.flatMap(({ credentials }) => credentials?.password ?? []),
			...entries.map(({ password }) => password),
		].map((password) => password.trim()),
	);
	passwords.delete('');
	return (text) => (passwords.has(text.trim()) ? '(the password)' : text);
}
