/** A workload all of whose present Pods run an image that they pulled with credentials of their own. */

import * as z from 'zod';
import { diagnoseControls } from '../diagnosis/controls.ts';
import { type AskedPull, diagnoseEarned } from '../diagnosis/earned.ts';
import { noteCredentials } from '../diagnosis/proof.ts';
import { areOfNoAccount, diagnoseRollout, diagnoseWorkload } from '../diagnosis/workload.ts';
import type { CheckKind } from '../model/check.ts';
import type { ControlsQuery, PullLogQuery, WorkloadQuery } from '../model/evidence.ts';
import { passingReasons } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { nameHost } from '../pull/image.ts';
import { askedPull, noLogNote, pullReasons } from './asked-pull.ts';

interface Params extends AskedPull {
	namespace: string;
	workload: string;
}

const workloadName = /^(deployment|replicaset|statefulset|daemonset|job|cronjob)\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

export const pulledWorkload: CheckKind<
	Params,
	{ workload: WorkloadQuery; log: PullLogQuery; controls: ControlsQuery }
> = {
	kind: 'pulled-workload',
	summary:
		'The Pods that a Deployment, ReplicaSet, StatefulSet, DaemonSet, Job or CronJob makes now run an image that they pulled from a private registry with a Secret of their own.',
	params: z.strictObject({
		namespace: z.string(),
		workload: z.string().regex(workloadName, 'must be kind/name, the kind in lower case: deployment/api'),
		...askedPull,
	}),
	reasons: pullReasons,
	needs: ({ namespace, workload, image }) => ({
		workload: { kind: 'workload', namespace, workload },
		log: { kind: 'pull-log', registry: nameHost(image) },
		controls: { kind: 'controls' },
	}),
	judge(params, { workload, log, controls }, context) {
		if (workload === null) throw new Error('a workload always has facts');
		const absent = diagnoseWorkload(params.namespace, workload);
		if (absent !== null) return absent;
		if (areOfNoAccount(workload)) return diagnoseRollout(params.namespace, workload);
		const untold = workload.pods.length > 0 ? diagnoseControls(controls, context) : null;
		if (untold !== null) return untold;
		const found = workload.pods.flatMap((pull) => {
			const diagnosis = pull.pod === null ? null : diagnoseEarned(pull, pull.pod, log, params, context);
			return diagnosis === null ? [] : [diagnosis];
		});
		return chooseWorst(found) ?? diagnoseRollout(params.namespace, workload);
	},
	note: ({ image }, { workload, log }, context) => [
		...(log?.log === null ? [noLogNote] : []),
		...(workload?.pods ?? []).flatMap((pull) => noteCredentials(pull, context.digests[image] ?? [], context)),
	],
};

/** A Pod that is wrong before one of which it is not known yet. */
function chooseWorst(found: readonly Diagnosis[]): Diagnosis | undefined {
	return found.find(({ reason }) => !passingReasons.has(reason)) ?? found[0];
}
