/** What a lifecycle hook would come to (pkg/kubelet/lifecycle/handlers.go): nobody listens on any port. */

import type { Handler } from '../pod.ts';
import { foreseeProbe } from './foresee-probe.ts';
import { type Container, nameInMessages, type Pod } from './pod.ts';
import type { PulledImage } from './puller.ts';
import { describeExecRefusal, foreseeExec } from './run.ts';

export interface HookOutcome {
	/** Milliseconds; infinite: it does not end by itself. */
	after: number;
	/** The kubelet's message; null: it succeeds. */
	failure: string | null;
}

export function foreseeHook(
	hook: Handler,
	{ pod, container, image, podIP }: { pod: Pod; container: Container; image: PulledImage; podIP: string },
): HookOutcome {
	const whose = `for Container "${container.name}" in Pod "${nameInMessages(pod)}" failed - error:`;
	if (hook.sleep) return { after: (hook.sleep.seconds ?? 0) * 1000, failure: null };
	if (hook.httpGet) {
		const { message } = foreseeProbe({ httpGet: hook.httpGet }, container, image, podIP);
		return { after: 0, failure: `HTTP lifecycle hook (${hook.httpGet.path ?? '/'}) ${whose} ${message}` };
	}
	if (!hook.exec) return { after: 0, failure: 'Cannot run handler: invalid handler' };
	const { command = [] } = hook.exec;
	const outcome = foreseeExec(command, container, image);
	const fail = (error: string) => `Exec lifecycle hook ([${command.join(' ')}]) ${whose} ${error}, message: ""`;
	if ('refusal' in outcome) return { after: 0, failure: fail(describeExecRefusal(outcome.refusal)) };
	const { after, exitCode } = outcome;
	if (after === null) return { after: Number.POSITIVE_INFINITY, failure: null };
	return { after, failure: exitCode === 0 ? null : fail(`command '${command.join(' ')}' exited with ${exitCode}: `) };
}
