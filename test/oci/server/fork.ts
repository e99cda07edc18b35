/** Starts a registry of our own in a process of its own. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ForkedRegistry {
	url: string;
	/** As a power cut would: nothing is tidied up. */
	kill(): Promise<void>;
}

export async function forkRegistry(folder: string): Promise<ForkedRegistry> {
	const script = fileURLToPath(new URL('serve.ts', import.meta.url));
	const child: ChildProcess = fork(script, [folder], { execArgv: ['--import', 'tsx'] });
	const ended = once(child, 'exit');
	const sent = once(child, 'message');
	const [url] = await Promise.race([sent, ended.then(() => Promise.reject(new Error('the registry did not start')))]);
	return {
		url,
		async kill() {
			child.kill('SIGKILL');
			await ended;
		},
	};
}
