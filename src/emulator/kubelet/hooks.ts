/** Runs the lifecycle hooks of a Pod's containers: after they have started, and before they are stopped. */

import type { EventRecorder } from '../controllers/event-recorder.ts';
import { foreseeHook, type HookOutcome } from './foresee-hook.ts';
import type { NamedTimers } from './named-timers.ts';
import { type Container, nameField, type Pod } from './pod.ts';
import type { PodRuntime, RuntimeContainer } from './pod-runtime.ts';

export interface HooksOptions {
	runtime: PodRuntime;
	timers: NamedTimers;
	recorder: EventRecorder;
	getPod(): Pod;
}

export interface Hooks {
	/** Why it failed, once it has ended or `interrupt` was called; null: it did not. */
	postStart(container: Container, running: RuntimeContainer): Promise<string | null>;
	/** The Pod is to go: nobody waits for a hook any more that was to follow a start. */
	interrupt(): void;
	/** Milliseconds until all that `running` have to run before they stop is over, or `grace` is. */
	preStop(running: readonly { name: string; container: RuntimeContainer }[], grace: number): number;
}

export function createHooks({ runtime, timers, recorder, getPod }: HooksOptions): Hooks {
	let interrupt = () => {};

	function foresee(kind: 'postStart' | 'preStop', container: Container, { image }: RuntimeContainer): HookOutcome {
		const hook = container.lifecycle?.[kind];
		return hook
			? foreseeHook(hook, { pod: getPod(), container, image, podIP: runtime.ip ?? '' })
			: { after: 0, failure: null };
	}

	return {
		async postStart(container, running) {
			const { after, failure } = foresee('postStart', container, running);
			if (after === 0) return failure;
			const isOver = await new Promise<boolean>((resolve) => {
				interrupt = () => resolve(false);
				if (Number.isFinite(after)) timers.set('postStart', after, () => resolve(true));
			});
			return isOver ? failure : null;
		},
		interrupt: () => interrupt(),
		preStop(running, grace) {
			const pod = getPod();
			const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
			const waits = running.map(({ name, container: own }) => {
				const container = all.find((each) => each.name === name);
				if (container === undefined || grace === 0) return 0;
				const { after, failure } = foresee('preStop', container, own);
				const fail = () =>
					recorder.record(pod, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', nameField(pod, name));
				if (failure !== null && after === 0) fail();
				else if (failure !== null && after <= grace) timers.set(`preStop ${name}`, after, fail);
				return Math.min(after, grace);
			});
			return Math.max(0, ...waits);
		},
	};
}
