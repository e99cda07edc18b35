/** How long one process takes to judge the kept evidence of a class: the first lab, solved by one half, and not by the other. */

import { gradeEvidence, gradeLab, parseEvidence } from '../../src/grading/index.ts';
import { loadLab } from '../../src/lab/index.ts';
import { systemClock } from '../../src/model/clock.ts';
import type { Lab } from '../../src/model/lab.ts';
import { openScriptedCluster, secret, solved } from '../grading/scripted-cluster.ts';
import type { Measurement } from './ratio.ts';

/** How many: a class's worth until the engine has compiled what is often run, and those that count. */
const counts = { warmUp: 6000, measured: 10_000 };

let lab: Lab;
let kept: string[] = [];

export const evidence: Measurement = {
	name: 'evidence',
	unit: 'µs for each, read and judged',
	// 2,000 a second.
	limit: 500,
	async setUp() {
		lab = await loadLab('pulling-from-private-registries');
		const wrong = { ...solved(), '/api/v1/namespaces/default/secrets/my-registry-creds': secret('guessed') };
		kept = await Promise.all([solved(), wrong].map(collect));
		return async () => {};
	},
	async measure() {
		judge(counts.warmUp);
		return judge(counts.measured);
	},
};

async function collect(objects: Parameters<typeof openScriptedCluster>[0]): Promise<string> {
	const cluster = await openScriptedCluster(objects);
	const { signal } = new AbortController();
	try {
		const graded = await gradeLab({ lab, session: cluster.session, timeout: 0, clock: systemClock, signal });
		return JSON.stringify(graded.evidence);
	} finally {
		await cluster.close();
	}
}

/** Microseconds of each, of the processor's time: what other processes take is not ours. */
function judge(count: number): number {
	const used = process.cpuUsage();
	let passed = 0;
	for (let judged = 0; judged < count; judged++) {
		const { score } = gradeEvidence(lab, parseEvidence(kept[judged % kept.length] ?? '', 'evidence'));
		passed += Number(score.earned === score.possible);
	}
	if (passed * 2 !== count) throw new Error(`${passed} of ${count} passed`);
	const { user, system } = process.cpuUsage(used);
	return (user + system) / count;
}
