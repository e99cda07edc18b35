/** Plays cases on the embedded cluster instead of describing them: real pulls over HTTP, observed and judged by the product. */

import type { Emulator } from '../../src/emulator/index.ts';
import type { TypeName } from '../../src/emulator/resource-type.ts';
import { gradeLab } from '../../src/grading/index.ts';
import { openJumpingCluster } from '../grading/jumping-cluster.ts';
import type { Case } from './cases.ts';
import type { StoredObject } from './objects.ts';
import { host, password, user } from './shapes.ts';
import { type ContainerPlan, digest as digestOfTable, image, labOf, type World } from './world.ts';

const hub = 'docker.io';
const hubImage = `${hub}/team/myapp:1.0`;
/** On no node, because nobody ever pulls it. */
const rareImage = `${host}/rare:1.0`;

export interface EmbeddedWorld {
	/** The reason that is given; null: it passed. */
	play(cases: readonly Case[]): Promise<(string | null)[]>;
	close(): Promise<void>;
}

export async function openEmbeddedWorld(): Promise<EmbeddedWorld> {
	const cluster = await openJumpingCluster({
		name: 'played',
		credentials: { username: user, password },
		images: [`${host}/myapp`, `${hub}/team/myapp`, `${host}/rare`],
		programs: ['/bin/serve', '/bin/true'],
	});
	const { clock, emulator, session } = cluster;
	const signal = new AbortController().signal;
	let played = 0;

	const [{ digest = '' } = {}] = session.images;
	await cluster.makeControls([image, hubImage]);
	await clock.sleep(5000);

	async function makeNamespace(name: string): Promise<void> {
		emulator.client.create('namespaces', '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
		// Its own account is made by a controller.
		await clock.sleep(500);
	}

	async function play(cases: readonly Case[]): Promise<(string | null)[]> {
		const stages = cases.map((each) => ({ ...each, space: `case-${++played}` }));
		for (const { world, space, params } of stages) {
			await makeNamespace(space);
			const isBeside = world.secrets.some(({ metadata }) => metadata.namespace === 'staging');
			if (isBeside || namespaceOf(params) === 'staging') await makeNamespace(`${space}-staging`);
			await prepare(world, space);
		}
		// A CronJob makes its first Pod at the full minute.
		await clock.sleep(cases.some(({ world }) => world.workload?.startsWith('cronjob/')) ? 64_000 : 4000);
		for (const { world, space } of stages) change(world, space);
		const reasons: (string | null)[] = [];
		for (const { check, params, space, world } of stages) {
			const lab = labOf(check, {
				...params,
				namespace: placeName(space, namespaceOf(params)),
				...(isRare(world) && { image: rareImage }),
			});
			const { report } = await gradeLab({ lab, session, timeout: 0, clock, signal });
			reasons.push(report.tasks[0]?.checks[0]?.diagnosis?.reason ?? null);
		}
		for (const { space } of stages) clear(emulator, space);
		await clock.sleep(2000);
		return reasons;
	}

	/** What there was before the Pod, and the Pod. */
	async function prepare(world: World, space: string): Promise<void> {
		const pull = world.isInherited ? (world.list ?? []) : [];
		for (const name of Object.keys(world.accounts)) setAccount(space, name, { pull });
		for (const secret of secretsBefore(world)) makeSecret(secret, space);
		if (world.containers.some(({ policy, ending }) => policy === 'Never' && ending === 'pulled')) {
			// Whoever never pulls must have pulled before.
			const earlier = world.containers.map((container) => ({ ...container, policy: 'IfNotPresent' as const }));
			makePod({ ...world, containers: earlier }, space, 'earlier');
			await clock.sleep(1000);
		}
		makePod(world, space, 'web');
		// The node pulls five images a second, and puts off what comes sooner.
		await clock.sleep(300 * world.containers.length);
	}

	/** What became of it since. */
	function change(world: World, space: string): void {
		for (const [name, account] of Object.entries(world.accounts)) setAccount(space, name, account);
		for (const { metadata } of secretsBefore(world))
			emulator.client.delete('secrets', placeName(space, metadata.namespace ?? 'default'), metadata.name);
		for (const secret of world.secrets) makeSecret(secret, space);
	}

	function setAccount(space: string, name: string, { pull, mount = [] }: World['accounts'][string]): void {
		const lists = {
			imagePullSecrets: pull.map((secret) => ({ name: secret })),
			secrets: mount.map((secret) => ({ name: secret })),
		};
		const changed = emulator.client.update('serviceaccounts', space, name, (account) => ({ ...account, ...lists }));
		if (changed !== null) return;
		emulator.client.create('serviceaccounts', space, {
			...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name }, ...lists },
		});
	}

	function makeSecret({ metadata, type, data }: StoredObject, space: string): void {
		emulator.client.create('secrets', placeName(space, metadata.namespace ?? 'default'), {
			...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: metadata.name }, type, data },
		});
	}

	function makePod(world: World, space: string, name: string): void {
		const spec = describeSpec(world, digest);
		if (world.workload === null || name !== 'web') {
			emulator.client.create('pods', space, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
			return;
		}
		const [type, workload] = describeWorkload(world.workload, spec);
		emulator.client.create(type, space, workload);
	}

	return { play, close: cluster.close };
}

