/** Rows of what makes Pods. */

import { formatAge, formatDuration } from '../age.ts';
import { ageOf, containerCells, formatLabels, formatSelector, type Loose, type Printer } from './printer.ts';

export const scaleColumns = [
	{ name: 'Name', type: 'string', format: '', priority: 0 },
	{ name: 'Desired', type: 'integer', format: '', priority: 0 },
	{ name: 'Available', type: 'integer', format: '', priority: 0 },
	{ name: 'Age', type: 'string', format: '', priority: 0 },
];

export const workloadPrinters: Readonly<Record<string, Printer>> = {
	Scale: (object, now) => {
		const { metadata, spec = {}, status = {} } = object;
		return [metadata.name, spec.replicas ?? 0, status.replicas ?? 0, ageOf(object, now)];
	},
	Deployment: (object, now) => {
		const { metadata, spec, status = {} } = object;
		const selector = formatSelector(spec.selector);
		return [
			metadata.name,
			`${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
			status.updatedReplicas ?? 0,
			status.availableReplicas ?? 0,
			ageOf(object, now),
			...containerCells(spec.template.spec),
			selector === '<none>' ? '' : selector,
		];
	},
	ReplicaSet: (object, now) => printReplicas(object, now, formatSelector(object['spec'].selector)),
	ReplicationController: (object, now) => printReplicas(object, now, formatLabels(object['spec'].selector)),
	StatefulSet: (object, now) => {
		const { metadata, spec, status = {} } = object;
		const ready = `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`;
		return [metadata.name, ready, ageOf(object, now), ...containerCells(spec.template.spec)];
	},
	DaemonSet: (object, now) => {
		const { metadata, spec, status = {} } = object;
		return [
			metadata.name,
			status.desiredNumberScheduled ?? 0,
			status.currentNumberScheduled ?? 0,
			status.numberReady ?? 0,
			status.updatedNumberScheduled ?? 0,
			status.numberAvailable ?? 0,
			formatLabels(spec.template.spec.nodeSelector),
			ageOf(object, now),
			...containerCells(spec.template.spec),
			formatSelector(spec.selector),
		];
	},
	Job: printJob,
	CronJob: (object, now) => {
		const { metadata, spec, status = {} } = object;
		const job = spec.jobTemplate.spec;
		return [
			metadata.name,
			spec.schedule,
			spec.timeZone ?? '<none>',
			spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False',
			(status.active ?? []).length,
			status.lastScheduleTime ? formatAge(status.lastScheduleTime, now) : '<none>',
			ageOf(object, now),
			...containerCells(job.template.spec),
			formatSelector(job.selector),
		];
	},
	ControllerRevision: (object, now) => {
		const owner = ((object['metadata'].ownerReferences ?? []) as Loose[]).find(({ controller }) => controller);
		return [object['metadata'].name, owner ? describeOwner(owner) : '<none>', object['revision'], ageOf(object, now)];
	},
	HorizontalPodAutoscaler: (object, now) => {
		const { metadata, spec, status = {} } = object;
		const { kind, name } = spec.scaleTargetRef;
		const bounds = [String(spec.minReplicas ?? '<unset>'), spec.maxReplicas];
		const metrics = formatMetrics(spec.metrics ?? olderMetrics(spec));
		return [metadata.name, `${kind}/${name}`, metrics, ...bounds, status.currentReplicas ?? 0, ageOf(object, now)];
	},
	PodDisruptionBudget: (object, now) => {
		const { metadata, spec, status = {} } = object;
		const bounds = [String(spec.minAvailable ?? 'N/A'), String(spec.maxUnavailable ?? 'N/A')];
		return [metadata.name, ...bounds, status.disruptionsAllowed ?? 0, ageOf(object, now)];
	},
};

function printReplicas(object: Loose, now: Date, selector: string): unknown[] {
	const { metadata, spec, status = {} } = object;
	const counts = [spec.replicas ?? 0, status.replicas ?? 0, status.readyReplicas ?? 0];
	return [metadata.name, ...counts, ageOf(object, now), ...containerCells(spec.template?.spec), selector];
}

function printJob(object: Loose, now: Date): unknown[] {
	const { metadata, spec, status = {} } = object;
	const { startTime, completionTime } = status;
	const end = completionTime ? Date.parse(completionTime) : now.getTime();
	return [
		metadata.name,
		describeJob(object),
		countCompletions(spec, status.succeeded ?? 0),
		startTime ? formatDuration(end - Date.parse(startTime)) : '',
		ageOf(object, now),
		...containerCells(spec.template.spec),
		formatSelector(spec.selector),
	];
}

function countCompletions({ completions, parallelism = 0 }: Loose, succeeded: number): string {
	if (completions !== undefined) return `${succeeded}/${completions}`;
	return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function describeJob({ metadata, status = {} }: Loose): string {
	const has = (wanted: string) =>
		((status.conditions ?? []) as Loose[]).some(({ type, status: value }) => type === wanted && value === 'True');
	if (has('Complete')) return 'Complete';
	if (has('Failed')) return 'Failed';
	if (metadata.deletionTimestamp) return 'Terminating';
	return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function describeOwner({ apiVersion, kind, name }: Loose): string {
	const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
	return `${kind.toLowerCase()}${group}/${name}`;
}

/** Of autoscaling/v1. */
function olderMetrics({ targetCPUUtilizationPercentage: averageUtilization }: Loose): Loose[] {
	if (averageUtilization === undefined) return [];
	return [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization } } }];
}

/** Nothing measures here: what is measured is unknown. */
function formatMetrics(metrics: readonly Loose[]): string {
	if (metrics.length === 0) return '<none>';
	const texts = metrics.map((metric) => {
		const { name = '', target = {} } = metric['resource'] ?? {};
		const wanted =
			target.averageUtilization === undefined ? (target.averageValue ?? '<auto>') : `${target.averageUtilization}%`;
		return metric['type'] === 'Resource' ? `${name}: <unknown>/${wanted}` : `<unknown>/<auto>`;
	});
	return texts.length > 2 ? `${texts.slice(0, 2).join(', ')} + ${texts.length - 2} more...` : texts.join(', ');
}
