/** One repository in one registry, asked as containerd's resolver asks (core/remotes/docker). */

import { STATUS_CODES } from 'node:http';
import { isLoopback } from '../../model/loopback.ts';
import type { Credentials } from '../../model/registry.ts';
import { encodeBasic, readToken } from '../../oci/authorizer.ts';
import { parseChallenges } from '../../oci/challenge.ts';
import type { Descriptor } from '../../oci/content.ts';
import { endpointOf, mayCarryCredentials } from '../../oci/endpoint.ts';
import { mediaTypes } from '../../oci/media-types.ts';
import { formatName, formatReference, type ImageReference } from '../../oci/reference.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../oci/transport.ts';
import { describeHostFault, describeNetworkError, plainAnswer } from './go-error.ts';
import { PullError } from './image-manifest.ts';

export interface Remote {
	/** What tag or digest stand for. Throws PullError. */
	resolve(): Promise<Descriptor>;
	/** Throws PullError. */
	get(kind: 'manifests' | 'blobs', wanted: Descriptor): Promise<Buffer>;
}

export interface RemoteOptions {
	transport: Transport;
	reference: ImageReference;
	credentials: Credentials | null;
	/** URL of the registry; default: the host by its own name. */
	route?: string | undefined;
}

const userAgent = 'containerd/v2.1.9';
const accept = [mediaTypes.dockerManifest, mediaTypes.dockerIndex, mediaTypes.manifest, mediaTypes.index, '*/*'].join(
	', ',
);
const noCredentials =
	'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials';

/** containerd's rule for a host that nothing is configured for. */
function findEndpoint(host: string): string {
	const isPlain = /:80$/.test(host) && isLoopback(new URL(`http://${host}`));
	return host === 'docker.io' ? endpointOf(host) : `${isPlain ? 'http' : 'https'}://${host}`;
}

