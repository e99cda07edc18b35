/** Defaults of what makes Pods (pkg/apis/apps/v1 and batch/v1 defaults.go). */

import { type Defaulting, type Struct, setAbsent } from './struct.ts';

export const workloadDefaults: Readonly<Record<string, Defaulting>> = {
	Deployment: fillDeployment,
	ReplicaSet: ({ spec }) => setAbsent(spec, { replicas: 1 }),
	ReplicationController: fillReplicationController,
	StatefulSet: fillStatefulSet,
	DaemonSet: fillDaemonSet,
	Job: fillJob,
	CronJob: ({ spec }) =>
		setAbsent(spec, {
			concurrencyPolicy: 'Allow',
			suspend: false,
			successfulJobsHistoryLimit: 3,
			failedJobsHistoryLimit: 1,
		}),
	PodFailurePolicyOnPodConditionsPattern: (pattern) => setAbsent(pattern, { status: 'True' }),
	HorizontalPodAutoscaler: ({ spec }) => setAbsent(spec, { minReplicas: 1, metrics: [fullCpu()] }),
};

function fullCpu(): Struct {
	const target = { type: 'Utilization', averageUtilization: 80 };
	return { type: 'Resource', resource: { name: 'cpu', target } };
}

function fillDeployment({ spec }: Struct): void {
	setAbsent(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
	setAbsent(spec.strategy, { type: 'RollingUpdate' });
	if (spec.strategy.type !== 'RollingUpdate') return;
	setAbsent(spec.strategy, { rollingUpdate: {} });
	setAbsent(spec.strategy.rollingUpdate, { maxUnavailable: '25%', maxSurge: '25%' });
}

function fillReplicationController({ metadata, spec }: Struct): void {
	const labels = spec.template?.metadata?.labels;
	if (labels === undefined) return;
	setAbsent(spec, { selector: { ...labels } });
	setAbsent(metadata, { labels: { ...labels } });
}

function fillStatefulSet({ spec }: Struct): void {
	const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
	for (const template of spec.volumeClaimTemplates ?? []) setAbsent(template, claim);
	setAbsent(spec, { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 });
	const strategy = spec.updateStrategy;
	if (strategy.type === undefined) setAbsent(strategy, { type: 'RollingUpdate', rollingUpdate: {} });
	if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) setAbsent(strategy.rollingUpdate, { partition: 0 });
	setAbsent(spec, { persistentVolumeClaimRetentionPolicy: {} });
	setAbsent(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' });
}

function fillDaemonSet({ metadata, spec }: Struct): void {
	setAbsent(metadata, { annotations: {} });
	setAbsent(metadata.annotations, { 'deprecated.daemonset.template.generation': '1' });
	setAbsent(spec, { revisionHistoryLimit: 10 });
	const strategy = spec.updateStrategy;
	setAbsent(strategy, { type: 'RollingUpdate' });
	if (strategy.type !== 'RollingUpdate') return;
	setAbsent(strategy, { rollingUpdate: {} });
	setAbsent(strategy.rollingUpdate, { maxUnavailable: 1, maxSurge: 0 });
}

function fillJob({ metadata, spec }: Struct): void {
	if (spec.parallelism === undefined) setAbsent(spec, { completions: 1 });
	setAbsent(spec, {
		parallelism: 1,
		backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2147483647,
		completionMode: 'NonIndexed',
		suspend: false,
		podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
		manualSelector: false,
	});
	const labels = spec.template.metadata?.labels;
	if (labels !== undefined) setAbsent(metadata, { labels: { ...labels } });
}
