/** Plays scripts on the cluster of a kubeconfig, or on an emulator of its own, and prints what differs from what was recorded. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findKubectl } from './find-kubectl.ts';
import { playAll } from './play.ts';
import { loadScripts } from './shelf.ts';
import { startEmbedded } from './start-embedded.ts';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		kubeconfig: { type: 'string' },
		cluster: { type: 'string', default: 'embedded' },
		jobs: { type: 'string', default: '2' },
	},
});

const folder = await mkdtemp(path.join(tmpdir(), 'compare-'));
const kubeconfig = values.kubeconfig ?? path.join(folder, 'kubeconfig');
const stop = values.kubeconfig === undefined ? await startEmbedded(kubeconfig) : null;
const target = { kubeconfig, kubectl: await findKubectl(), cache: path.join(folder, 'cache') };

const scripts = loadScripts(positionals);
const differenceOf = playAll(scripts, target, values.cluster, { jobs: Number(values.jobs) });
let equal = 0;
for (const script of scripts) {
	const difference = await differenceOf(script);
	if (difference === null) equal += 1;
	console.log(difference === null ? `✔ ${script.name}` : `\n✘ ${script.name}\n${difference}\n`);
}
console.log(`${equal} of ${scripts.length} equal`);
await stop?.();
await rm(folder, { recursive: true, force: true });
process.exitCode = equal === scripts.length ? 0 : 1;
