/** Why a workload has not the Pods that it should have; what is wrong with one of them is for others to tell. */

import { findClosest } from '../model/closest.ts';
import type { WorkloadFacts } from '../model/evidence.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { inNamespace } from './kubectl.ts';
import { diagnoseAbsentNamespace } from './secret.ts';

/** Null: it is there, and nothing keeps it from making its Pods. */
export function diagnoseWorkload(namespace: string, facts: WorkloadFacts): Diagnosis | null {
	if (facts.isNamespaceAbsent) return diagnoseAbsentNamespace(namespace);
	const { workload } = facts;
	const where = `${workload} in namespace ${namespace}`;
	if (!facts.exists) {
		const closest = findClosest(nameOf(workload), facts.siblings);
		return {
			reason: 'PodMissing',
			message: `There is no ${where}${closest === null ? '' : `, but there is ${closest}`}.`,
			expected: `${namespace}/${nameOf(workload)}`,
			...(closest !== null && { actual: `${namespace}/${closest}` }),
			remedy: `Create it; this shows what is there:\nkubectl${inNamespace(namespace)} get ${kindOf(workload)}s`,
		};
	}
	if (facts.refusal !== null) {
		return {
			reason: 'PodRefused',
			message: `${workload} cannot make its Pods: the API server refuses them.`,
			actual: facts.refusal,
			remedy: `Mend what the refusal names; the workload tries again by itself.\nkubectl${inNamespace(namespace)} describe ${workload}`,
		};
	}
	if (facts.idle !== null && facts.pods.length === 0) {
		return {
			reason: 'PodMissing',
			message: `${where} makes no Pods: ${facts.idle}.`,
			expected: 'a Pod',
			actual: facts.idle,
			remedy: letGo(namespace, facts),
		};
	}
	return null;
}

/** Whether the Pods that are there are of another template, and nobody waits for what becomes of them. */
export function areOfNoAccount({ workload, isObserved, generation, idle }: WorkloadFacts): boolean {
	// A StatefulSet waits for ever for a Pod of its that is wrong; a Deployment makes others beside it.
	return !isObserved || (generation === 'old' && (idle !== null || kindOf(workload) === 'deployment'));
}

/** It leaves Pods of the template before as they are; a workload that is paused still makes what it lacks of the present one. */
function isHeld({ idle }: WorkloadFacts): boolean {
	return idle?.startsWith('updateStrategy: ') ?? false;
}

function letGo(namespace: string, facts: WorkloadFacts): string {
	const { workload, idle } = facts;
	const kubectl = `kubectl${inNamespace(namespace)}`;
	if (/^(Complete|Failed)\b/.test(idle ?? ''))
		return `It makes none any more; make it anew:\n${kubectl} replace --force -f ${nameOf(workload)}.yaml`;
	if (isHeld(facts)) {
		return idle?.endsWith('OnDelete')
			? `Delete those of the template before, and it makes others${nameOld(facts, kubectl)}`
			: `Let it replace those of the template before:\n${kubectl} patch ${workload} -p '{"spec": {"updateStrategy": {"rollingUpdate": {"partition": 0}}}}'`;
	}
	return idle === 'paused: true'
		? `Let it go on:\n${kubectl} rollout resume ${workload}`
		: `Let it have one.\n${kubectl} describe ${workload}`;
}

/** Of those of the present template it is known what they are called, not of the others beside them. */
function nameOld({ generation, pods }: WorkloadFacts, kubectl: string): string {
	if (generation === 'present') return `; this shows which:\n${kubectl} get pods -L controller-revision-hash`;
	return `:\n${kubectl} delete pod ${pods.flatMap(({ pod }) => pod?.name ?? []).join(' ')}`;
}

/** What is still on its way, once no Pod that is there is wrong; null: nothing. */
export function diagnoseRollout(namespace: string, facts: WorkloadFacts): Diagnosis | null {
	const { workload, pods, desired } = facts;
	if (pods.length === 0 && kindOf(workload) === 'cronjob') {
		const isChanged = facts.generation === 'old';
		return {
			reason: 'PodMissing',
			message: isChanged
				? `${workload} in namespace ${namespace} has not run since its template was changed.`
				: `${workload} in namespace ${namespace} has no Pod yet: its time has not come.`,
			expected: isChanged ? 'a Pod of the present template' : 'a Pod',
			remedy: `Run it now:\nkubectl${inNamespace(namespace)} create job ${nameOf(workload)}-now --from=${workload}`,
		};
	}
	if (facts.generation === 'old' && facts.isObserved && facts.idle !== null) {
		return {
			reason: 'PodMissing',
			message: `${workload} in namespace ${namespace} makes no Pods of its present template: ${facts.idle}.`,
			expected: 'a Pod of the present template',
			actual: facts.idle,
			remedy: letGo(namespace, facts),
		};
	}
	if (facts.generation === 'old')
		return describeStarting(namespace, workload, 'has no Pods of its present template yet');
	if (!facts.isObserved) return describeStarting(namespace, workload, 'has not been seen by its controller yet');
	const wanted = desired ?? 1;
	if (pods.length >= wanted) return null;
	if (isHeld(facts)) {
		return {
			reason: 'PodMissing',
			message: `${workload} in namespace ${namespace} makes only ${pods.length} of ${wanted} Pods of its present template: ${facts.idle}.`,
			expected: `${wanted} Pods of the present template`,
			actual: facts.idle ?? '',
			remedy: letGo(namespace, facts),
		};
	}
	return describeStarting(namespace, workload, `has ${pods.length} of ${wanted} Pods yet`);
}

function describeStarting(namespace: string, workload: string, what: string): Diagnosis {
	return {
		reason: 'PodStarting',
		message: `${workload} in namespace ${namespace} ${what}.`,
		remedy: `Wait a moment and grade again; --timeout waits longer.\nkubectl${inNamespace(namespace)} describe ${workload}`,
	};
}

function kindOf(workload: string): string {
	return workload.split('/')[0] ?? '';
}

function nameOf(workload: string): string {
	return workload.split('/')[1] ?? '';
}
