/** Whether a pull proves anything here: Pods without credentials must be refused on every node. */

import type { JudgeContext } from '../model/check.ts';
import type { ControlFacts, ControlPod } from '../model/evidence.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { mayUseCache } from '../pull/control.ts';
import { mendEnvironment } from './kubectl.ts';

/** Null: every control is refused for want of credentials. */
export function diagnoseControls(controls: ControlFacts | null, context: JudgeContext): Diagnosis | null {
	const pods = (controls?.pods ?? []).filter((pod) => !mayUseCache(pod.policy, context.kubernetesVersion));
	if (pods.length === 0) return describe('NotObserved', 'There is no Pod without credentials to compare with.', '');
	for (const pod of pods) {
		const diagnosis = diagnoseControl(pod);
		if (diagnosis !== null) return diagnosis;
	}
	return null;
}

function diagnoseControl(pod: ControlPod): Diagnosis | null {
	const what = `The ${pod.policy} Pod without credentials on node ${pod.node}`;
	switch (pod.result) {
		case 'refused':
			return null;
		case 'runs':
			return describe('ControlNotRefused', `${what} runs, so a pull proves nothing here.`, pod.message);
		case 'pending':
			return describe('PodStarting', `${what} has not been tried yet.`, pod.message);
		case 'absent':
			return describe('NotObserved', `${what} is not there.`, pod.message);
		case 'broken':
			return describe('NotObserved', `${what} is refused for another cause than its lack of credentials.`, pod.message);
	}
}

function describe(
	reason: 'ControlNotRefused' | 'PodStarting' | 'NotObserved',
	message: string,
	actual: string,
): Diagnosis {
	return {
		reason,
		message,
		expected: 'refused: no credentials',
		...(actual !== '' && { actual }),
		remedy:
			reason === 'ControlNotRefused'
				? 'The image came to the node by another way than a pull, or the node holds credentials of its own, or the registry is open. A clean start takes the image from nodes that up made:\nkubeproctor up --reset'
				: mendEnvironment,
		isError: true,
	};
}
