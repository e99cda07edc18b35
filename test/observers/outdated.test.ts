/** Statuses that are of the image which a Pod named before, as a real kubelet 1.35 with containerd 2.1 wrote them. */

import * as assert from 'uvu/assert';
import type { Access } from '../../src/observers/access.ts';
import type { ContainerStatus, Pod } from '../../src/observers/objects.ts';
import { describePod } from '../../src/observers/pod-facts.ts';
import { suite } from '../harness.ts';

const test = suite('observers/outdated');

/** The Pod has no events, which is all that is asked for beside it. */
const access = { read: async () => null } as unknown as Access;

const host = 'registry.example.com';
const digest = `sha256:${'6'.repeat(64)}`;
const pause = { image: 'registry.k8s.io/pause:3.10', imageID: `registry.k8s.io/pause@sha256:${'7'.repeat(64)}` };
const myapp = { image: `${host}/myapp:1.0`, imageID: `${host}/myapp@${digest}` };

const createdAt = '2026-01-01T10:00:00Z';
const begunAt = '2026-01-01T10:00:01Z';
const changedAt = '2026-01-01T10:00:06Z';

interface Change {
	metadata?: Partial<Pod['metadata']>;
	spec?: Partial<Pod['spec']>;
	status?: Partial<NonNullable<Pod['status']>>;
	/** When the image was set; null: managedFields do not tell. */
	changedAt?: string | null;
	list?: 'containers' | 'initContainers';
}

/** A Pod whose container names `image` since `changedAt`, and of which its node tells this. */
function podOf(image: string, told: Partial<ContainerStatus>, change: Change = {}): Pod {
	const { list = 'containers', changedAt: time = changedAt } = change;
	const app = { name: 'app', image, ...(list === 'initContainers' && { restartPolicy: 'Always' }) };
	const fields = { 'f:spec': { [`f:${list}`]: { 'k:{"name":"app"}': { '.': {}, 'f:image': {} } } } };
	const status = { name: 'app', containerID: 'containerd://35ed42', restartCount: 0, ...told };
	return {
		metadata: {
			...{ name: 'ember', namespace: 'default', creationTimestamp: createdAt, generation: 2 },
			managedFields:
				time === null
					? []
					: [
							{ time: createdAt, fieldsV1: {} },
							{ time, fieldsV1: fields },
						],
			...change.metadata,
		},
		spec: {
			containers: list === 'containers' ? [app] : [],
			initContainers: list === 'containers' ? [] : [app],
			...change.spec,
		},
		status: {
			phase: 'Running',
			[list === 'containers' ? 'containerStatuses' : 'initContainerStatuses']: [status],
			...change.status,
		},
	};
}

async function describe(pod: Pod) {
	const [container] = (await describePod(access, pod)).containers;
	if (container === undefined) throw new Error('no container');
	return container;
}

const running = { state: { running: { startedAt: begunAt } } };
const killed = {
	state: { terminated: { exitCode: 2, reason: 'Error', startedAt: begunAt, finishedAt: '2026-01-01T10:00:07Z' } },
};

test('a container that runs the image before is known by when it began', async () => {
	const until = '2026-01-01T10:00:46.000Z';
	for (const [named, told] of [
		[myapp.image, pause],
		[`${host}/myapp:9.9`, myapp],
		[`${host}/MyApp`, myapp],
		[`${host}/myapp@sha256:${'8'.repeat(64)}`, myapp],
	] as const)
		assert.is((await describe(podOf(named, { ...told, ...running }))).outdatedUntil, until, named);
});

test('the time that a Pod leaves its containers to end is waited for', async () => {
	const spec = { containers: [{ name: 'app', image: myapp.image }], terminationGracePeriodSeconds: 120 };
	assert.is((await describe(podOf('', { ...pause, ...running }, { spec }))).outdatedUntil, '2026-01-01T10:02:16.000Z');
});

