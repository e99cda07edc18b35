/** kind's provider keeps the contract of providers, and leaves alone what somebody else made. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { findEngine } from '../../src/providers/engine.ts';
import { openKind } from '../../src/providers/kind.ts';
import { addProviderCases, label, type ProviderWorld } from '../contracts/provider/cases.ts';
import { suite } from '../harness.ts';
import { runEngine } from './cli.ts';

const test = suite<{ world: ProviderWorld }>('cluster/provider', { timeout: 240 });
const first = `p${process.pid}-1`;
const second = `p${process.pid}-2`;
const never = new AbortController().signal;

test.before((context) => {
	context.world = makeWorld();
});
test.after(({ world }) => world.close());

addProviderCases(test, { first, second });

test('a cluster of that name that somebody else made is said to be so, and left alone', async ({ world }) => {
	const node = `${second}-control-plane`;
	const labels = [`io.x-k8s.kind.cluster=${second}`, 'io.x-k8s.kind.role=control-plane'];
	await runEngine(['create', '--name', node, ...labels.flatMap((each) => ['--label', each]), 'registry:2']);
	const provider = await world.open(second, label);
	assert.equal(await provider.find(never), { state: 'foreign', what: `kind cluster ${second}` });
	assert.equal(await provider.remove(label, never), []);
	assert.equal(await world.listLeftovers(second), [node]);
	await runEngine(['rm', '-f', '-v', node]);
});

test.run();

function makeWorld(): ProviderWorld {
	const home = mkdtempSync(path.join(tmpdir(), 'provider-'));
	const listNodes = async (name: string) => {
		return runEngine(['ps', '--all', '--filter', `label=io.x-k8s.kind.cluster=${name}`, '--format', '{{.Names}}']);
	};

	return {
		async open(name) {
			const folder = path.join(home, name);
			mkdirSync(folder, { recursive: true });
			const engine = await findEngine(process.env, never, () => {});
			const nodeImage = process.env['KUBEPROCTOR_NODE_IMAGE'];
			return openKind({ name, engine, folder, nodeImage, workers: 0, mergedInto: null, onChild() {} });
		},
		async halt(name) {
			await runEngine(['stop', '--time', '2', ...(await listNodes(name))]);
		},
		interruptions: [300, 2500],
		async listLeftovers(name) {
			const folder = path.join(home, name);
			return [...(await listNodes(name)), ...(existsSync(folder) ? readdirSync(folder) : [])];
		},
		async close() {
			const nodes = (await Promise.all([first, second].map(listNodes))).flat();
			if (nodes.length > 0) await runEngine(['rm', '-f', '-v', ...nodes]);
			rmSync(home, { recursive: true, force: true });
		},
	};
}
