/** The step that proves that pulls here prove something: Pods without credentials must be refused. */

import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/kube-error.ts';
import { systemClock } from '../../model/clock.ts';
import { LabError } from '../../model/error.ts';
import type { KubeObject } from '../apply.ts';
import { type ControlVerdict, describeControls, judgeControls } from '../control-pods.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { Ground } from './look-around.ts';
import type { PreparedCluster } from './prepare-cluster.ts';

/** A node that has just come up may need its network first, and the kubelet tries a failed pull again after 10 seconds. */
const patience = 120_000;
/** A wrong cause may be a passing one; this long it may last. */
const graceForOtherCauses = 25_000;
/** A node that has the answer at once is not kept waiting, and one that takes its time is not asked all the time. */
const pollIntervals = { soon: 10, later: 100 };
const soon = 1_000;

export async function refuseControls(
	request: UpRequest,
	{ record, wasRegistryAway }: Ground,
	cluster: PreparedCluster,
	step: Step,
): Promise<void> {
	const namespace = request.controlNamespace;
	const { client } = cluster;
	const nodes = await listNodes(client, step.signal);
	const wanted = describeControls(listImages(request), nodes, namespace, record.label);
	const found = await judgeControls(client, namespace, cluster.version, step.signal);
	await removeSurplus(client, namespace, wanted, found, step.signal);
	// A node may still be trying a registry that was away, and would say so of a control after it had been judged.
	const kept =
		wasRegistryAway || request.isReset
			? []
			: found.filter((verdict) => verdict.result === 'refused').map(({ pod }) => pod);
	const left = await placeControls(client, namespace, wanted, found, kept, step.signal);
	await awaitRefusal(client, namespace, wanted, cluster.version, step);
	const where = nodes.length === 1 ? 'on the node' : `on ${nodes.length} nodes`;
	if (left === wanted.length) step.skip(`still so ${where}`);
	else step.report(where);
}

/** One image of each registry, which must not be had without credentials. */
function listImages({ lab, hosts }: UpRequest): string[] {
	return lab.registries.flatMap(({ host, images: [image] }) =>
		image === undefined ? [] : [`${hosts[host] ?? host}/${image.repository}:${image.tag}`],
	);
}

/** Those of another lab, or of a node that is gone. */
async function removeSurplus(
	client: KubeClient,
	namespace: string,
	wanted: readonly KubeObject[],
	found: readonly ControlVerdict[],
	signal: AbortSignal,
): Promise<void> {
	const surplus = found.filter(({ pod }) => !wanted.some(({ metadata }) => metadata.name === pod));
	await Promise.all(surplus.map(({ pod }) => removePod(client, `/api/v1/namespaces/${namespace}/pods/${pod}`, signal)));
}

interface Node {
	metadata: { name: string };
	spec: { unschedulable?: boolean; taints?: Taint[] };
}

interface Taint {
	key: string;
	effect: string;
}

/** Nodes that take Pods which tolerate nothing; a taint of the node life cycle (`not-ready`) passes. */
async function listNodes(client: KubeClient, signal: AbortSignal): Promise<string[]> {
	const nodes = ((await client.get('/api/v1/nodes', { signal })) as { items: Node[] }).items;
	return nodes
		.filter(({ spec }) => spec.unschedulable !== true && !(spec.taints ?? []).some(isLasting))
		.map((node) => node.metadata.name);
}

function isLasting({ key, effect }: Taint): boolean {
	return effect !== 'PreferNoSchedule' && !key.startsWith('node.kubernetes.io/');
}

/** Leaves what is `kept`, makes the rest (anew); resolves to how many were left. */
async function placeControls(
	client: KubeClient,
	namespace: string,
	wanted: readonly KubeObject[],
	found: readonly ControlVerdict[],
	kept: readonly string[],
	signal: AbortSignal,
): Promise<number> {
	const absent = wanted.filter((object) => !kept.includes(object.metadata.name));
	const path = `/api/v1/namespaces/${namespace}/pods`;
	await Promise.all(
		absent.map(async (object) => {
			if (found.some((verdict) => verdict.pod === object.metadata.name))
				await removePod(client, `${path}/${object.metadata.name}`, signal);
			await client.request('POST', path, { body: object, signal });
		}),
	);
	return wanted.length - absent.length;
}

async function removePod(client: KubeClient, path: string, signal: AbortSignal): Promise<void> {
	try {
		await client.request('DELETE', `${path}?gracePeriodSeconds=0`, { signal });
		for (;;) {
			await client.get(path, { signal });
			await systemClock.sleep(pollIntervals.later, signal);
		}
	} catch (error) {
		if (!isNotFound(error)) throw error;
	}
}

async function awaitRefusal(
	client: KubeClient,
	namespace: string,
	wanted: readonly KubeObject[],
	version: string,
	step: Step,
): Promise<void> {
	const begin = Date.now();
	for (;;) {
		const verdicts = await judgeControls(client, namespace, version, step.signal);
		const refused = verdicts.filter((verdict) => verdict.result === 'refused').length;
		if (refused >= wanted.length) return;
		const open = verdicts.find((verdict) => verdict.result === 'runs');
		if (open !== undefined) throw notRefused(open);
		const broken = verdicts.find((verdict) => verdict.result === 'broken');
		const elapsed = Date.now() - begin;
		if (broken !== undefined && elapsed > graceForOtherCauses) throw refusedOtherwise(broken);
		if (elapsed > patience) throw neverTried(verdicts, wanted.length);
		step.tell(`${refused} of ${wanted.length}`);
		await systemClock.sleep(elapsed < soon ? pollIntervals.soon : pollIntervals.later, step.signal);
	}
}

function notRefused({ pod }: ControlVerdict): LabError {
	return new LabError({
		code: 'pull-not-refused',
		message: `Pod ${pod} runs although it has no credentials, so nothing that is pulled here proves anything.`,
		remedy:
			'The node holds the image itself, which kubeproctor up --reset takes from nodes of its own; or it holds credentials: kubeproctor down, then kubeproctor up begin afresh.',
	});
}

function refusedOtherwise({ pod, words }: ControlVerdict): LabError {
	return new LabError({
		code: 'registry-out-of-reach',
		message: `Pod ${pod} is refused, but not for want of credentials: ${words}`,
		remedy: 'The node must reach the registry: kubeproctor status tells which part is unwell.',
	});
}

function neverTried(verdicts: readonly ControlVerdict[], wanted: number): LabError {
	const waiting = verdicts
		.filter((verdict) => verdict.result === 'pending')
		.map(({ pod, words }) => `${pod}: ${words || 'not begun'}`);
	return new LabError({
		code: 'node-not-ready',
		message: `${wanted} Pods should have been refused by now, but: ${waiting.join('; ') || 'they are not there'}.`,
		remedy: 'kubectl get nodes shows whether a node is not ready; kubeproctor up goes on where it stopped.',
	});
}
