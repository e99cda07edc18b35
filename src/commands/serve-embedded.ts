/** `serve-embedded`: what `up --provider embedded` starts and leaves running; nobody else needs it. */

import type { EmbeddedPlan } from '../model/embedded.ts';
import { LabError, UsageError } from '../model/error.ts';
import type { Context, Register } from './command.ts';

export const register: Register = (program, wrap) => {
	program.command('serve-embedded', { hidden: true }).action(wrap(serveEmbedded));
};

/** The plan comes from whoever started us, who is answered once; then we live on without them. */
async function serveEmbedded({ signal }: Context): Promise<number> {
	const planned = receivePlan();
	const { startDaemon } = await import('../emulator/daemon/index.ts');
	const plan = await planned;
	try {
		const daemon = await startDaemon(plan);
		if (process.connected) process.send?.({ endpoints: daemon.endpoints });
		await daemon.awaitEnd(signal);
		await daemon.stop();
	} catch (error) {
		if (!(error instanceof LabError) || !process.connected) throw error;
		const { code, message, remedy } = error;
		process.send?.({ problem: { code, message, remedy } });
	}
	return 0;
}

function receivePlan(): Promise<EmbeddedPlan> {
	return new Promise((resolve, reject) => {
		process.once('message', (plan) => resolve(plan as EmbeddedPlan));
		if (process.connected) process.once('disconnect', () => reject(noPlan()));
		else reject(noPlan());
	});
}

function noPlan(): UsageError {
	return new UsageError('serve-embedded is started by kubeproctor up.', 'kubeproctor up --provider embedded');
}
