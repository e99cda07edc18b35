/** A Job selects its own Pods, by a label that carries its uid (kubernetes pkg/registry/batch/job/strategy.go). */

import type { KubeObject } from '../object.ts';
import { isEqual } from '../validation/equality.ts';
import type { JobSpec } from '../validation/job.ts';

export function prepareJob(object: KubeObject): KubeObject {
	const spec = (object['spec'] ?? {}) as JobSpec;
	if (spec.manualSelector) return { ...object, status: {} };
	const { name, uid = '' } = object.metadata;
	const labels = {
		'batch.kubernetes.io/controller-uid': uid,
		'batch.kubernetes.io/job-name': name,
		'controller-uid': uid,
		'job-name': name,
		...spec.template?.metadata?.labels,
	};
	const selector = {
		...spec.selector,
		matchLabels: { 'batch.kubernetes.io/controller-uid': uid, ...spec.selector?.matchLabels },
	};
	const template = { ...spec.template, metadata: { ...spec.template?.metadata, labels } };
	const shared = isEqual(object.metadata.labels, spec.template?.metadata?.labels) ? labels : object.metadata.labels;
	const metadata = { ...object.metadata, ...(shared && { labels: shared }) };
	return { ...object, metadata, spec: { ...spec, selector, template }, status: {} };
}
