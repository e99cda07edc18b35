/** A Pod that runs an image which it pulled with credentials of its own, and through what it was given them. */

import * as z from 'zod';
import { diagnoseControls } from '../diagnosis/controls.ts';
import { type AskedPull, diagnoseEarned } from '../diagnosis/earned.ts';
import { diagnoseAbsentPod } from '../diagnosis/pod.ts';
import { noteCredentials } from '../diagnosis/proof.ts';
import type { CheckKind } from '../model/check.ts';
import type { ControlsQuery, PullLogQuery, PullQuery } from '../model/evidence.ts';
import { nameHost } from '../pull/image.ts';
import { askedPull, noLogNote, pullReasons } from './asked-pull.ts';

interface Params extends AskedPull {
	namespace: string;
	name: string;
}

export const pulledPod: CheckKind<Params, { pull: PullQuery; log: PullLogQuery; controls: ControlsQuery }> = {
	kind: 'pulled-pod',
	summary: 'A Pod runs an image that it pulled from a private registry with a Secret of its own.',
	params: z.strictObject({ namespace: z.string(), name: z.string(), ...askedPull }),
	reasons: pullReasons,
	needs: ({ namespace, name, image }) => ({
		pull: { kind: 'pull', namespace, pod: name },
		log: { kind: 'pull-log', registry: nameHost(image) },
		controls: { kind: 'controls' },
	}),
	judge(params, { pull, log, controls }, context) {
		if (pull === null) throw new Error('a pull always has facts');
		// That a Pod is not there is so, whatever the controls say.
		if (pull.pod === null) return diagnoseAbsentPod(pull, params);
		return diagnoseControls(controls, context) ?? diagnoseEarned(pull, pull.pod, log, params, context);
	},
	note: ({ image }, { pull, log }, context) => [
		...(log?.log === null ? [noLogNote] : []),
		...(pull === null ? [] : noteCredentials(pull, context.digests[image] ?? [], context)),
	],
};
