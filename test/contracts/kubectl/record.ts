/** Records golden transcripts from a real cluster; refuses those that do not come out the same every time. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runInParallel } from './parallel.ts';
import { runScript } from './run-script.ts';
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
const first = new Map<string, string>();
const unsteady = new Set<string>();
for (let round = 1; round <= Number(values.times); round++) {
	await runInParallel(scripts, Number(values.jobs), async (script) => {
		const entries = await runScript(script, { kubeconfig: values.kubeconfig, kubectl: 'kubectl', cache });
		const transcript = renderTranscript(entries);
		const earlier = first.get(script.name);
		if (earlier === undefined) first.set(script.name, transcript);
		else if (earlier !== transcript) {
			unsteady.add(script.name);
			console.log(`✘ ${script.name} came out otherwise in round ${round}\n${describeDifference(earlier, transcript)}`);
		}
	});
}
for (const [name, transcript] of first) {
	if (unsteady.has(name)) continue;
	const before = await readGolden(name);
	if (before !== transcript) console.log(`${before === null ? '+' : '~'} ${name}`);
	await writeGolden(name, transcript);
}
await rm(cache, { recursive: true, force: true });
console.log(`${first.size - unsteady.size} recorded, ${unsteady.size} unsteady`);
process.exitCode = unsteady.size > 0 ? 1 : 0;
