/** Image references, read and completed exactly as distribution/reference v0.6 does it for the kubelet. */

import { InvalidDigestError, parseDigest } from './digest.ts';

export interface ImageReference {
	/** e.g. `docker.io`, `registry.example.com:5000`; empty for what only looks like a host: `my_host.local/app`. */
	host: string;
	/** Without the host: `library/nginx`. */
	repository: string;
	/** `latest` where neither tag nor digest was given; null where only a digest was. */
	tag: string | null;
	digest: string | null;
}

/** The text is no image reference; the message is Go's, as events and waiting messages quote it. */
export class InvalidReferenceError extends Error {
	override readonly name = 'InvalidReferenceError';
}

/* The grammar of regexp.go, under its names there. */
const domainComponent = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domain = `(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const pathComponent = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const remoteName = `${pathComponent}(?:/${pathComponent})*`;
const tagPattern = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const digestPattern = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';

const wholeReference = new RegExp(`^((?:${domain}/)?${remoteName})(?::(${tagPattern}))?(?:@(${digestPattern}))?$`);
const wholeName = new RegExp(`^(?:(${domain})/)?(${remoteName})$`);
const wholeDomain = new RegExp(`^${domain}$`);
const wholeRepository = new RegExp(`^${remoteName}$`);
const wholeTag = new RegExp(`^${tagPattern}$`);
const identifier = /^[a-f0-9]{64}$/;
const maxRepositoryLength = 255;

/** Throws InvalidReferenceError. */
export function parseReference(text: string): ImageReference {
	if (identifier.test(text)) {
		throw new InvalidReferenceError(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
	}
	const [host, remainder] = splitHost(text);
	const name = remainder.split(':', 1)[0] ?? '';
	if (name.toLowerCase() !== name) {
		throw new InvalidReferenceError(`invalid reference format: repository name (${name}) must be lowercase`);
	}
	return matchReference(`${host}/${remainder}`);
}

/** The reference in full: `docker.io/library/nginx:latest`. */
export function formatReference(reference: ImageReference): string {
	const tag = reference.tag === null ? '' : `:${reference.tag}`;
	const digest = reference.digest === null ? '' : `@${reference.digest}`;
	return `${formatName(reference)}${tag}${digest}`;
}

/** Host and repository, which is what the kubelet looks up in a keyring: `docker.io/library/nginx`. */
export function formatName(reference: Pick<ImageReference, 'host' | 'repository'>): string {
	return reference.host === '' ? reference.repository : `${reference.host}/${reference.repository}`;
}

/** Whether images name a registry so, and it can be reached: `localhost`, `registry.example.com:5000`. */
export function isRegistryHost(text: string): boolean {
	const [host] = splitHost(`${text}/repository`);
	return host === text && wholeDomain.test(text) && URL.canParse(`https://${text}`);
}

/** Whether a registry can have a repository of that name. */
export function isRepositoryName(text: string): boolean {
	return wholeRepository.test(text) && text.length <= maxRepositoryLength;
}

export function isTag(text: string): boolean {
	return wholeTag.test(text);
}

/** `splitDockerDomain` of normalize.go. */
function splitHost(name: string): [host: string, remainder: string] {
	const slash = name.indexOf('/');
	if (slash === -1) return ['docker.io', `library/${name}`];

	const first = name.slice(0, slash);
	const rest = name.slice(slash + 1);
	const isHost = first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
	const host = !isHost || first === 'index.docker.io' ? 'docker.io' : first;
	const remainder = isHost ? rest : name;
	return [host, host === 'docker.io' && !remainder.includes('/') ? `library/${remainder}` : remainder];
}

/** `Parse` of reference.go. */
function matchReference(text: string): ImageReference {
	const matched = wholeReference.exec(text);
	const named = wholeName.exec(matched?.[1] ?? '');
	if (matched === null || named === null) {
		// Only the two letters outside ASCII that have an ASCII lower case get here, as Go folds them: K (Kelvin) and İ.
		const isCase = wholeReference.test(text.replaceAll('İ', 'i').toLowerCase());
		throw new InvalidReferenceError(isCase ? 'repository name must be lowercase' : 'invalid reference format');
	}
	const [, host = '', repository = ''] = named;
	if (repository.length > maxRepositoryLength) {
		throw new InvalidReferenceError(`repository name must not be more than ${maxRepositoryLength} characters`);
	}
	const digest = matched[3] === undefined ? null : readDigest(matched[3]);
	return { host, repository, tag: matched[2] ?? (digest === null ? 'latest' : null), digest };
}

function readDigest(text: string): string {
	try {
		return parseDigest(text);
	} catch (error) {
		if (error instanceof InvalidDigestError) throw new InvalidReferenceError(error.message);
		throw error;
	}
}
