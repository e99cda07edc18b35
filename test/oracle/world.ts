/** A cluster with one Pod, as objects; and the product's grading of it, all but the network. */

import { collectEvidence } from '../../src/grading/collect.ts';
import { judgeLab } from '../../src/grading/index.ts';
import { planQueries } from '../../src/grading/plan.ts';
import { systemClock } from '../../src/model/clock.ts';
import type { Evidence, TrialResult } from '../../src/model/evidence.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { Credentials, RegistryAccess } from '../../src/model/registry.ts';
import type { Report } from '../../src/model/report.ts';
import type { Session } from '../../src/model/session.ts';
import { openAccess } from '../../src/observers/index.ts';
import { check } from '../checks/facts.ts';
import { labOf as makeLab, taskOf } from '../grading/made-lab.ts';
import { openShelves, type StoredObject } from './objects.ts';
import { host, password, type Shape, user } from './shapes.ts';
import type { Ending, Situation } from './statement.ts';
import { containerd2, type Tongue } from './tongues.ts';

export const image = `${host}/myapp:1.0`;
export const digest = `sha256:${'a'.repeat(64)}`;
const space = 'default';
const controlSpace = 'kubeproctor';
const node = 'node-1';
const address = '172.18.0.2';

export interface ContainerPlan {
	name: string;
	kind: 'init' | 'sidecar' | 'container';
	policy: 'Always' | 'IfNotPresent' | 'Never';
	image: string;
	/** `waits`: for those before it. */
	ending: Ending | 'waits' | 'done';
	hasRestarted: boolean;
}

export const app: ContainerPlan = {
	name: 'app',
	kind: 'container',
	policy: 'IfNotPresent',
	image,
	ending: 'pulled',
	hasRestarted: false,
};

export interface World {
	containers: readonly ContainerPlan[];
	/** The Pod's stored list; undefined: it has none. */
	list: readonly string[] | undefined;
	isInherited: boolean;
	account: string;
	accounts: Record<string, { pull: readonly string[]; mount?: readonly string[] }>;
	secrets: readonly StoredObject[];
	/** Those that there were when the pull was tried; null: the same. */
	past: readonly StoredObject[] | null;
	tongue: Tongue;
	log: Situation['log'];
	/** The image that the environment's registry serves, and by which the controls are made. */
	image: string;
	/** What is on the node; undefined: it does not say. */
	onNode: readonly string[] | undefined;
	/** What makes the Pod, as `kind/name`; null: somebody made it by hand. */
	workload: string | null;
}

export const world: World = {
	containers: [app],
	list: undefined,
	isInherited: false,
	account: 'default',
	accounts: { default: { pull: [] } },
	secrets: [],
	past: null,
	tongue: containerd2,
	log: 'served',
	image,
	onNode: undefined,
	workload: null,
};

export function secretObject(
	name: string,
	{ type, data }: Pick<Shape, 'type' | 'data'>,
	namespace = space,
): StoredObject {
	const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
	return { metadata: { name, namespace, uid: `${namespace}/${name}` }, type, data: Object.fromEntries(encoded) };
}

export interface Graded {
	evidence: Evidence;
	report: Report;
}

/** One check of that kind is a whole lab here. */
export function labOf(kind: string, params: object): Lab {
	return makeLab(taskOf('task', [check(kind, params)]));
}

export async function gradeWorld(given: World, lab: Lab): Promise<Graded> {
	const client = openShelves(listObjects(given), given.tongue.version);
	const registry = registryOf(given);
	const named = splitImage(given.image);
	const session: Session = {
		name: 'oracle',
		label: 'oracle-00000000',
		provider: 'existing',
		lab: lab.id,
		cluster: { kubeconfig: '', context: '' },
		registries: [registry],
		images: [{ ...named, tag: '1.0', digest, manifests: [] }],
		hosts: {},
		namespaces: {},
		controlNamespace: controlSpace,
		folder: '/',
	};
	const signal = new AbortController().signal;
	const { registries, images, controlNamespace } = session;
	const access = {
		...openAccess({ client, registries, images, controlNamespace, clock: systemClock, signal }),
		tryCredentials: async (_host: string, credentials: Credentials) => answer(credentials),
	};
	const evidence = await collectEvidence(planQueries(lab.tasks), { lab, session, client, access });
	return { evidence, report: judgeLab(lab, evidence) };
}

function answer(credentials: Credentials): TrialResult {
	if (credentials.username === user && credentials.password === password) return { outcome: 'accepted' };
	return { outcome: 'rejected', status: 401, knownUser: credentials.username === user, answer: '401 UNAUTHORIZED' };
}

/** `registry/repository:1.0` */
function splitImage(name: string): { registry: string; repository: string } {
	const [, registry = '', repository = ''] = /^([^/]+)\/(.*):1\.0$/.exec(name) ?? [];
	return { registry, repository };
}

function registryOf({ log, image: served }: World): RegistryAccess {
	const { registry, repository } = splitImage(served);
	const record = {
		time: '2026-01-01T00:30:00Z',
		method: 'HEAD' as const,
		repository,
		reference: '1.0',
		status: 200,
		client: address,
		userAgent: 'containerd/2.1.9',
	};
	return {
		host: registry,
		endpoint: 'http://127.0.0.1:1',
		username: user,
		ownership: 'ours',
		credentials: { username: user, password },
		mayTryCredentials: true,
		pullLog: async () =>
			log === 'none'
				? null
				: { records: log === 'served' ? [record] : [], lostBefore: log === 'lost' ? '2026-01-01T00:45:00Z' : null },
	};
}

