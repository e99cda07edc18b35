/** Jobs and CronJobs (kubernetes pkg/apis/batch/validation). */

import { parseSchedule } from '../cron.ts';
import { type LabelSelector, selects } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import type { PodSpec, PodTemplate } from '../pod.ts';
import { isEqual } from './equality.ts';
import { type FieldError, invalid, required, showMap, unsupported } from './field-error.ts';
import { checkDnsLabel } from './formats.ts';
import { toGoTemplate } from './go-dump.ts';
import { validateFailurePolicy, validateSuccessPolicy } from './job-policy.ts';
import { showSelector, validateLabelSelector } from './labels.ts';
import { validateNonNegative } from './number.ts';
import { validateImmutable } from './object-meta.ts';
import { isSoundSelector, validatePodTemplate } from './pod-template.ts';

export interface JobSpec {
	parallelism?: number;
	completions?: number;
	activeDeadlineSeconds?: number;
	backoffLimit?: number;
	ttlSecondsAfterFinished?: number;
	backoffLimitPerIndex?: number;
	maxFailedIndexes?: number;
	completionMode?: string;
	podReplacementPolicy?: string;
	podFailurePolicy?: { rules?: FailureRule[] };
	successPolicy?: { rules?: { succeededIndexes?: string; succeededCount?: number }[] };
	managedBy?: string;
	selector?: LabelSelector;
	manualSelector?: boolean;
	suspend?: boolean;
	template?: PodTemplate;
}

export interface FailureRule {
	action?: string;
	onExitCodes?: { containerName?: string; operator?: string; values?: number[] };
	onPodConditions?: { type?: string; status?: string }[];
}

export interface Job extends KubeObject {
	spec?: JobSpec;
}

export interface CronJob extends KubeObject {
	spec?: {
		schedule?: string;
		timeZone?: string;
		startingDeadlineSeconds?: number;
		concurrencyPolicy?: string;
		successfulJobsHistoryLimit?: number;
		failedJobsHistoryLimit?: number;
		jobTemplate?: { spec?: JobSpec };
	};
}

const counts = [
	'parallelism',
	'completions',
	'activeDeadlineSeconds',
	'backoffLimit',
	'ttlSecondsAfterFinished',
	'backoffLimitPerIndex',
	'maxFailedIndexes',
] as const;

/** A Job without labels shows those that were made for its template, and only after it was validated. */
export function hideSharedLabels(object: KubeObject): KubeObject {
	const { labels, ...metadata } = object.metadata;
	const isGenerated = Object.keys(labels ?? {}).every((name) => generatedLabels.includes(name));
	return isGenerated ? { ...object, metadata } : object;
}

const generatedLabels = [
	'controller-uid',
	'job-name',
	'batch.kubernetes.io/controller-uid',
	'batch.kubernetes.io/job-name',
];

/** Of a new Job: that its selector was made for it, and that its Pods can be named after it. */
export function* validateJobNames(job: Job): Generator<FieldError> {
	yield* validateGeneratedSelector(job);
	const { completionMode, completions = 0 } = job.spec ?? {};
	if (completionMode !== 'Indexed' || completions <= 0) return;
	const hostname = `${job.metadata.name}-${completions - 1}`;
	if (checkDnsLabel(hostname).length > 0)
		yield invalid(
			'metadata.name',
			job.metadata.name,
			`will not able to create pod with invalid DNS label: ${hostname}`,
		);
}

export function* validateJob({ spec = {} }: Job): Generator<FieldError> {
	yield* validateJobSpec(spec, 'spec');
	if (!spec.selector) yield required('spec.selector');
	yield* validateLabelSelector(spec.selector, 'spec.selector');
	const labels = spec.template?.metadata?.labels;
	if (isSoundSelector(spec.selector) && !selects(spec.selector, labels))
		yield invalid('spec.template.metadata.labels', showMap(labels), '`selector` does not match template `labels`');
}

function* validateGeneratedSelector({ metadata, spec = {} }: Job): Generator<FieldError> {
	if (spec.manualSelector || !spec.selector) return;
	const labels = spec.template?.metadata?.labels ?? {};
	const expected: Record<string, string> = {
		'controller-uid': metadata.uid ?? '',
		'job-name': metadata.name,
		'batch.kubernetes.io/controller-uid': metadata.uid ?? '',
		'batch.kubernetes.io/job-name': metadata.name,
	};
	for (const [name, value] of Object.entries(expected)) {
		const field = `spec.template.metadata.labels[${name}]`;
		if (labels[name] === undefined) yield required(field, `must be '${value}'`);
		else if (labels[name] !== value) yield invalid(field, showMap(labels), `must be '${value}'`);
	}
	if (isSoundSelector(spec.selector) && !selects(spec.selector, expected))
		yield invalid('spec.selector', showSelector(spec.selector), '`selector` not auto-generated');
}

function* validateJobSpec(spec: JobSpec, path: string): Generator<FieldError> {
	for (const name of counts) yield* validateNonNegative(spec[name], `${path}.${name}`);
	if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
		yield required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified');
	yield* validateCompletionMode(spec, path);
	if (spec.podFailurePolicy) yield* validateFailurePolicy(spec, `${path}.podFailurePolicy`);
	if (spec.successPolicy) yield* validateSuccessPolicy(spec, `${path}.successPolicy`);
	const replacement = spec.podReplacementPolicy;
	const replacements = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
	if (replacement !== undefined && !replacements.includes(replacement))
		yield unsupported(`${path}.podReplacementPolicy`, replacement, replacements);
	yield* validatePodTemplate(spec.template ?? {}, `${path}.template`);
	yield* validateRestartPolicy(spec, `${path}.template.spec.restartPolicy`);
}

