/** Fuzzes an API server in this process, and sees to it that it still answers as it did before. */

import * as assert from 'uvu/assert';
import { type Emulator, startEmulator } from '../../../../src/emulator/index.ts';
import { PullError } from '../../../../src/emulator/kubelet/image-manifest.ts';
import { createRandom } from './random.ts';
import { type FuzzedRequest, makeRequest } from './requests.ts';
import { openSender, type Sender } from './send.ts';

/** Nothing is to be pulled from anywhere. */
const puller = {
	pull: () => Promise.reject(new PullError('there is no registry')),
	close() {},
};

/** Throws with every kind of fault, and the requests that lead there. */
export async function fuzz(seed: number, count: number): Promise<void> {
	const emulator = await startEmulator({ puller });
	const sender = openSender(emulator);
	const faults = new Map<string, FuzzedRequest>();
	try {
		const random = createRandom(seed);
		let left = count;
		const work = async () => {
			while (left-- > 0) await attempt(sender, makeRequest(random), faults);
		};
		await Promise.all([1, 2, 3, 4].map(work));
		await assertAlive(emulator, sender);
	} finally {
		sender.close();
		await emulator.stop();
	}
	assert.is([...faults].map(describeFault).join('\n'), '', `seed ${seed}`);
}

async function attempt(sender: Sender, request: FuzzedRequest, faults: Map<string, FuzzedRequest>): Promise<void> {
	const fault = await sender.send(request).catch((error: Error) => error.message);
	if (fault !== null && !faults.has(fault)) faults.set(fault, request);
}

async function assertAlive({ client }: Emulator, sender: Sender): Promise<void> {
	for (const path of ['/api/v1/pods', '/api/v1/events', '/apis/apps/v1/deployments', '/readyz']) {
		assert.is(await sender.send({ method: 'GET', path, headers: {}, body: null }), null, path);
	}
	client.create('configmaps', 'kube-public', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'after-all' } });
}

function describeFault([fault, { method, path, headers, body }]: [string, FuzzedRequest]): string {
	return `${fault}\n  ${method} ${path} ${JSON.stringify(headers)} ${body?.toString().slice(0, 600) ?? ''}`;
}
