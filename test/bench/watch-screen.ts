/** `watch` on a terminal: from the moment a write is sent to the API server to the moment its verdict is on the screen. */

import path from 'node:path';
import { openCluster } from '../../src/kube/client.ts';
import { openTerminal } from '../terminal/pty.ts';
import { planHome } from './home.ts';
import type { Measurement } from './ratio.ts';
import { runCli } from './tool.ts';

const home = planHome('watch');
const { env } = home;
const name = 'bench-watch';
const access = {
	kubeconfig: path.join(home.folder, 'environments', name, 'kubeconfig'),
	context: `embedded-${name}`,
};
const rounds = 50;
const secrets = '/api/v1/namespaces/default/secrets';
const auth = { 'registry.example.com': { username: 'myuser', password: 'mypassword' } };
const secret = {
	apiVersion: 'v1',
	kind: 'Secret',
	metadata: { name: 'my-registry-creds' },
	type: 'kubernetes.io/dockerconfigjson',
	stringData: { '.dockerconfigjson': JSON.stringify({ auths: auth }) },
};

export const watchScreen: Measurement = {
	...describeBench('watch-screen'),
	measure: async () => (await measureDelays()).sort((a, b) => a - b)[rounds / 2] ?? Number.POSITIVE_INFINITY,
};

export const watchScreenWorst: Measurement = {
	...describeBench('watch-screen-worst'),
	measure: async () => Math.max(...(await measureDelays())),
};

function describeBench(benchName: string): Omit<Measurement, 'measure'> {
	return {
		name: benchName,
		unit: 'ms',
		limit: 100,
		setUp: () =>
			home.setUp(
				() => runCli(['up', '--provider', 'embedded', '--name', name], { env }),
				() => runCli(['down', '--name', name], { env }),
			),
	};
}

/** The first task is done and undone in turns: its verdict rests on a Secret, and on what the registry says to it. */
async function measureDelays(): Promise<number[]> {
	let written = '';
	let look = () => {};
	const terminal = openTerminal(`${process.execPath} dist/cli.js --name ${name} watch`, {
		columns: 80,
		env,
		onData(text) {
			written += text;
			look();
		},
	});
	const client = await openCluster(access);
	const delays: number[] = [];
	try {
		await terminal.waitFor(' 0 / 100');
		for (let round = 0; round < rounds; round++) {
			written = '';
			const isDone = round % 2 === 0;
			const shown = new Promise<void>((resolve) => {
				look = () => written.includes(isDone ? ' 20 / 100' : ' 0 / 100') && resolve();
			});
			const begun = performance.now();
			if (isDone) await client.request('POST', secrets, { body: secret });
			else await client.request('DELETE', `${secrets}/${secret.metadata.name}`);
			await shown;
			delays.push(performance.now() - begun);
		}
	} finally {
		client.close();
		terminal.press('\u0003');
		await terminal.ended;
	}
	return delays;
}
