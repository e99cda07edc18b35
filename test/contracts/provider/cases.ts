/** What every provider that makes its cluster keeps to, whatever it makes it of. */

import { statSync } from 'node:fs';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import * as assert from 'uvu/assert';
import type { ClusterAccess } from '../../../src/model/cluster.ts';
import type { Provider, Work } from '../../../src/model/provider.ts';
import type { Suite } from '../../harness.ts';

/** Where a provider works, and what happens to its clusters behind its back. */
export interface ProviderWorld {
	/** `label`: what is written down of an environment of that name. */
	open(name: string, label: string | null): Promise<Provider>;
	/** As a reboot does it. */
	halt(name: string): Promise<void>;
	/** Milliseconds into its creation at which one is interrupted. */
	interruptions: readonly number[];
	/** Everything that there is of environments of that name: containers, processes, files. */
	listLeftovers(name: string): Promise<string[]>;
	close(): Promise<void>;
}

export const label = 'first-0a1b2c3d';
const never = new AbortController().signal;
const work: Work = { signal: never, tell() {} };

export function addProviderCases(
	test: Suite<{ world: ProviderWorld }>,
	names: { first: string; second: string },
): void {
	const { first, second } = names;

	test('a machine that is fit lacks nothing', async ({ world }) => {
		const { problems, about } = await (await world.open(first, null)).check(never);
		assert.equal(problems, []);
		assert.ok(about.length > 0);
	});

	test('where nothing is, nothing is found, and there is nothing to remove', async ({ world }) => {
		const provider = await world.open(first, null);
		assert.equal(await provider.find(never), { state: 'absent' });
		assert.equal(await provider.remove(label, never), []);
		assert.equal(await world.listLeftovers(first), []);
	});

	test('what is created carries its label, and is found by it', async ({ world }) => {
		const provider = await world.open(first, null);
		await provider.create(label, work);
		assert.equal(await provider.find(never), { state: 'running', label });
		assert.equal(await (await world.open(first, label)).find(never), { state: 'running', label });
	});

	test('its kubeconfig is for this account only, and reaches it', async ({ world }) => {
		const access = await (await world.open(first, label)).connect(never);
		assert.is(statSync(access.kubeconfig).mode & 0o777, 0o600);
		const made = await openApi(access).createNamespacedConfigMap({ namespace: 'default', body: mine });
		assert.is(made.metadata?.name, 'mine');
	});

	test('its nodes take a route for a registry, again and again', async ({ world }) => {
		const { routeHosts } = await world.open(first, label);
		for (const port of [5000, 5001]) {
			await routeHosts?.(new Map([['registry.example.com', `server = "http://127.0.0.1:${port}"\n[host]\n`]]), never);
		}
		assert.type(routeHosts, 'function');
	});

	test('another environment does not see it, and cannot remove it', async ({ world }) => {
		const other = await world.open(second, null);
		assert.equal(await other.find(never), { state: 'absent' });
		assert.equal(await other.remove(label, never), []);
		assert.equal((await (await world.open(first, label)).find(never)).state, 'running');
	});

	test('under another label nothing of it is removed', async ({ world }) => {
		const provider = await world.open(first, label);
		assert.equal(await provider.remove('first-ffffffff', never), []);
		assert.equal(await provider.find(never), { state: 'running', label });
	});

	test('what was halted is found so, and started with all that was in it', async ({ world }) => {
		await world.halt(first);
		const provider = await world.open(first, label);
		assert.equal(await provider.find(never), { state: 'stopped', label });
		await provider.start(work);
		assert.equal(await provider.find(never), { state: 'running', label });
		const api = openApi(await provider.connect(never));
		const { metadata } = await tryFor(60, () => api.readNamespacedConfigMap({ namespace: 'default', name: 'mine' }));
		assert.is(metadata?.name, 'mine');
	});

	test('starting what runs does nothing to it', async ({ world }) => {
		const provider = await world.open(first, label);
		await provider.start(work);
		assert.equal(await provider.find(never), { state: 'running', label });
	});

	test('it is removed whole, says what it was, and is gone', async ({ world }) => {
		const provider = await world.open(first, label);
		const removed = await provider.remove(label, never);
		assert.is(removed.length, 1);
		assert.match(removed[0] ?? '', first);
		assert.equal(await provider.find(never), { state: 'absent' });
		assert.equal(await provider.remove(label, never), []);
		assert.equal(await world.listLeftovers(first), []);
	});

	test('a creation that is interrupted ends at once, and what there is of it can be removed', async ({ world }) => {
		for (const after of world.interruptions) {
			const stop = new AbortController();
			const provider = await world.open(second, label);
			const timer = setTimeout(() => stop.abort(), after);
			await assertRejects(provider.create(label, { signal: stop.signal, tell() {} }), `after ${after} ms`);
			clearTimeout(timer);
			await provider.remove(label, never);
			assert.equal(await provider.find(never), { state: 'absent' });
			assert.equal(await world.listLeftovers(second), [], `after ${after} ms`);
		}
	});
}

const mine = { metadata: { name: 'mine' } };

function openApi({ kubeconfig, context }: ClusterAccess): CoreV1Api {
	const config = new KubeConfig();
	config.loadFromFile(kubeconfig);
	config.setCurrentContext(context);
	return config.makeApiClient(CoreV1Api);
}

/** A cluster that comes up answers by and by. */
async function tryFor<T>(seconds: number, action: () => Promise<T>): Promise<T> {
	for (const deadline = Date.now() + seconds * 1000; ; ) {
		try {
			return await action();
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
	}
}

async function assertRejects(promise: Promise<unknown>, when: string): Promise<void> {
	const isRefused = await promise.then(
		() => false,
		() => true,
	);
	assert.ok(isRefused, `it was created all the same, ${when}`);
}
