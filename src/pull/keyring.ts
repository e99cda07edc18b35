/** Which entries of a Pod's pull Secrets apply to an image, and in which order (pkg/credentialprovider/keyring.go). */

/** The key under which the kubelet keeps an entry; null where it drops the entry because its host is no URL. */
export function normaliseRegistryKey(host: string): string | null {
	const url = parseGoUrl(/^https?:\/\//.test(host) ? host : `https://${host}`);
	if (url === null) return null;
	const path = /^\/v[12]\//.test(url.path) ? url.path.slice(3) : url.path;
	return path === '' || path === '/' ? url.host : url.host + path;
}

/**
 * Whether an entry under `key` applies to `repository`, e.g. `registry.example.com/myapp`: same number of labels,
 * each matched as by Go's filepath.Match; equal ports; and the key's path is a plain prefix of the repository's.
 */
export function matchesRepository(key: string, repository: string): boolean {
	const glob = splitLocation(key);
	const target = splitLocation(repository);
	return (
		glob.labels.length === target.labels.length &&
		glob.port === target.port &&
		target.path.startsWith(glob.path) &&
		glob.labels.every((label, index) => matchesGlob(label, target.labels[index] ?? ''))
	);
}

/** The entries that apply, in the order in which they are tried: more specific keys first, then as the Secrets are listed. */
export function selectEntries<E extends { host: string }>(entries: readonly E[], repository: string): E[] {
	const keyed = entries.flatMap((entry) => {
		const key = normaliseRegistryKey(entry.host);
		return key === null ? [] : [{ key, entry }];
	});
	const matching = keyed
		.filter(({ key }) => matchesRepository(key, repository))
		.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0));
	const chosen =
		matching.length > 0 || !isDefaultRegistry(repository)
			? matching
			: keyed.filter(({ key }) => key === 'index.docker.io');
	return chosen.map(({ entry }) => entry);
}

/** Docker Hub, by name or by having no registry in the reference at all. */
function isDefaultRegistry(repository: string): boolean {
	const [first = ''] = repository.split('/', 1);
	return first === 'docker.io' || first === 'index.docker.io' || (first !== '' && !/[.:]/.test(first));
}

function splitLocation(location: string): { labels: string[]; port: string; path: string } {
	const slash = location.indexOf('/');
	const authority = slash === -1 ? location : location.slice(0, slash);
	const path = slash === -1 ? '' : location.slice(slash);
	const [, host = authority, port = ''] = /^(.*):(\d*)$/.exec(authority) ?? [];
	return { labels: host.split('.'), port, path };
}

/** Go's filepath.Match for one label: `*`, `?`, `[…]`, `\`. A pattern that Go calls bad matches nothing. */
function matchesGlob(pattern: string, text: string): boolean {
	const source = pattern.replace(/\\(.)|\[(\^?)([^\]]+)\]|[*?]|[.+^${}()|[\]\\]/g, (token, escaped, negated, set) => {
		if (escaped !== undefined) return escapeRegExp(escaped);
		if (set !== undefined) return `[${negated}${set.replace(/[[\\]/g, '\\$&')}]`;
		if (token === '*') return '.*';
		return token === '?' ? '.' : escapeRegExp(token);
	});
	try {
		return new RegExp(`^${source}$`).test(text);
	} catch {
		return false;
	}
}

function escapeRegExp(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Host and path as Go's net/url splits them: nothing is lower-cased, no default port is dropped. */
function parseGoUrl(text: string): { host: string; path: string } | null {
	const [, authority = '', rest = ''] = /^https?:\/\/([^/?#]*)([^?#]*)/.exec(text) ?? [];
	const host = authority.slice(authority.lastIndexOf('@') + 1);
	if (/[\s<>"%\\^`{|}]/.test(host) || hasControlCharacter(text)) return null;
	if (host.startsWith('[') ? !/\](:\d*)?$/.test(host) : !/^[^:]*(:\d*)?$/.test(host)) return null;
	try {
		return { host, path: decodeURIComponent(rest) };
	} catch {
		return null;
	}
}

function hasControlCharacter(text: string): boolean {
	return [...text].some((character) => character < ' ' || character === '\u007f');
}
