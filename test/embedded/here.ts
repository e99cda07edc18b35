/** Grading and resetting an embedded environment within this process: what the commands do, without starting a program for it. */

import { parseArgs } from 'node:util';
import { bringUp } from '../../src/environment/up.ts';
import { gradeLab } from '../../src/grading/index.ts';
import { loadLab } from '../../src/lab/index.ts';
import { systemClock } from '../../src/model/clock.ts';
import { silentProgress } from '../../src/model/progress.ts';
import type { Report } from '../../src/model/report.ts';
import { openParts } from '../../src/parts.ts';
import { openSession } from '../../src/session.ts';
import { keepStream } from '../runner/streams.ts';
import type { EmbeddedEnvironment } from './environment.ts';

type Place = Pick<EmbeddedEnvironment, 'name' | 'env'>;

const { signal } = new AbortController();

/** As `grade`, with its options. */
export async function gradeHere({ name, env }: Place, ...args: string[]): Promise<{ report: Report }> {
	const { values } = parseArgs({ args, options: { task: { type: 'string' }, timeout: { type: 'string' } } });
	const session = await openSession(name, { env });
	const { hosts, namespaces } = session;
	const lab = await loadLab(session.lab, { hosts, namespaces });
	const timeout = Number(values.timeout ?? 30) * 1000;
	const { report } = await gradeLab({ lab, session, task: values.task, timeout, clock: systemClock, signal });
	keepStream(['grade', ...args], JSON.stringify(report));
	return { report };
}

/** As `up LAB --reset`. */
export async function resetHere({ name, env }: Place, id: string): Promise<void> {
	const lab = await loadLab(id);
	const parts = await openParts(name, lab, { provider: 'embedded' }, { env, signal });
	await bringUp({ ...parts, lab, credentials: 'lab', isReset: true, progress: silentProgress, signal });
}
