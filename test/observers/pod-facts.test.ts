/** From a Pod as the API server has it to facts. */

import * as assert from 'uvu/assert';
import type { Access } from '../../src/observers/access.ts';
import type { ContainerStatus, Pod } from '../../src/observers/objects.ts';
import { describePod } from '../../src/observers/pod-facts.ts';
import { suite } from '../harness.ts';

const test = suite('observers/pod-facts');

/** Nothing beside the Pod is asked for. */
const access = {} as Access;

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