test('a sidecar is replaced as well, an init container is not', async () => {
	const change: Change = { list: 'initContainers' };
	assert.ok((await describe(podOf(myapp.image, { ...pause, ...running }, change))).outdatedUntil);
	const pod = podOf(myapp.image, { ...pause, ...running }, change);
	const [init] = pod.spec.initContainers ?? [];
	delete init?.restartPolicy;
	assert.is((await describe(pod)).outdatedUntil, null);
});

test('a container is of the image that its Pod names, whichever name its node has for that', async () => {
	const same: [what: string, Pod][] = [
		['a digest, of which the node knows a tag', podOf(`${host}/myapp@${digest}`, { ...myapp, ...running })],
		[
			'another tag, and the Pod was never changed',
			podOf(`${host}/myapp:stable`, { ...myapp, ...running }, { metadata: { generation: 1 } }),
		],
		[
			'another tag, and the Pod was not changed since it began',
			podOf(`${host}/myapp:stable`, { ...myapp, ...running }, { changedAt: createdAt }),
		],
		[
			'another tag, and the container was begun anew within the second of the change',
			podOf(`${host}/myapp:stable`, { ...myapp, ...running, restartCount: 1 }, { changedAt: begunAt }),
		],
		[
			'nobody tells when the Pod was changed',
			podOf(`${host}/myapp:stable`, { ...myapp, ...running }, { changedAt: null }),
		],
		[
			'a name that the node completes',
			podOf('nginx', { image: 'docker.io/library/nginx:latest', imageID: '', ...running }),
		],
	];
	for (const [what, pod] of same) assert.is((await describe(pod)).outdatedUntil, null, what);
});

test('a change within the second in which the container began is one', async () => {
	const pod = podOf(`${host}/myapp:9.9`, { ...myapp, ...running }, { changedAt: begunAt });
	assert.ok((await describe(pod)).outdatedUntil);
});

test('without a generation, as before 1.33, a Pod was changed where that was after it was created', async () => {
	const of = (time: string) => {
		const pod = podOf(`${host}/myapp:9.9`, { ...myapp, ...running }, { changedAt: time });
		delete pod.metadata.generation;
		return describe(pod);
	};
	assert.ok((await of(changedAt)).outdatedUntil);
	const early = { state: { running: { startedAt: createdAt } } };
	const pod = podOf(`${host}/myapp:9.9`, { ...myapp, ...early }, { changedAt: createdAt });
	delete pod.metadata.generation;
	assert.is((await describe(pod)).outdatedUntil, null);
});

test('what was ended for the sake of another image says nothing of that one, while it is pulled', async () => {
	const { state, imageId, ended, outdatedUntil } = await describe(podOf(myapp.image, { ...pause, ...killed }));
	assert.equal([state, imageId, ended, outdatedUntil], ['unknown', '', null, null]);
	const never = podOf(
		myapp.image,
		{ ...pause, ...killed },
		{ spec: { containers: [{ name: 'app', image: myapp.image }], restartPolicy: 'Never' } },
	);
	assert.is((await describe(never)).state, 'unknown', 'what was changed is started whatever the policy');
});

test('what has ended for good stays as it is, whatever is set afterwards', async () => {
	const ended = (exitCode: number) => ({
		state: { terminated: { exitCode, startedAt: begunAt, finishedAt: '2026-01-01T10:00:03Z' } },
	});
	const policy = (restartPolicy: 'Never' | 'OnFailure') => ({
		spec: { containers: [{ name: 'app', image: myapp.image }], restartPolicy },
	});
	const of = async (exitCode: number, change: Change) =>
		(await describe(podOf(myapp.image, { ...pause, ...ended(exitCode) }, change))).state;
	assert.is(await of(1, policy('Never')), 'terminated');
	assert.is(await of(0, policy('OnFailure')), 'terminated');
	assert.is(await of(1, policy('OnFailure')), 'unknown');
	assert.is(await of(1, { status: { phase: 'Failed' } }), 'terminated');
	assert.is(await of(0, { status: { phase: 'Succeeded' } }), 'terminated');
});

