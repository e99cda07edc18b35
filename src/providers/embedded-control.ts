/** The other side of an embedded environment's control door. */

import http from 'node:http';
import type { EmbeddedRecord } from '../model/embedded.ts';
import { describeError, LabError } from '../model/error.ts';
import { describeRequest, traceCall } from '../trace.ts';

type Door = Pick<EmbeddedRecord, 'control' | 'token'>;

const patience = 5_000;

/** Whether the very process that was written down is there, and well enough to answer. */
export async function isAnswering(door: Door): Promise<boolean> {
	try {
		return (await send(door, 'GET', '')) === 204;
	} catch {
		return false;
	}
}

export async function sendOrder(door: Door, method: string, path: string, body?: unknown): Promise<void> {
	const text = body === undefined ? undefined : JSON.stringify(body);
	const status = await send(door, method, path, text).catch((error: unknown) => describeError(error));
	if (status === 204) return;
	throw new LabError({
		code: 'embedded-silent',
		message: `The embedded cluster does not do what it is told (${method} ${path}: ${status}).`,
		remedy: 'kubeproctor up starts it again.',
	});
}

function send(door: Door, method: string, path: string, body?: string): Promise<number> {
	return traceCall(
		describeRequest(method, new URL(`${door.control}/${path}`), 'the process of the embedded cluster'),
		() => sendOnce(door, method, path, body),
		(status) => String(status),
	);
}

function sendOnce({ control, token }: Door, method: string, path: string, body?: string): Promise<number> {
	return new Promise((resolve, reject) => {
		const headers = { authorization: `Bearer ${token}` };
		const outgoing = http.request(`${control}/${path}`, { method, headers, agent: false }, (incoming) => {
			incoming.resume();
			incoming.on('end', () => resolve(incoming.statusCode ?? 0));
		});
		outgoing.setTimeout(patience, () => outgoing.destroy(new Error('no answer')));
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}
