/** The step that makes the cluster, or brings the one that is there back to life. */

import { type KubeClient, openCluster } from '../../kube/client.ts';
import { systemClock } from '../../model/clock.ts';
import type { ClusterAccess } from '../../model/cluster.ts';
import { describeError, LabError } from '../../model/error.ts';
import { prepareControlNamespace } from '../control-namespace.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { Ground } from './look-around.ts';

export interface PreparedCluster {
	access: ClusterAccess;
	client: KubeClient;
	/** `1.35.4` */
	version: string;
}

/** Nothing of a learner's can be in a cluster that was never complete, so little time is lost by making it anew. */
const patience = { unfinished: 20_000, complete: 90_000 };

/** With the controls' namespace in it: the controls themselves wait for the images, and until then there is time. */
export async function prepareCluster(request: UpRequest, ground: Ground, step: Step): Promise<PreparedCluster> {
	const prepared = await findOrMake(request, ground, step);
	await prepareControlNamespace(request, ground.record.label, prepared.client, step.signal);
	return prepared;
}

async function findOrMake(request: UpRequest, ground: Ground, step: Step): Promise<PreparedCluster> {
	const { cluster, wasComplete } = ground;
	if (cluster.state === 'absent') return make(request, ground, step);
	// kind writes the kubeconfig last: without it, making the cluster was interrupted.
	const isTorso = wasComplete === false && (await request.state.read('kubeconfig')) === undefined;
	if (isTorso) return makeAnew(request, ground, step);
	try {
		const prepared = await connect(request, step, wasComplete === false ? patience.unfinished : patience.complete);
		step.skip(`Kubernetes ${prepared.version}, ${cluster.state === 'stopped' ? 'started again' : 'was there'}`);
		return prepared;
	} catch (error) {
		step.signal.throwIfAborted();
		if (wasComplete === false) return makeAnew(request, ground, step);
		throw unwell(request.name, error);
	}
}

async function make(request: UpRequest, ground: Ground, step: Step): Promise<PreparedCluster> {
	const { provider } = request;
	const { label } = ground.record;
	step.takeBack(`cluster ${request.name}`, (signal) => provider.remove(label, signal));
	await provider.create(label, step);
	const prepared = await connect(request, step, patience.complete);
	step.report(`Kubernetes ${prepared.version}`);
	return prepared;
}

async function makeAnew(request: UpRequest, ground: Ground, step: Step): Promise<PreparedCluster> {
	step.tell('removing what an interrupted run left');
	await request.provider.remove(ground.record.label, step.signal);
	return make(request, ground, step);
}

async function connect(request: UpRequest, step: Step, timeout: number): Promise<PreparedCluster> {
	const { signal } = step;
	const access = await request.provider.connect(signal);
	const client = await openCluster(access);
	const deadline = Date.now() + timeout;
	for (;;) {
		try {
			const version = (await client.get('/version', { signal })) as { gitVersion: string };
			await client.get('/readyz', { signal });
			return { access, client, version: version.gitVersion.replace(/^v/, '') };
		} catch (error) {
			signal.throwIfAborted();
			if (Date.now() > deadline) throw error;
		}
		step.tell('waiting for the API server');
		await systemClock.sleep(250, signal);
	}
}

function unwell(name: string, cause: unknown): LabError {
	return new LabError(
		{
			code: 'cluster-unwell',
			message: `Cluster ${name} is there but does not come to life: ${describeError(cause)}`,
			remedy:
				'Your work is in it, so it is left alone. To begin again without it: kubeproctor down, then kubeproctor up.',
		},
		{ cause },
	);
}
