/** Templates of Pods, as workloads hold them. */

import { type LabelSelector, selects } from '../label-selection.ts';
import type { PodSpec, PodTemplate } from '../pod.ts';
import { type FieldError, forbidden, invalid, showMap, unsupported } from './field-error.ts';
import { isEmptySelector, validateLabelSelector, validateLabels } from './labels.ts';
import { validateAnnotations } from './object-meta.ts';
import { validatePodAnnotations } from './pod.ts';
import { validatePodSpec } from './pod-spec.ts';

const noSpec = { containers: [] };

export function* validatePodTemplate(template: PodTemplate, path: string): Generator<FieldError> {
	const { labels, annotations } = template.metadata ?? {};
	yield* validateLabels(labels, `${path}.labels`);
	yield* validateAnnotations(annotations, `${path}.annotations`);
	yield* validatePodAnnotations(annotations, template.spec ?? noSpec, `${path}.annotations`);
	yield* validatePodSpec(template.spec ?? noSpec, `${path}.spec`, null);
	if (template.spec?.ephemeralContainers?.length)
		yield forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template');
}

/** Whether a workload's selector finds the Pods made from its template. Absent, it finds none. */
export function* validateSelectorMatches(
	selector: LabelSelector | undefined,
	template: PodTemplate,
	path: string,
): Generator<FieldError> {
	const labels = template.metadata?.labels;
	if (selector && isEmptySelector(selector)) return;
	if (!selects(selector, labels)) yield invalid(path, showMap(labels), '`selector` does not match template `labels`');
}

export function isSoundSelector(selector: LabelSelector | undefined): boolean {
	return [...validateLabelSelector(selector, '')].length === 0;
}

/** Pods that are always kept running. */
export function* validateKeptRunning(template: PodTemplate, path: string, owner: string): Generator<FieldError> {
	const { restartPolicy, activeDeadlineSeconds }: Partial<PodSpec> = template.spec ?? noSpec;
	if (restartPolicy !== 'Always') yield unsupported(`${path}.spec.restartPolicy`, restartPolicy, ['Always']);
	if (activeDeadlineSeconds !== undefined)
		yield forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${owner} is not Supported`);
}
