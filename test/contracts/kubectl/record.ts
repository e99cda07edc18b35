/** Records golden transcripts from a real cluster; refuses those that do not come out the same every time. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findKubectl } from './find-kubectl.ts';
import { runInParallel } from './parallel.ts';
import { runScript, type Target } from './run-script.ts';
import type { Script } from './script.ts';
import { loadScripts, readGolden, writeGolden } from './shelf.ts';
import { describeDifference, renderTranscript } from './transcript.ts';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		kubeconfig: { type: 'string', default: process.env['KUBECONFIG'] ?? '' },
		times: { type: 'string', default: '3' },
		jobs: { type: 'string', default: '3' },
	},
});

const scripts = loadScripts(positionals);
const cache = await mkdtemp(path.join(tmpdir(), 'kubectl-cache-'));
const target = { kubeconfig: values.kubeconfig, kubectl: await findKubectl(), cache };
let recorded = 0;
await runInParallel(scripts, Number(values.jobs), async (script) => {
	if (await record(script, target, Number(values.times))) recorded += 1;
});
await rm(cache, { recursive: true, force: true });
console.log(`${recorded} of ${scripts.length} recorded`);
process.exitCode = recorded === scripts.length ? 0 : 1;

async function record(script: Script, target: Target, times: number): Promise<boolean> {
	const transcript = renderTranscript(await runScript(script, target));
	for (let round = 2; round <= times; round++) {
		const again = renderTranscript(await runScript(script, target));
		if (again === transcript) continue;
		console.log(`✘ ${script.name} came out otherwise in round ${round}\n${describeDifference(transcript, again)}`);
		return false;
	}
	const before = await readGolden(script.name);
	console.log(`${before === null ? '+' : before === transcript ? '=' : '~'} ${script.name}`);
	await writeGolden(script.name, transcript);
	return true;
}