test('an ended init container is done where it ended well, and a sidecar never is', async () => {
	const earlier = (exitCode: number) => ({
		state: { terminated: { exitCode, startedAt: begunAt, finishedAt: '2026-01-01T10:00:03Z' } },
	});
	const of = async (exitCode: number, isSidecar: boolean, restartPolicy: 'Always' | 'Never' = 'Always') => {
		const pod = podOf(myapp.image, { ...pause, ...earlier(exitCode) }, { list: 'initContainers' });
		if (!isSidecar) delete pod.spec.initContainers?.[0]?.restartPolicy;
		return (await describe({ ...pod, spec: { ...pod.spec, restartPolicy } })).state;
	};
	assert.equal(
		[await of(0, false), await of(1, false), await of(1, false, 'Never')],
		['terminated', 'unknown', 'terminated'],
	);
	assert.equal([await of(0, true), await of(1, true, 'Never')], ['unknown', 'unknown']);
	assert.is((await describe(podOf(myapp.image, { ...pause, ...earlier(0) }))).state, 'unknown', 'what restarts always');
	const within = { state: { terminated: { exitCode: 0, startedAt: begunAt, finishedAt: changedAt } } };
	const never = { spec: { containers: [{ name: 'app', image: myapp.image }], restartPolicy: 'Never' as const } };
	assert.is(
		(await describe(podOf(myapp.image, { ...pause, ...within }, never))).state,
		'unknown',
		'ended for the change',
	);
});

test('only who wrote the image of this container may have changed it', async () => {
	const pod = podOf(`${host}/myapp:stable`, { ...myapp, ...running }, { changedAt: createdAt });
	const later = (fields: Record<string, unknown>) => ({
		...pod,
		metadata: {
			...pod.metadata,
			managedFields: [...(pod.metadata.managedFields ?? []), { time: changedAt, fieldsV1: { 'f:spec': fields } }],
		},
	});
	const other = { 'f:containers': { 'k:{"name":"helper"}': { 'f:image': {} }, 'k:{"name":"app"}': { 'f:env': {} } } };
	for (const fields of [{}, { 'f:tolerations': {} }, other])
		assert.is((await describe(later(fields))).outdatedUntil, null, JSON.stringify(fields));
	assert.ok((await describe(later({ 'f:containers': { 'k:{"name":"app"}': { 'f:image': {} } } }))).outdatedUntil);
});

test('a container of the present image that cannot be made is told of, though the one before is what its node names', async () => {
	const waiting = { reason: 'CreateContainerConfigError', message: 'secret "settings" not found' };
	const told = { ...pause, state: { waiting }, lastState: killed.state };
	assert.equal((await describe(podOf(myapp.image, told))).waiting, waiting);
});

test('a container that crashed with the image before is not said to crash with this one', async () => {
	const waiting = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container=app' } };
	const crashed = { state: waiting, lastState: killed.state };
	assert.is((await describe(podOf(myapp.image, { ...pause, ...crashed }))).state, 'unknown');
	assert.is((await describe(podOf(myapp.image, { ...myapp, ...crashed }))).state, 'waiting');
});

test('a pull that failed is told, although the status still names the image that ran before', async () => {
	const missing = `${host}/myapp:9.9`;
	const message = `rpc error: code = NotFound desc = failed to pull and unpack image "${missing}": failed to resolve reference "${missing}": ${missing}: not found`;
	const told = { ...myapp, state: { waiting: { reason: 'ErrImagePull', message } }, lastState: killed.state };
	const { state, waiting } = await describe(podOf(missing, told));
	assert.equal([state, waiting?.message], ['waiting', message]);
	const byDigest = `${host}/myapp@${digest}`;
	const denied = {
		reason: 'ImagePullBackOff',
		message: `Back-off pulling image "${byDigest}": ErrImagePull: no basic auth credentials`,
	};
	assert.is((await describe(podOf(byDigest, { ...told, state: { waiting: denied } }))).state, 'waiting');
	const broken = { reason: 'illegal base64 data at input byte 0', message: 'illegal base64 data at input byte 0' };
	assert.is((await describe(podOf(byDigest, { ...told, state: { waiting: broken } }))).state, 'waiting');
});

test.run();
