/** Ports of this machine's loopback. */

import { createServer } from 'node:net';
import type { Problem } from '../model/error.ts';

/** macOS answers on it (AirPlay), and it is everybody's habit for a registry. */
const avoided = 5000;

/** `preferred` where it is free, else any free port. */
export async function pickPort(preferred?: number): Promise<number> {
	if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
	const port = await listenOnce(0);
	return port === null || port === avoided ? pickPort() : port;
}

export async function isPortFree(port: number): Promise<boolean> {
	return (await listenOnce(port)) !== null;
}

export function portTaken(port: number): Problem {
	return {
		code: 'port-taken',
		message: `Port ${port} of 127.0.0.1 is taken by another program.`,
		remedy: 'Leave --registry-port out to get a free one, or name another.',
	};
}

/** The port that was listened on for a moment; null: it is taken. */
function listenOnce(port: number): Promise<number | null> {
	return new Promise((resolve) => {
		const server = createServer();
		server.on('error', () => resolve(null));
		server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
			const address = server.address();
			const taken = typeof address === 'object' && address !== null ? address.port : null;
			server.close(() => resolve(taken));
		});
	});
}
