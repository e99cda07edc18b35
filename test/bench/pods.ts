/** Many Pods in the embedded cluster: against kind, a few against many, and what they leave in its process's memory. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { openCluster } from '../../src/kube/client.ts';
import { loadKubeconfig } from '../../src/kube/kubeconfig.ts';
import { bringUp, embeddedContext, embeddedFolder, envs, type Provider } from './clusters.ts';
import type { Comparison, Contender, Measurement } from './ratio.ts';
import { runTool } from './tool.ts';

export const getPods: Comparison = {
	name: 'get-pods',
	limit: 1.3,
	rounds: 25,
	setUp: () => bringUp('embedded', 'kind'),
	ours: { run: () => kubectl('embedded', ['get', 'pods', '-A']) },
	peer: { run: () => kubectl('kind', ['get', 'pods', '-A']) },
};

export const thousandPods: Comparison = {
	name: 'thousand-pods',
	limit: 1,
	rounds: 3,
	setUp: () => bringUp('embedded', 'kind'),
	ours: applyAndList('embedded', 1000),
	peer: applyAndList('kind', 1000),
};

/** Flat: each of 2,000 Pods costs at most half as much again as each of 100, so twenty times as many at most thirty times. */
export const flatPods: Comparison = {
	name: 'flat-pods',
	limit: 20 * 1.5,
	rounds: 3,
	setUp: () => bringUp('embedded'),
	ours: applyAndList('embedded', 2000),
	peer: applyAndList('embedded', 100),
};

export const memory: Measurement = {
	name: 'memory',
	unit: 'MB',
	limit: 200,
	setUp: () => bringUp('embedded'),
	async measure() {
		const { prepare, run } = applyAndList('embedded', 1000);
		await prepare();
		await run();
		const { pid } = JSON.parse(readFileSync(path.join(embeddedFolder, 'embedded.json'), 'utf8')) as { pid: number };
		return Number(await runTool('ps', ['-o', 'rss=', '-p', String(pid)])) / 1000;
	},
};

/** From the moment a write is sent to the moment that another connection, which watches, has heard of it: the median. */
export const watch: Measurement = {
	name: 'watch',
	unit: 'ms',
	limit: 20,
	setUp: () => bringUp('embedded'),
	async measure() {
		const access = { kubeconfig: path.join(embeddedFolder, 'kubeconfig'), context: embeddedContext };
		const [client, { server, tls }] = await Promise.all([openCluster(access), loadKubeconfig(access)]);
		const configMaps = '/api/v1/namespaces/default/configmaps';
		const url = new URL(`${configMaps}?watch=true`, server);
		const watching = https.get(url, { ...tls, agent: false });
		const [stream] = (await once(watching, 'response')) as [IncomingMessage];
		const delays: number[] = [];
		for (let round = 0; round < 101; round++) {
			const begun = performance.now();
			const heard = awaitText(stream, `"seen-${round}"`);
			const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `seen-${round}` } };
			await client.request('POST', configMaps, { body });
			delays.push((await heard) - begun);
		}
		watching.destroy();
		client.close();
		return delays.sort((a, b) => a - b)[50] ?? Number.POSITIVE_INFINITY;
	},
};

function awaitText(stream: IncomingMessage, text: string): Promise<number> {
	return new Promise((resolve) => {
		stream.on('data', function look(chunk: Buffer) {
			if (!chunk.includes(text)) return;
			stream.off('data', look);
			resolve(performance.now());
		});
	});
}

/** In a namespace of its own, which is made and taken away again unmeasured. */
function applyAndList(provider: Provider, count: number): Required<Contender> {
	const namespace = `pods-${count}`;
	const pods = Array.from(
		{ length: count },
		(_, index) =>
			`apiVersion: v1\nkind: Pod\nmetadata: {name: p${index}, namespace: ${namespace}}\n` +
			'spec: {nodeSelector: {nowhere: "true"}, containers: [{name: c, image: "registry.example.com/myapp:1.0"}]}\n',
	);
	return {
		async prepare() {
			await kubectl(provider, ['create', 'namespace', namespace]);
			// A controller makes it, and Pods that come before it are refused.
			await kubectl(provider, ['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s']);
		},
		async run() {
			await kubectl(provider, ['apply', '-f', '-'], pods.join('---\n'));
			const listed = await kubectl(provider, ['get', 'pods', '-n', namespace, '-o', 'name']);
			const found = listed.trim().split('\n').length;
			if (found !== count) throw new Error(`${found} Pods of ${count} are there`);
		},
		undo: () => kubectl(provider, ['delete', 'namespace', namespace]),
	};
}

function kubectl(provider: Provider, args: string[], input = ''): Promise<string> {
	return runTool('kubectl', args, { env: envs[provider], input });
}
