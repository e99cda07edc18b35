/** The embedded cluster against what a real one was recorded to answer, whole, script by script. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { findKubectl } from './find-kubectl.ts';
import { playAll } from './play.ts';
import type { Script } from './script.ts';
import { loadScripts } from './shelf.ts';
import { startEmbedded } from './start-embedded.ts';

interface Context {
	folder: string;
	stop(): Promise<void>;
	differenceOf(script: Script): Promise<string | null>;
}

/** Those whose name begins with one of `prefixes`; all without any. `seconds`: for each. */
export function compareEmbedded(prefixes: readonly string[], seconds: number): void {
	const scripts = loadScripts(prefixes);
	const test = suite<Context>('kubectl transcripts of the embedded cluster', {
		timeout: seconds,
		context: {} as Context,
	});

	test.before(async (context) => {
		context.folder = await mkdtemp(path.join(tmpdir(), 'contracts-'));
		const kubeconfig = path.join(context.folder, 'kubeconfig');
		context.stop = await startEmbedded(kubeconfig);
		const cache = path.join(context.folder, 'cache');
		const target = { kubeconfig, kubectl: await findKubectl(), cache };
		context.differenceOf = playAll(scripts, target, 'embedded', { jobs: 6 });
	});
	test.after(async ({ stop, folder }) => {
		await stop?.();
		await rm(folder, { recursive: true, force: true });
	});

	for (const script of scripts) {
		test(script.name, async ({ differenceOf }) => {
			const difference = await differenceOf(script);
			if (difference !== null) assert.unreachable(difference);
		});
	}

	test.run();
}