function listObjects(given: World): Record<string, StoredObject[]> {
	const { secrets, accounts, tongue, onNode } = given;
	const refused: ContainerPlan = { ...app, image: given.image, ending: 'nothing-offered' };
	const control = (policy: 'Always' | 'IfNotPresent') => {
		const containers = [{ ...refused, policy }];
		return podObject(`control-${policy}`, controlSpace, { ...world, tongue, containers }, policy);
	};
	const controls = (['Always', 'IfNotPresent'] as const).map(control);
	return {
		namespaces: [space, 'staging', controlSpace].map((name) => ({ metadata: { name } })),
		secrets: [...secrets],
		serviceaccounts: Object.entries(accounts).map(([name, { pull, mount = [] }]) => ({
			metadata: { name, namespace: space },
			imagePullSecrets: pull.map((secret) => ({ name: secret })),
			secrets: mount.map((secret) => ({ name: secret })),
		})),
		pods: [podObject('web', space, given), ...controls],
		nodes: [
			{ metadata: { name: node }, status: { ...(onNode && { images: onNode.map((name) => ({ names: [name] })) }) } },
		],
		...listMakers(given.workload),
		events: [
			...given.containers.flatMap((container) => tongue.events(container, 'web', space)),
			...controls.flatMap(({ metadata }) => tongue.events(refused, metadata.name, controlSpace)),
		],
	};
}

/** The chain of objects from a workload down to what makes the Pod itself. */
function listMakers(workload: string | null): Record<string, StoredObject[]> {
	if (workload === null) return {};
	const [kind = '', name = ''] = workload.split('/');
	const own = { metadata: { name, namespace: space, uid: name, generation: 1 }, spec: {}, status: statusOf(kind) };
	const made = { name: `${name}-1`, namespace: space, uid: `${name}-1`, ownerReferences: [{ ...refer(workload) }] };
	switch (kind) {
		case 'deployment':
			return { deployments: [own], replicasets: [{ metadata: made }] };
		case 'cronjob':
			return { cronjobs: [own], jobs: [{ metadata: made }] };
		default:
			return { [`${kind}s`]: [own] };
	}
}

function statusOf(kind: string): object {
	return { observedGeneration: 1, ...(kind === 'daemonset' && { desiredNumberScheduled: 1 }) };
}

const kinds: Record<string, string> = {
	...{ deployment: 'Deployment', replicaset: 'ReplicaSet', statefulset: 'StatefulSet', daemonset: 'DaemonSet' },
	...{ job: 'Job', cronjob: 'CronJob' },
};

function refer(workload: string): { kind: string; name: string; uid: string; controller: true } {
	const [kind = '', name = ''] = workload.split('/');
	return { kind: kinds[kind] ?? '', name, uid: name, controller: true };
}

/** What the Pod itself is owned by. */
function referMaker(workload: string): object {
	const [kind, name] = workload.split('/');
	if (kind === 'deployment') return refer(`replicaset/${name}-1`);
	return refer(kind === 'cronjob' ? `job/${name}-1` : workload);
}

function podObject(name: string, namespace: string, given: World, control?: string): StoredObject {
	const { containers, list, isInherited, account, tongue } = given;
	const isInit = ({ kind }: ContainerPlan) => kind !== 'container';
	const spec = (container: ContainerPlan) => ({
		name: container.name,
		image: container.image,
		imagePullPolicy: container.policy,
		...(container.kind === 'sidecar' && { restartPolicy: 'Always' }),
	});
	const status = (container: ContainerPlan) => describeStatus(container, tongue);
	const owned = { 'f:spec': { ...(list && !isInherited && { 'f:imagePullSecrets': {} }) } };
	return {
		metadata: {
			name,
			namespace,
			uid: name,
			creationTimestamp: '2026-01-01T00:20:00Z',
			managedFields: [{ fieldsV1: owned }],
			...(given.workload !== null && { ownerReferences: [referMaker(given.workload)] }),
			...(control && { labels: { 'kubeproctor.dev/control': control } }),
		},
		spec: {
			nodeName: node,
			serviceAccountName: account,
			// Only where it does not restart, a container that has ended has done its work.
			restartPolicy: containers.some(({ kind, ending }) => kind === 'container' && ending === 'done')
				? 'Never'
				: 'Always',
			...(list && { imagePullSecrets: list.map((secret) => (secret === '' ? {} : { name: secret })) }),
			initContainers: containers.filter(isInit).map(spec),
			containers: containers.filter((container) => !isInit(container)).map(spec),
		},
		status: {
			phase: containers.every(({ ending }) => ending === 'pulled' || ending === 'done') ? 'Running' : 'Pending',
			hostIP: address,
			conditions: [{ type: 'PodScheduled', status: 'True' }],
			initContainerStatuses: containers.filter(isInit).map(status),
			containerStatuses: containers.filter((container) => !isInit(container)).map(status),
		},
	};
}

function describeStatus(container: ContainerPlan, tongue: Tongue): object {
	const startedAt = '2026-01-01T00:30:00Z';
	const finished = { exitCode: 0, startedAt, finishedAt: '2026-01-01T00:40:00Z' };
	const imageID = `${container.image.replace(/[:@][^/]*$/, '')}@${digest}`;
	const common = {
		name: container.name,
		ready: container.ending === 'pulled',
		restartCount: 0,
		lastState: container.hasRestarted ? { terminated: finished } : {},
	};
	switch (container.ending) {
		case 'pulled':
			return { ...common, imageID, state: { running: { startedAt } } };
		case 'done':
			return { ...common, imageID, state: { terminated: finished } };
		case 'waits':
			return { ...common, imageID: '', state: { waiting: { reason: 'PodInitializing' } } };
		default:
			return { ...common, imageID: '', state: { waiting: tongue.say(container.ending, container.image) } };
	}
}