/** Throws PullError where nothing can be at such a host. */
export function openRemote({ transport, reference, credentials, route }: RemoteOptions): Remote {
	if (!URL.canParse(`https://${reference.host}`)) throw refuseHost(reference);
	const endpoint = new URL(route ?? findEndpoint(reference.host));
	const isHomonym = endpoint.host === new URL(`${endpoint.protocol}//${reference.host}`).host;
	const isMirror = !isHomonym && reference.host !== 'docker.io';
	let authorization: string | undefined;

	function locate(kind: string, name: string): URL {
		const url = new URL(`/v2/${reference.repository}/${kind}/${name}`, endpoint);
		if (isMirror) url.searchParams.set('ns', reference.host);
		return url;
	}

	/** A host is shown as the image names it: with its capitals, and with a port that goes without saying. */
	function show(url: URL): string {
		return isHomonym && url.host === endpoint.host ? url.href.replace(url.host, reference.host) : url.href;
	}

	/** Once as it is, and once more after a challenge that can be answered. */
	async function send(method: 'HEAD' | 'GET', url: URL, maxBytes?: number): Promise<HttpAnswer> {
		const answer = await attempt(method, url, maxBytes);
		if (answer.status !== 401) return answer;
		const proof = await answerChallenge(answer);
		if (proof === null || proof === authorization) return answer;
		authorization = proof;
		return attempt(method, url, maxBytes);
	}

	async function attempt(method: 'HEAD' | 'GET', url: URL, maxBytes?: number): Promise<HttpAnswer> {
		let current = url;
		for (let redirects = 0; ; redirects++) {
			const isHome = current.origin === endpoint.origin;
			const answer = await sendOnce({
				method,
				url: current,
				headers: { accept, 'user-agent': userAgent, ...(authorization && isHome && { authorization }) },
				...(maxBytes !== undefined && { maxBytes }),
			});
			const { location } = answer.headers;
			if (![301, 302, 303, 307, 308].includes(answer.status) || !location || redirects === 5) return answer;
			if (!URL.canParse(location, current.href)) return answer;
			current = new URL(location, current);
		}
	}

	async function sendOnce(request: HttpRequest): Promise<HttpAnswer> {
		try {
			return await transport.send(request);
		} catch (error) {
			// containerd does not show what a query says.
			const shown = show(request.url).replace(/\?.*$/, '?ns=%5BREDACTED%5D');
			const verb = request.method === 'HEAD' ? 'Head' : 'Get';
			const name = isHomonym && request.url.host === endpoint.host ? reference.host.replace(/:\d+$/, '') : undefined;
			throw new PullError(
				`failed to do request: ${verb} "${shown}": ${describeNetworkError(error, request.url, name)}`,
			);
		}
	}

	/** An `Authorization` header; null where the challenge is of no known kind. */
	async function answerChallenge(refusal: HttpAnswer): Promise<string | null> {
		const challenges = parseChallenges(refusal.headers['www-authenticate']);
		const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
		if (bearer?.parameters.realm) return `Bearer ${await fetchToken(bearer.parameters)}`;
		if (!challenges.some(({ scheme }) => scheme === 'basic')) return null;
		// A password that travels in the clear is no secret: treated as if there were none.
		if (!credentials?.username || !credentials.password || !mayCarryCredentials(endpoint)) {
			throw new PullError(noCredentials);
		}
		return encodeBasic(credentials);
	}

	async function fetchToken({ realm = '', service, scope }: Record<string, string>): Promise<string> {
		if (!URL.canParse(realm, endpoint.href)) {
			throw new PullError(`failed to authorize: invalid token auth challenge realm: parse ${JSON.stringify(realm)}`);
		}
		const url = new URL(realm, endpoint);
		if (service !== undefined) url.searchParams.set('service', service);
		url.searchParams.set('scope', scope ?? `repository:${reference.repository}:pull`);
		const isProven = credentials !== null && credentials.password !== '' && mayCarryCredentials(url);
		const answer = await sendOnce({
			method: 'GET',
			url,
			headers: { 'user-agent': userAgent, ...(isProven && { authorization: encodeBasic(credentials) }) },
		});
		const token = answer.status === 200 ? readToken(answer.body) : null;
		if (token !== null) return token;
		const kind = isProven ? 'oauth' : 'anonymous';
		throw new PullError(
			`failed to authorize: failed to fetch ${kind} token: unexpected status from GET request to ${url.href}: ${describeStatus(answer)}`,
		);
	}

	async function lookUp(): Promise<Descriptor> {
		const url = locate('manifests', nameManifest(reference));
		const answer = await send('HEAD', url);
		if (answer.status === 404) throw new PullError(`${formatReference(reference)}: not found`, true);
		if (answer.status !== 200) {
			throw new PullError(`unexpected status from HEAD request to ${show(url)}: ${describeStatus(answer)}`);
		}
		const digest = reference.digest ?? answer.headers['docker-content-digest'];
		const mediaType = answer.headers['content-type']?.split(';', 1)[0]?.trim() ?? mediaTypes.manifest;
		if (digest === undefined) throw new PullError(`${formatReference(reference)}: the registry names no digest`);
		return { mediaType, digest: String(digest), size: Number(answer.headers['content-length'] ?? 0) };
	}

	return {
		/** On loopback a registry that turns out not to speak TLS is asked without. */
		async resolve() {
			try {
				return await lookUp();
			} catch (error) {
				const isPlain = error instanceof PullError && error.message.endsWith(plainAnswer);
				if (route !== undefined || !isPlain || !isLoopback(endpoint)) throw error;
				endpoint.protocol = 'http:';
				return lookUp();
			}
		},
		async get(kind, { digest, size }) {
			const url = locate(kind, digest);
			const answer = await send('GET', url, Math.max(size, 1) + 4096);
			if (answer.status === 200) return answer.body;
			if (answer.status === 404) {
				throw new PullError(
					`failed to copy: httpReadSeeker: failed open: content at ${show(url)} not found: not found`,
					true,
				);
			}
			throw new PullError(
				`failed to copy: httpReadSeeker: failed open: unexpected status from GET request to ${show(url)}: ${describeStatus(answer)}`,
			);
		},
	};
}

function nameManifest({ digest, tag }: ImageReference): string {
	return digest ?? tag ?? 'latest';
}

function refuseHost(reference: ImageReference): PullError {
	const [host = '', ...path] = formatName(reference).split('/');
	const url = `https://${host}/v2/${path.join('/')}/manifests/${nameManifest(reference)}`;
	return new PullError(`failed to do request: Head "${url}": ${describeHostFault(host)}`);
}

/** `401 Unauthorized` */
function describeStatus({ status }: HttpAnswer): string {
	return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
}
