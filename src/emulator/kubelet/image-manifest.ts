/** What a node reads in manifests and configs of the OCI image spec. */

import { type Content, type Descriptor, isDescriptor } from '../../oci/content.ts';

/** The pull failed; the message is the container runtime's. */
export class PullError extends Error {
	override readonly name = 'PullError';
	readonly isNotFound: boolean;

	constructor(message: string, isNotFound = false) {
		super(message);
		this.isNotFound = isNotFound;
	}
}

export interface ImageConfig {
	user: string;
	env: string[];
	entrypoint: string[];
	command: string[];
	workingDir: string;
}

/** The manifest for Linux on that architecture. Throws PullError. */
export function findPlatform(index: Content, architecture: string): Descriptor {
	const manifests = readList(parse(index).manifests);
	const found = manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture);
	if (found) return found;
	throw new PullError(`no match for platform in manifest ${index.descriptor.digest}: not found`, true);
}

/** Throws PullError. */
export function readDescriptors(manifest: Content): { config: Descriptor; layers: Descriptor[] } {
	const { config, layers } = parse(manifest);
	if (isDescriptor(config)) return { config, layers: readList(layers) };
	throw new PullError(`unable to read manifest ${manifest.descriptor.digest}: it names no config`);
}

export function readImageConfig(content: Content): ImageConfig {
	const config = (parse(content).config ?? {}) as Record<string, unknown>;
	return {
		user: typeof config.User === 'string' ? config.User : '',
		env: readTexts(config.Env),
		entrypoint: readTexts(config.Entrypoint),
		command: readTexts(config.Cmd),
		workingDir: typeof config.WorkingDir === 'string' && config.WorkingDir !== '' ? config.WorkingDir : '/',
	};
}

function parse({ descriptor, bytes }: Content): Record<string, unknown> {
	try {
		const parsed: unknown = JSON.parse(bytes.toString());
		if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
	} catch {}
	throw new PullError(`failed to unmarshal content ${descriptor.digest}`);
}

function readList(value: unknown): Descriptor[] {
	return Array.isArray(value) ? value.filter(isDescriptor) : [];
}

function readTexts(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
