/** What happens around an embedded environment: processes that end, and ports that others hold. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Resolves once the process is gone. */
export async function ended(pid: number): Promise<void> {
	for (let left = 1000; left > 0; left--) {
		try {
			process.kill(pid, 0);
			if (readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) return;
		} catch {
			return;
		}
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error(`process ${pid} lives on`);
}

/** A process that was killed may hold its ports for a moment, until its last thread is gone. */
export async function occupy(port: number): Promise<() => void> {
	for (let left = 100; ; left--) {
		try {
			return await listen(port);
		} catch (error) {
			if (left === 0) throw error;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}
}

function listen(port: number): Promise<() => void> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(port, '127.0.0.1', () => resolve(() => server.close()));
	});
}

export function findFreePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer();
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as { port: number };
			server.close(() => resolve(port));
		});
	});
}
