/** Our side of the OCI distribution spec: one registry, reached with one set of credentials. */

import type { Credentials } from '../model/registry.ts';
import type { OciImage } from './content.ts';
import { type ProbeResult, probeManifest } from './probe.ts';
import { pullImage } from './pull.ts';
import { type PushOptions, type PushResult, pushImage } from './push.ts';
import { wrongAnswer } from './registry-error.ts';
import { openSession, type RegistryOptions } from './session.ts';
import type { HttpRequest } from './transport.ts';

/** Every function but `probeManifest` throws LabError; all reject with the signal's reason once aborted. */
export interface RegistryClient {
	/** Whether the registry answers and accepts the credentials. Throws where it does not. */
	ping(): Promise<void>;
	pushImage(image: OciImage, repository: string, tag: string, options?: PushOptions): Promise<PushResult>;
	pullImage(repository: string, reference: string): Promise<OciImage>;
	/** With these credentials, not the client's own. */
	probeManifest(repository: string, reference: string, credentials: Credentials | null): Promise<ProbeResult>;
	close(): void;
}

export function openRegistryClient(options: RegistryOptions): RegistryClient {
	const session = openSession(options);
	return {
		async ping() {
			const request: HttpRequest = { method: 'GET', url: session.resolve('') };
			const answer = await session.send(request, '');
			if (answer.status !== 200) throw wrongAnswer(request, answer);
		},
		pushImage: (image, repository, tag, given) => pushImage(session, image, repository, tag, given),
		pullImage: (repository, reference) => pullImage(session, repository, reference),
		probeManifest: (repository, reference, credentials) => probeManifest(options, repository, reference, credentials),
		close: () => session.close(),
	};
}
