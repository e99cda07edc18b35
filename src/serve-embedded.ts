/** What `up --provider embedded` starts and leaves running: a program of its own, since the command line would take longer to load. */

import packageJson from '../package.json' with { type: 'json' };
import { startDaemon } from './emulator/daemon/index.ts';
import type { EmbeddedPlan } from './model/embedded.ts';
import { exitCodes, LabError, UsageError } from './model/error.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort());
process.on('uncaughtException', fail);
serve().then(() => process.exit(exitCodes.ok), fail);

/** The plan comes from whoever started us, who is answered once; then we live on without them. */
async function serve(): Promise<void> {
	try {
		const daemon = await startDaemon(await receivePlan());
		if (process.connected) process.send?.({ endpoints: daemon.endpoints });
		await daemon.awaitEnd(stop.signal);
		await daemon.stop();
	} catch (error) {
		if (!(error instanceof LabError) || !process.connected) throw error;
		const { code, message, remedy } = error;
		await new Promise((resolve) => process.send?.({ problem: { code, message, remedy } }, resolve));
	}
}

function receivePlan(): Promise<EmbeddedPlan> {
	return new Promise((resolve, reject) => {
		process.once('message', (plan) => resolve(plan as EmbeddedPlan));
		if (process.connected) process.once('disconnect', () => reject(noPlan()));
		else reject(noPlan());
	});
}

function noPlan(): UsageError {
	return new UsageError('This is started by kubeproctor up.', 'kubeproctor up --provider embedded');
}

/** Whoever started us shows the end of what is written here. */
async function fail(thrown: unknown): Promise<void> {
	const { describeFailure } = await import('./terminal/failure.ts');
	const program = `kubeproctor ${packageJson.version}`;
	const { text, exitCode } = describeFailure(thrown, null, { isColoured: false, width: null, program });
	process.stderr.write(`${text}\n`, () => process.exit(exitCode));
}
