/** Knows the node's own connections, so that the registry's journal can tell a node from anybody else on this machine. */

import type { Socket } from 'node:net';

export interface NodeConnections {
	/** To be told of each connection that the node opens, before anything is sent over it. */
	add(socket: Socket): void;
	/** The node's address for a port that is the node's now; otherwise the one that was seen. */
	nameClient(address: string, port: number): string;
}

export function trackConnections(nodeAddress: string): NodeConnections {
	const ports = new Set<number>();
	return {
		add(socket) {
			socket.once('connect', () => {
				const { localPort } = socket;
				if (localPort === undefined) return;
				ports.add(localPort);
				socket.once('close', () => ports.delete(localPort));
			});
		},
		nameClient: (address, port) => (ports.has(port) ? nodeAddress : address),
	};
}