/** Whether the cluster can be brought to where the case begins: its node speaks one tongue, and its registry loses no log. */
export function isPlayable({ world, params }: Case): boolean {
	const { account } = params as { account?: string };
	return (
		world.tongue.label === 'containerd 2, just tried' &&
		world.log === 'served' &&
		!world.containers.some(({ hasRestarted }) => hasRestarted) &&
		// Every namespace has an account of that name.
		account !== 'default' &&
		!(isRare(world) && world.secrets.some(({ data }) => JSON.stringify(data).includes('bXlhcHA')))
	);
}

function isRare({ containers }: World): boolean {
	return containers.some(({ ending }) => ending === 'never-absent');
}

/** So that the pull ends as it did. */
function secretsBefore({ past, secrets }: World): readonly StoredObject[] {
	return past ?? secrets;
}

function placeName(space: string, namespace: string): string {
	return { default: space, staging: `${space}-staging` }[namespace] ?? namespace;
}

function namespaceOf(params: object): string {
	return (params as { namespace: string }).namespace;
}

function describeSpec(world: World, digest: string): object {
	const { containers, list, isInherited, account } = world;
	const describe = ({ name, image: used, policy, kind, ending }: ContainerPlan) => ({
		name,
		image: isRare(world) ? rareImage : used.replace(digestOfTable, digest),
		imagePullPolicy: policy,
		...(kind === 'sidecar' && { restartPolicy: 'Always' }),
		...(ending === 'done' && { command: ['/bin/true'] }),
	});
	const isDone = containers.some(({ kind, ending }) => kind === 'container' && ending === 'done');
	return {
		serviceAccountName: account,
		...(isDone && { restartPolicy: 'Never' }),
		...(list && !isInherited && { imagePullSecrets: list.map((name) => (name === '' ? {} : { name })) }),
		initContainers: containers.filter(({ kind }) => kind !== 'container').map(describe),
		containers: containers.filter(({ kind }) => kind === 'container').map(describe),
	};
}

function describeWorkload(workload: string, spec: object): [type: TypeName, object: object] {
	const [kind = '', name = ''] = workload.split('/');
	const labels = { app: name };
	const template = { metadata: { labels }, spec };
	const selector = { matchLabels: labels };
	const once = { ...template, spec: { restartPolicy: 'Never', ...spec } };
	switch (kind) {
		case 'job':
			return ['jobs.batch', make('batch/v1', 'Job', { template: once })];
		case 'cronjob':
			return [
				'cronjobs.batch',
				make('batch/v1', 'CronJob', {
					schedule: '* * * * *',
					// However long the others take: one Job, whose Pod is settled when it is looked at.
					concurrencyPolicy: 'Forbid',
					jobTemplate: { spec: { template: once } },
				}),
			];
		case 'statefulset':
			return ['statefulsets.apps', make('apps/v1', 'StatefulSet', { serviceName: name, selector, template })];
		case 'daemonset':
			return ['daemonsets.apps', make('apps/v1', 'DaemonSet', { selector, template })];
		case 'replicaset':
			return ['replicasets.apps', make('apps/v1', 'ReplicaSet', { selector, template })];
		default:
			return ['deployments.apps', make('apps/v1', 'Deployment', { selector, template })];
	}

	function make(apiVersion: string, written: string, rest: object): object {
		return { apiVersion, kind: written, metadata: { name }, spec: rest };
	}
}

/** So that what is refused is not tried again and again. */
function clear({ client }: Emulator, space: string): void {
	const makers = ['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map((each) => `${each}.apps`);
	for (const type of [...makers, 'cronjobs.batch', 'jobs.batch']) {
		for (const { metadata } of client.list(type, space))
			client.delete(type, space, metadata.name, { propagationPolicy: 'Background' });
	}
	for (const { metadata } of client.list('pods', space))
		client.delete('pods', space, metadata.name, { gracePeriodSeconds: 0 });
}
