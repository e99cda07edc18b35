/** From a Pod as the API server has it to facts. */

import * as assert from 'uvu/assert';
import type { Access } from '../../src/observers/access.ts';
import type { ContainerStatus, Pod } from '../../src/observers/objects.ts';
import { describePod } from '../../src/observers/pod-facts.ts';
import { suite } from '../harness.ts';

const test = suite('observers/pod-facts');

/** The Pod has no events, which is all that is asked for beside it. */
const access = { read: async () => null } as unknown as Access;

const podOf = (image: string): Pod => ({
	metadata: { name: 'ember', namespace: 'default' },
	spec: { containers: [{ name: 'app', image }] },
	status: {
		phase: 'Pending',
		containerStatuses: [
			{
				name: 'app',
				image: 'registry.example.com/myapp:1.O',
				state: { waiting: { reason: 'ErrImagePull', message: 'registry.example.com/myapp:1.O: not found' } },
			},
		],
	},
});

test('what the node said of an image that was changed since is not held against the new one', async () => {
	const [changed] = (await describePod(access, podOf('registry.example.com/myapp:1.0'))).containers;
	assert.equal([changed?.state, changed?.waiting], ['unknown', null]);
	const [same] = (await describePod(access, podOf('registry.example.com/myapp:1.O'))).containers;
	assert.equal([same?.state, same?.waiting?.reason], ['waiting', 'ErrImagePull']);
});

test('nor what the node still says of it while it pulls the new one', async () => {
	const pulled = 'registry.example.com/myapp:1.O';
	const message = `Back-off pulling image "${pulled}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${pulled}": ${pulled}: not found`;
	const wait = { state: { waiting: { reason: 'ImagePullBackOff', message } } };
	const [changed] = (await describePod(access, withStatus({ ...wait, image: 'registry.example.com/myapp:1.0' })))
		.containers;
	assert.equal([changed?.state, changed?.waiting], ['unknown', null]);
});

/** A Pod whose container has this status. */
const withStatus = (status: Partial<ContainerStatus>, rest: Partial<NonNullable<Pod['status']>> = {}): Pod => ({
	metadata: { name: 'ember', namespace: 'default' },
	spec: { containers: [{ name: 'app', image: 'registry.example.com/myapp:1.0' }] },
	status: { phase: 'Running', containerStatuses: [{ name: 'app', ...status }], ...rest },
});

/** An API server that has these events of the Pod. */
const withEvents = (...events: [lastTimestamp: string, message: string][]): Access => ({
	...access,
	read: async <T>(path: string) => {
		assert.match(path, '/api/v1/namespaces/default/events?fieldSelector=involvedObject.uid%3D');
		return { items: events.map(([lastTimestamp, message]) => ({ lastTimestamp, message })) } as T;
	},
});

const image = 'registry.example.com/myapp:1.0';
const failed = (words: string, what = image) => `Failed to pull image "${what}": ${words}`;
const denied = 'failed to resolve reference: no basic auth credentials';

test('what a back-off does not say, the event of the failed pull does', async () => {
	const message = `Back-off pulling image "${image}"`;
	const waits = (text: string) =>
		withStatus({ image, state: { waiting: { reason: 'ImagePullBackOff', message: text } } });
	const events = withEvents(
		['2026-01-01T00:02:00Z', failed(denied)],
		['2026-01-01T00:01:00Z', failed('dial tcp: connection refused')],
		['2026-01-01T00:03:00Z', 'Error: ErrImagePull'],
		['2026-01-01T00:04:00Z', failed('not found', 'registry.example.com/other:1.0')],
	);
	const say = async (from: Access, text = message) =>
		(await describePod(from, waits(text))).containers[0]?.waiting?.message;
	assert.is(await say(events), `${message}: ErrImagePull: ${denied}`);
	assert.is(await say(withEvents()), message);
	const full = `${message}: ErrImagePull: not found`;
	assert.is(await say(events, full), full, 'where it says so itself, nothing is added');
	const broken = { ...access, read: () => Promise.reject(new Error('forbidden')) };
	assert.is(await say(broken), message);
});

test('a container that ran and cannot be pulled again is not said to crash between two tries', async () => {
	const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container=app' };
	const crashed = withStatus({
		...{ image, containerID: 'containerd://1', state: { waiting } },
		lastState: { terminated: { exitCode: 0, startedAt: '2026-01-01T00:01:00Z', finishedAt: '2026-01-01T00:02:00Z' } },
	});
	const say = async (from: Access) => (await describePod(from, crashed)).containers[0]?.waiting;
	assert.equal(await say(withEvents(['2026-01-01T00:02:00Z', failed(denied)])), {
		reason: 'ErrImagePull',
		message: denied,
	});
	assert.equal(await say(withEvents(['2026-01-01T00:01:59Z', failed(denied)])), waiting, 'it was pulled after that');
	assert.equal(await say(withEvents()), waiting);
});

test('a Pod that its node turned out is told so by its own status', async () => {
	const reasonAndMessage = { reason: 'Evicted', message: 'The node was low on resource: memory.' };
	const evicted = withStatus({}, { phase: 'Failed', ...reasonAndMessage });
	assert.equal((await describePod(access, evicted)).failure, reasonAndMessage);
	for (const phase of ['Failed', 'Running']) {
		assert.is((await describePod(access, withStatus({}, { phase }))).failure, null);
	}
	assert.is((await describePod(access, withStatus({}, { ...reasonAndMessage }))).failure, null, 'it has not failed');
});

test('what never began has no beginning, and the words of its runtime', async () => {
	const terminated = {
		...{ exitCode: 128, reason: 'StartError', message: 'exec: "/no/such": no such file or directory' },
		...{ startedAt: '1970-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:00Z' },
	};
	const pod = withStatus({
		restartCount: 1,
		state: { waiting: { reason: 'CrashLoopBackOff' } },
		lastState: { terminated },
	});
	const [container] = (await describePod(access, pod)).containers;
	assert.equal(container?.endedBefore, { ...terminated, startedAt: null });
	assert.equal([container?.ended, container?.startedAt], [null, null]);
});

test('what a container says of its own end is left out: it may be anything', async () => {
	const terminated = {
		exitCode: 1,
		reason: 'Error',
		message: 'login with hunter2 failed',
		startedAt: '2026-01-01T00:00:00Z',
	};
	const [container] = (await describePod(access, withStatus({ state: { terminated } }))).containers;
	assert.equal([container?.state, container?.ended?.message, container?.ended?.exitCode], ['terminated', '', 1]);
});

test('a Pod restarts its containers always, unless it says otherwise', async () => {
	assert.is((await describePod(access, withStatus({}))).restartPolicy, 'Always');
	const once = withStatus({});
	once.spec.restartPolicy = 'Never';
	assert.is((await describePod(access, once)).restartPolicy, 'Never');
});

test.run();
