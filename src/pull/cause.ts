/** From the text with which a container runtime or the kubelet refuses a pull to its cause. */

export type PullCause =
	/** Nothing was offered to a registry that asks for credentials. */
	| 'no-credentials'
	/** Something was offered, and the registry refused it. */
	| 'credentials-rejected'
	/** Refused, and the text does not tell which of the two (CRI-O, containerd before 1.7.8). */
	| 'denied'
	| 'not-found'
	| 'dns'
	| 'unreachable'
	| 'tls'
	| 'rate-limited'
	| 'forbidden'
	| 'failing'
	| 'throttled'
	| 'platform'
	| 'name'
	| 'malformed'
	| 'never'
	| 'other';

/**
 * In the order of trial. An aggregate over several credentials (`[text, text]`) has several causes: one that the
 * Secrets cannot help comes before being turned away for want of credentials.
 *
 * Texts: containerd 1.6–2.3 (core/remotes/docker), CRI-O with containers/image, cri-dockerd, kubelet 1.28–1.36
 * (pkg/kubelet/images, pkg/credentialprovider).
 */
const patterns: readonly [PullCause, RegExp][] = [
	['name', /couldn't parse image name|failed to parse image reference|invalid reference format/],
	[
		'malformed',
		/^illegal base64 data|unable to parse auth field|^json: cannot unmarshal|^invalid character .* (looking for|in literal|after)|^unexpected end of JSON input/,
	],
	['throttled', /pull QPS exceeded/],
	['never', /is not present with pull policy of Never/],
	['rate-limited', /429 Too Many Requests|toomanyrequests/],
	['forbidden', /403 Forbidden|: denied(?:$|[,\]\n:])/],
	[
		'failing',
		/: 5\d\d [A-Z]|unexpected HTTP status: 5\d\d|\b50[0234] (Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)|: 408 Request Timeout/,
	],
	// It answers the call and then nothing: containerd gives up on a pull without progress, others on the answer's head.
	[
		'failing',
		/^(?!.*(dial tcp|waiting for connection)).*(timeout awaiting response headers|Client\.Timeout (exceeded while|or context cancellation while)|context canceled)/s,
	],
	['dns', /no such host|server misbehaving|Temporary failure in name resolution|lookup .* i\/o timeout/],
	[
		'unreachable',
		/dial tcp|connection refused|connection reset|no route to host|network is unreachable|i\/o timeout|TLS handshake timeout|context deadline exceeded|waiting for connection|registry is unavailable|RegistryUnavailable|: EOF/,
	],
	['tls', /server gave HTTP response to HTTPS client|x509:|tls: |certificate/],
	[
		'platform',
		/no match for platform in manifest|no matching manifest for|no image found in (manifest list|image index) for architecture/,
	],
	['not-found', /: not found(?:$|[,\]\n])|code = NotFound|manifest unknown|name unknown/],
	[
		'credentials-rejected',
		/unexpected status from (HEAD|GET) request to \S+: 401|failed to fetch oauth token|incorrect username or password/,
	],
	['no-credentials', /no basic auth credentials|failed to fetch anonymous token|insufficient_scope/],
	['denied', /401 Unauthorized|authentication required|pull access denied|authorization failed|unauthorized/],
];

/** Waiting reasons that are causes themselves, whatever their message says. */
const causeByReason: Readonly<Record<string, PullCause>> = {
	InvalidImageName: 'name',
	ErrImageNeverPull: 'never',
	RegistryUnavailable: 'unreachable',
};

/** Waiting reasons that the kubelet uses for a pull that failed. */
const pullReasons: ReadonlySet<string> = new Set([
	'ErrImagePull',
	'ImagePullBackOff',
	'ErrImageNeverPull',
	'InvalidImageName',
	'ImageInspectError',
	'RegistryUnavailable',
	'SignatureValidationFailed',
]);

/** `text` is a CRI error, a waiting message or an event's message. */
export function causeOfPullError(text: string): PullCause {
	// The image's name may hold any of the words that are looked for, e.g. `tls:1.0`.
	const plain = text
		.replace(/\\?"[^"]*"/g, '""')
		.replace(/^Back-off pulling image "": ErrImagePull: /, '')
		.trim();
	return patterns.find(([, pattern]) => pattern.test(plain))?.[0] ?? 'other';
}

/** `waiting`: null where the container does not wait. Null: it does not wait because of its image. */
export function causeOfWaiting(waiting: { reason: string; message: string } | null): PullCause | null {
	if (waiting === null) return null;
	const known = Object.hasOwn(causeByReason, waiting.reason) ? causeByReason[waiting.reason] : undefined;
	if (known) return known;
	if (pullReasons.has(waiting.reason)) return causeOfPullError(waiting.message);
	// From 1.33 a broken Secret makes its error text the reason itself.
	if (waiting.reason === waiting.message && waiting.reason !== '') return 'malformed';
	return null;
}

/** Whether the registry turned the pull away for want of credentials: nothing was offered to it. */
export function isDeniedForWantOfCredentials(cause: PullCause | null): boolean {
	return cause === 'no-credentials' || cause === 'denied';
}
