/** The end of `up`: writes down, on the cluster and here, that this environment was complete once. */

import type { EnvironmentRecord, RegistryRecord } from '../../model/environment.ts';
import { completionName, environmentLabel } from '../../model/identity.ts';
import type { PushedImage } from '../../model/registry.ts';
import { Applier } from '../apply.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { PreparedCluster } from './prepare-cluster.ts';

export async function markComplete(
	request: UpRequest,
	begun: EnvironmentRecord,
	cluster: PreparedCluster,
	registries: RegistryRecord[],
	images: PushedImage[],
	step: Step,
): Promise<EnvironmentRecord> {
	const record: EnvironmentRecord = {
		...begun,
		context: cluster.access.context,
		registries,
		images,
		completedAt: begun.completedAt ?? new Date().toISOString(),
		isResetting: false,
	};
	const { name, label, lab, createdAt } = record;
	await new Applier(cluster.client, step.signal).apply({
		apiVersion: 'v1',
		kind: 'ConfigMap',
		metadata: { name: completionName, namespace: record.controlNamespace, labels: { [environmentLabel]: label } },
		data: {
			name,
			label,
			lab,
			createdAt,
			registries: JSON.stringify(registries.map(({ host, endpoint, username }) => ({ host, endpoint, username }))),
			images: JSON.stringify(images),
		},
	});
	await request.state.writeRecord(record);
	cluster.client.close();
	return record;
}
