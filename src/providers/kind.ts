/** A cluster made by the `kind` program, marked as ours from its first instant. */

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServer } from '../kube/kubeconfig.ts';
import type { ClusterAccess } from '../model/cluster.ts';
import type { Engine } from '../model/engine.ts';
import { LabError } from '../model/error.ts';
import type { Found, Provider, Work } from '../model/provider.ts';
import { readMark, writeKindConfig } from './kind-config.ts';
import { createKindCluster, runKind } from './kind-program.ts';
import { checkMachine } from './machine.ts';
import { writeHosts } from './node-hosts.ts';
import { findImageNames } from './node-images.ts';

export interface KindOptions {
	name: string;
	engine: Engine;
	/** The environment's own folder. */
	folder: string;
	/** Undefined: kind's own default. */
	nodeImage: string | undefined;
	workers: number;
	/** A kubeconfig that is to have this cluster too, beside the environment's own; null: none. */
	mergedInto: string | null;
	/** Called with the id of every `kind` process that changes something, so that an orphan can be found. */
	onChild(pid: number): void;
}

export function openKind(options: KindOptions): Provider {
	const { name, folder, engine } = options;
	const kubeconfig = join(folder, 'kubeconfig');
	const context = `kind-${name}`;
	let isFresh = false;
	let isCutShort = false;

	async function listNodes(signal: AbortSignal): Promise<string[]> {
		const { stdout } = await runKind(['get', 'nodes', '--name', name], { signal, timeout: 60_000 });
		return stdout.split('\n').filter((line) => line !== '');
	}

	async function inspectNodes(signal: AbortSignal) {
		return engine.inspect(await listNodes(signal), signal);
	}

	async function find(signal: AbortSignal): Promise<Found> {
		const nodes = await inspectNodes(signal);
		if (nodes.length === 0) return { state: 'absent' };
		const marks = nodes.map((node) => readMark(node.mounts));
		const [label = null] = marks;
		if (label === null || marks.some((mark) => mark !== label))
			return { state: 'foreign', what: `kind cluster ${name}` };
		return { state: nodes.every((node) => node.isRunning) ? 'running' : 'stopped', label };
	}

	async function create(label: string, work: Work): Promise<void> {
		// A kind that was killed while it wrote leaves this behind, and every later one refuses to write.
		await rm(`${kubeconfig}.lock`, { force: true });
		const image = options.nodeImage === undefined ? [] : ['--image', options.nodeImage];
		const args = ['create', 'cluster', '--name', name, '--kubeconfig', kubeconfig, '--config', '-', ...image];
		isCutShort = true;
		await createKindCluster(name, args, writeKindConfig(label, options.workers), work, options.onChild);
		isCutShort = false;
		isFresh = true;
	}

	async function start(work: Work): Promise<void> {
		const stopped = (await inspectNodes(work.signal)).filter((node) => !node.isRunning).map((node) => node.name);
		if (stopped.length === 0) return;
		work.tell(`starting ${stopped.join(', ')}`);
		await engine.run(['start', ...stopped], { signal: work.signal, timeout: 120_000 });
	}

	async function connect(signal: AbortSignal): Promise<ClusterAccess> {
		if (!isFresh) await renewKubeconfig(signal);
		if (options.mergedInto !== null) await exportTo(options.mergedInto, signal);
		return { kubeconfig, context };
	}

	/** What a learner set in it stays, unless it is broken or points elsewhere. */
	async function renewKubeconfig(signal: AbortSignal): Promise<void> {
		const { stdout } = await runKind(['get', 'kubeconfig', '--name', name], { signal, timeout: 60_000 });
		const server = /^\s*server: (\S+)/m.exec(stdout)?.[1];
		if (server !== undefined && findServer({ kubeconfig, context }) === server) return;
		await rm(kubeconfig, { force: true });
		await exportTo(kubeconfig, signal);
	}

	async function exportTo(file: string, signal: AbortSignal): Promise<void> {
		await runKind(['export', 'kubeconfig', '--name', name, '--kubeconfig', file], { signal, timeout: 60_000 });
	}

	async function remove(label: string, signal: AbortSignal): Promise<string[]> {
		const removed = await removeCluster(label, signal);
		if (options.mergedInto === null || !existsSync(options.mergedInto)) return removed;
		await runKind(['delete', 'cluster', '--name', name, '--kubeconfig', options.mergedInto], { signal });
		return [...removed, `context ${context} of ${options.mergedInto}`];
	}

	/** The engine goes on making the container that an interrupted kind asked it for. */
	async function findLate(signal: AbortSignal): Promise<Found> {
		let found = await find(signal);
		for (let tries = 0; isCutShort && found.state === 'absent' && tries < 10; tries++) {
			await sleep(200);
			found = await find(signal);
		}
		return found;
	}

	async function removeCluster(label: string, signal: AbortSignal): Promise<string[]> {
		const found = await findLate(signal);
		if (found.state === 'absent' || found.state === 'foreign' || found.label !== label) return [];
		const count = (await listNodes(signal)).length;
		// A container that was being created when its creator was killed shows up late: hence the second look.
		for (let attempt = 0; attempt < 5 && (await listNodes(signal)).length > 0; attempt++) {
			await runKind(['delete', 'cluster', '--name', name, '--kubeconfig', kubeconfig], { signal, timeout: 120_000 });
		}
		const left = await listNodes(signal);
		if (left.length > 0) {
			throw new LabError({
				code: 'cluster-not-removed',
				message: `kind could not remove ${left.join(', ')}.`,
				remedy: `${engine.program} rm -f -v ${left.join(' ')}`,
			});
		}
		// kind takes its own entries out, and leaves the file.
		await rm(kubeconfig, { force: true });
		return [`kind cluster ${name} (${count} ${count === 1 ? 'node' : 'nodes'})`];
	}

	async function routeHosts(files: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
		const script = writeHosts(files);
		const nodes = await listNodes(signal);
		await Promise.all(nodes.map((node) => engine.run(['exec', '-i', node, 'sh', '-e'], { input: script, signal })));
	}

	async function removeImages(hosts: readonly string[], signal: AbortSignal): Promise<void> {
		const nodes = await listNodes(signal);
		await Promise.all(
			nodes.map(async (node) => {
				const images = ['exec', node, 'ctr', '--namespace', 'k8s.io', 'images'];
				const names = findImageNames(await engine.run([...images, 'list'], { signal }), hosts);
				if (names.length > 0) await engine.run([...images, 'remove', ...names], { signal });
			}),
		);
	}

	return {
		id: 'kind',
		isShared: false,
		check: (signal) => checkMachine(engine, options.workers, signal),
		find,
		create,
		start,
		connect,
		routeHosts,
		removeImages,
		remove,
	};
}
