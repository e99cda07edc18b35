/** Starts an embedded cluster in a process of its own. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Certificates } from '../../../src/emulator/index.ts';

export interface ForkedCluster {
	url: string;
	/** Bytes that the process holds. */
	readMemory(): Promise<number>;
	/** As a power cut would: nothing is tidied up. */
	kill(): Promise<void>;
}

export async function forkCluster(journal: string, certificates: Certificates): Promise<ForkedCluster> {
	const script = fileURLToPath(new URL('serve.ts', import.meta.url));
	const child: ChildProcess = fork(script, [], { execArgv: ['--import', 'tsx'] });
	const ended = once(child, 'exit');
	child.send({ journal, certificates });
	const sent = once(child, 'message');
	const [url] = await Promise.race([sent, ended.then(() => Promise.reject(new Error('the cluster did not start')))]);
	return {
		url,
		async readMemory() {
			child.send('memory');
			const [bytes] = await once(child, 'message');
			return bytes;
		},
		async kill() {
			child.kill('SIGKILL');
			await ended;
		},
	};
}
