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

/** `*`, or whether one character is it. */
type GlobToken = '*' | ((character: string) => boolean);

/** Go's filepath.Match for one label: `*`, `?`, `[…]`, `\\`. A pattern that Go calls bad matches nothing. */
function matchesGlob(pattern: string, text: string): boolean {
	const tokens = parseGlob([...pattern]);
	if (tokens === null) return false;
	const characters = [...text];
	let at = 0;
	let next = 0;
	/** Where to go on once the last `*` has swallowed one character more; an earlier one need never swallow more. */
	let retry: { next: number; at: number } | null = null;
	while (at < characters.length) {
		const token = tokens[next];
		if (token === '*') {
			retry = { next: next + 1, at: at + 1 };
			next++;
		} else if (token?.(characters[at] ?? '')) {
			at++;
			next++;
		} else if (retry === null) {
			return false;
		} else {
			({ next, at } = retry);
			retry = { next, at: at + 1 };
		}
	}
	return tokens.slice(next).every((token) => token === '*');
}

/** Null: a bad pattern. */
function parseGlob(pattern: readonly string[]): GlobToken[] | null {
	const tokens: GlobToken[] = [];
	for (let at = 0; at < pattern.length; at++) {
		const character = pattern[at] ?? '';
		if (character === '*') tokens.push('*');
		else if (character === '?') tokens.push(() => true);
		else if (character === '[') {
			const set = parseGlobSet(pattern, at + 1);
			if (set === null) return null;
			tokens.push(set.token);
			at = set.end;
		} else {
			const literal = character === '\\' ? pattern[++at] : character;
			if (literal === undefined) return null;
			tokens.push((candidate) => candidate === literal);
		}
	}
	return tokens;
}

/** `end`: where its `]` is. Null: there is none, or a range that Go does not take. */
function parseGlobSet(pattern: readonly string[], from: number): { token: GlobToken; end: number } | null {
	const isNegated = pattern[from] === '^';
	const ranges: [low: string, high: string][] = [];
	let at = isNegated ? from + 1 : from;
	while (pattern[at] !== ']' || ranges.length === 0) {
		const low = readGlobCharacter(pattern, at);
		if (low === null) return null;
		const high = pattern[low.end] === '-' ? readGlobCharacter(pattern, low.end + 1) : low;
		if (high === null) return null;
		ranges.push([low.character, high.character]);
		at = high.end;
	}
	const isIn = (candidate: string) =>
		ranges.some(([low, high]) => orderOf(low) <= orderOf(candidate) && orderOf(candidate) <= orderOf(high));
	return { token: (candidate) => isIn(candidate) !== isNegated, end: at };
}

/** One end of a range, which `-` and `]` can be only behind a backslash. */
function readGlobCharacter(pattern: readonly string[], at: number): { character: string; end: number } | null {
	const isEscaped = pattern[at] === '\\';
	const character = pattern[isEscaped ? at + 1 : at];
	if (character === undefined || (!isEscaped && (character === '-' || character === ']'))) return null;
	return { character, end: at + (isEscaped ? 2 : 1) };
}

function orderOf(character: string): number {
	return character.codePointAt(0) ?? 0;
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