function* validateCompletionMode(spec: JobSpec, path: string): Generator<FieldError> {
	const {
		completionMode: mode = 'NonIndexed',
		completions,
		parallelism,
		maxFailedIndexes,
		backoffLimitPerIndex,
	} = spec;
	if (mode !== 'NonIndexed' && mode !== 'Indexed')
		yield unsupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']);
	if (mode === 'Indexed') {
		if (completions === undefined) yield required(`${path}.completions`, 'when completion mode is Indexed');
		if (parallelism !== undefined && parallelism > 100000)
			yield invalid(
				`${path}.parallelism`,
				parallelism,
				'must be less than or equal to 100000 when completion mode is Indexed',
			);
		if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
			yield invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions');
	}
	if (mode !== 'NonIndexed') return;
	if (backoffLimitPerIndex !== undefined)
		yield invalid(`${path}.backoffLimitPerIndex`, backoffLimitPerIndex, 'requires indexed completion mode');
	if (maxFailedIndexes !== undefined)
		yield invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, 'requires indexed completion mode');
}

function* validateRestartPolicy(spec: JobSpec, path: string): Generator<FieldError> {
	const policy = spec.template?.spec?.restartPolicy;
	if (!policy || policy === 'Always') yield required(path, 'valid values: "OnFailure", "Never"');
	else if (policy !== 'OnFailure' && policy !== 'Never') yield unsupported(path, policy, ['OnFailure', 'Never']);
	else if (spec.podFailurePolicy && policy !== 'Never')
		yield invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified');
}

export function* validateJobChange({ spec = {} }: Job, { spec: old = {} }: Job): Generator<FieldError> {
	yield* validateCompletionsChange(spec, old);
	yield* validateImmutable(spec.selector, old.selector, 'spec.selector');
	yield* validateTemplateChange(spec, old);
	for (const name of [
		'completionMode',
		'podFailurePolicy',
		'backoffLimitPerIndex',
		'managedBy',
		'successPolicy',
	] as const)
		yield* validateImmutable(spec[name], old[name], `spec.${name}`);
}

function* validateCompletionsChange(spec: JobSpec, old: JobSpec): Generator<FieldError> {
	if (spec.completionMode !== 'Indexed')
		return yield* validateImmutable(spec.completions, old.completions, 'spec.completions');
	if (isEqual(spec.completions, old.completions) || spec.completions === undefined) return;
	if (spec.completions !== spec.parallelism)
		yield invalid('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism');
}

/** Of a Job that is suspended and has not started, where its Pods run may still change. */
function* validateTemplateChange(spec: JobSpec, old: JobSpec): Generator<FieldError> {
	const isFree = old.suspend ?? false;
	const before = isFree ? borrowScheduling(spec.template, old.template) : old.template;
	if (!isEqual(spec.template, before))
		yield invalid('spec.template', toGoTemplate(spec.template ?? {}), 'field is immutable');
}

function borrowScheduling(now: PodTemplate = {}, old: PodTemplate = {}): PodTemplate {
	const from: Partial<PodSpec> = now.spec ?? {};
	const {
		nodeSelector: _selector,
		tolerations: _tolerations,
		schedulingGates: _gates,
		affinity: _affinity,
		...rest
	} = old.spec ?? { containers: [] };
	return {
		...old,
		...(now.metadata && { metadata: now.metadata }),
		spec: {
			...rest,
			...(from.nodeSelector && { nodeSelector: from.nodeSelector }),
			...(from.tolerations && { tolerations: from.tolerations }),
			...(from.schedulingGates && { schedulingGates: from.schedulingGates }),
			...(from.affinity && { affinity: from.affinity }),
		},
	};
}

export function* validateNewCronJob({ metadata: { name } }: CronJob): Generator<FieldError> {
	if (name.length > 52) yield invalid('metadata.name', name, 'must be no more than 52 characters');
}

export function* validateCronJob({ spec = {} }: CronJob): Generator<FieldError> {
	yield* validateSchedule(spec.schedule, 'spec.schedule');
	yield* validateNonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds');
	yield* validateTimeZone(spec.timeZone, 'spec.timeZone');
	const policies = ['Allow', 'Forbid', 'Replace'];
	const policy = spec.concurrencyPolicy;
	if (!policy) yield required('spec.concurrencyPolicy');
	else if (!policies.includes(policy)) yield unsupported('spec.concurrencyPolicy', policy, policies);
	const jobSpec = spec.jobTemplate?.spec ?? {};
	yield* validateJobSpec(jobSpec, 'spec.jobTemplate.spec');
	if (jobSpec.selector)
		yield invalid('spec.jobTemplate.spec.selector', jobSpec.selector, '`selector` will be auto-generated');
	if (jobSpec.manualSelector) yield unsupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']);
	yield* validateNonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit');
	yield* validateNonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit');
}

function* validateSchedule(schedule: string | undefined, path: string): Generator<FieldError> {
	if (!schedule) return yield required(path);
	const parsed = parseSchedule(schedule);
	if (typeof parsed === 'string') yield invalid(path, schedule, parsed);
	if (schedule.includes('TZ'))
		yield invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
}

function* validateTimeZone(zone: string | undefined, path: string): Generator<FieldError> {
	if (zone === undefined) return;
	if (zone === '') return yield invalid(path, zone, 'timeZone must be nil or non-empty string');
	const isName = zone.split('/').every((part) => /^(?!-|\.\.?$)[A-Za-z._\-0-9+]{1,14}$/.test(part));
	if (!isName) return yield invalid(path, zone, `unknown time zone ${zone}`);
	if (/^local$/i.test(zone))
		yield invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
	if (zone !== 'Local' && !isTimeZone(zone)) yield invalid(path, zone, `unknown time zone ${zone}`);
}

function isTimeZone(zone: string): boolean {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
	} catch {
		return false;
	}
}
