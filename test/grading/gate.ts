/** What stands between a client and an API server: hands every request on, tells of it, and fails as it is told to. */

import type http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Emulator } from '../../src/emulator/index.ts';

/** `silence`: the connection stays, and nothing ever comes over it. */
export type Fault = number | 'hang-up' | 'silence';

export interface Gate {
	/** The emulator's, but for the way that leads through here. */
	kubeconfig: string;
	url: string;
	/** Path and query of every request, in the order of arrival. */
	requests: string[];
	/** Those of watches that go on. */
	watches: Set<string>;
	/** Path without its query → what to answer instead; `*` for all. */
	faults: Map<string, Fault>;
	/** Ends every connection, with whatever goes on over it. */
	breakConnections(): void;
	close(): Promise<void>;
}

export async function openGate({ url: target, kubeconfig, certificates }: Emulator): Promise<Gate> {
	const { authority, server: own, admin } = certificates;
	const ca = authority.certificate;
	const agent = new https.Agent({ keepAlive: true, ca, cert: admin.certificate, key: admin.key });
	const requests: string[] = [];
	const watches = new Set<string>();
	const faults = new Map<string, Fault>();
	const server = https.createServer({ cert: own.certificate, key: own.key }, (request, response) => {
		const { url = '' } = request;
		const [path = ''] = url.split('?');
		requests.push(url);
		const fault = faults.get('*') ?? faults.get(path);
		if (fault === undefined) return handOn(request, response, url);
		if (fault === 'hang-up') return void request.socket.destroy();
		if (fault === 'silence') return;
		response.writeHead(fault, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ kind: 'Status', message: `answered with ${fault}`, reason: '' }));
	});

	function handOn(request: http.IncomingMessage, response: http.ServerResponse, url: string): void {
		const { method } = request;
		const { host: _host, ...headers } = request.headers;
		const onward = https.request(new URL(url, target), { agent, method, headers });
		onward.on('error', () => response.destroy());
		onward.on('response', (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.on('error', () => response.destroy());
			answer.pipe(response);
		});
		if (url.includes('watch=true')) watches.add(url);
		response.on('close', () => {
			watches.delete(url);
			onward.destroy();
		});
		request.pipe(onward);
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		...{ url, requests, watches, faults },
		kubeconfig: kubeconfig.replace(target, url),
		breakConnections: () => server.closeAllConnections(),
		close: () =>
			new Promise((resolve) => {
				agent.destroy();
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
