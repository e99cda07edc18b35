/** Asks a registry whether it opens for the right password and stays shut without one. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, LabError } from '../model/error.ts';
import type { Credentials } from '../model/registry.ts';
import { encodeBasic } from '../oci/authorizer.ts';
import { openTransport } from '../oci/transport.ts';

const patience = 20_000;

/** Resolves once the registry is healthy. */
export async function awaitHealth(endpoint: string, credentials: Credentials, signal: AbortSignal): Promise<void> {
	if (await isLockedFor(endpoint, credentials, signal)) return;
	throw new LabError({
		code: 'registry-password',
		message: `The registry at ${endpoint} does not take the password of ${credentials.username}, or asks for none.`,
		remedy: 'kubeproctor down, then kubeproctor up make it anew.',
	});
}

/**
 * Whether these credentials open it and nothing else does. Waits for a first answer, and throws LabError where none
 * comes; an answer that refuses them is final.
 */
export async function isLockedFor(endpoint: string, credentials: Credentials, signal: AbortSignal): Promise<boolean> {
	const deadline = Date.now() + patience;
	for (;;) {
		try {
			const [open, shut] = await Promise.all([ask(endpoint, signal, credentials), ask(endpoint, signal)]);
			if (open < 500 && shut < 500) return open === 200 && shut === 401;
			if (Date.now() > deadline) throw new Error(`it answers ${open}`);
		} catch (error) {
			signal.throwIfAborted();
			if (Date.now() > deadline) throw silent(endpoint, error);
		}
		await sleep(40, undefined, { signal });
	}
}

async function ask(endpoint: string, signal: AbortSignal, credentials?: Credentials): Promise<number> {
	const transport = openTransport({ signal, patience: 5_000 });
	try {
		const url = new URL(`${endpoint}/v2/`);
		const headers = credentials && { authorization: encodeBasic(credentials) };
		return (await transport.send({ method: 'GET', url, ...(headers && { headers }) })).status;
	} finally {
		transport.close();
	}
}

function silent(endpoint: string, cause: unknown): LabError {
	return new LabError(
		{
			code: 'registry-silent',
			message: `The registry at ${endpoint} does not answer: ${describeError(cause)}`,
			remedy: 'kubeproctor up starts it again; docker logs tells why it stopped.',
		},
		{ cause },
	);
}
