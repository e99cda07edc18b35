/** The golden transcripts, told anew by a real cluster: what the embedded one is compared with must stay true. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { connect } from '../contracts/http/connect.ts';
import { findDifference, type Target } from '../contracts/http/play.ts';
import { loadScripts as loadRequests } from '../contracts/http/shelf.ts';
import { findKubectl } from '../contracts/kubectl/find-kubectl.ts';
import { playAll } from '../contracts/kubectl/play.ts';
import type { Script } from '../contracts/kubectl/script.ts';
import { loadScripts } from '../contracts/kubectl/shelf.ts';
import { suite } from '../harness.ts';
import { type Environment, openEnvironment } from './lab/environment.ts';

interface Context {
	environment: Environment;
	cache: string;
	api: Target & { close(): void };
	differenceOf(script: Script): Promise<string | null>;
}

const scripts = loadScripts();
const test = suite<Context>('kubectl transcripts of a real cluster', { timeout: 800, context: {} as Context });

test.before(async (context) => {
	context.cache = await mkdtemp(join(tmpdir(), 'kubectl-cache-'));
	context.environment = await openEnvironment('contracts', '--provider', 'kind');
	const kubeconfig = context.environment.env['KUBECONFIG'] ?? '';
	context.api = connect(kubeconfig);
	context.differenceOf = playAll(
		scripts,
		{ kubeconfig, kubectl: await findKubectl(), cache: context.cache },
		'kind',
		// A kubelet that may not read a Secret yet tries without it (kubernetes/kubernetes#128910), now and then.
		{ jobs: 3, tries: 2 },
	);
});
test.after(async ({ environment, cache, api }) => {
	api?.close();
	await environment?.close();
	await rm(cache, { recursive: true, force: true });
});

for (const script of scripts) {
	test(script.name, async ({ differenceOf }) => {
		const difference = await differenceOf(script);
		if (difference !== null) assert.unreachable(difference);
	});
}

for (const script of loadRequests()) {
	test(`over HTTP: ${script.name}`, async ({ api }) => {
		const difference = await findDifference(script, api, 'kind');
		if (difference !== null) assert.unreachable(difference);
	});
}

test.run();
