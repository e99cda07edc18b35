import * as assert from 'uvu/assert';
import { createEventRecorder } from '../../../src/emulator/controllers/event-recorder.ts';
import type { KubeObject } from '../../../src/emulator/object.ts';
import { suite } from '../../harness.ts';
import { JumpingClock } from '../kubelet/jumping-clock.ts';
import { createSmallCluster } from '../kubelet/small-cluster.ts';

const test = suite('events');
const pod: KubeObject = {
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name: 'p', namespace: 'default', uid: 'u', resourceVersion: '7' },
};

function start() {
	const clock = new JumpingClock();
	const { client } = createSmallCluster(clock);
	const recorder = createEventRecorder(client, clock, { component: 'kubelet', host: 'node' });
	const events = () =>
		client
			.list('events', 'default')
			.map(({ reason, message, count }) => ({ reason, message: String(message), count: Number(count) }));
	return { clock, client, recorder, events, pass: (seconds: number) => clock.advance(seconds * 1000, async () => {}) };
}

test('have the form of those of a real cluster', () => {
	const { client, recorder } = start();
	recorder.record(pod, 'Normal', 'Pulling', 'Pulling image "x"', 'spec.containers{app}');
	const [{ metadata, ...event } = {} as KubeObject] = client.list('events', 'default');
	assert.match(metadata.name, /^p\.[0-9a-f]{16}$/);
	assert.equal(event, {
		apiVersion: 'v1',
		kind: 'Event',
		involvedObject: {
			apiVersion: 'v1',
			kind: 'Pod',
			name: 'p',
			namespace: 'default',
			uid: 'u',
			resourceVersion: '7',
			fieldPath: 'spec.containers{app}',
		},
		reason: 'Pulling',
		message: 'Pulling image "x"',
		source: { component: 'kubelet', host: 'node' },
		firstTimestamp: '2026-01-01T00:00:00Z',
		lastTimestamp: '2026-01-01T00:00:00Z',
		count: 1,
		type: 'Normal',
		eventTime: null,
		reportingComponent: 'kubelet',
		reportingInstance: 'node',
	});
});

test('are counted where they repeat', async () => {
	const { client, recorder, events, pass } = start();
	for (let index = 0; index < 3; index++) {
		recorder.record(pod, 'Warning', 'Failed', 'Error: ErrImagePull');
		await pass(10);
	}
	assert.equal(events(), [{ reason: 'Failed', message: 'Error: ErrImagePull', count: 3 }]);
	assert.is(client.list('events', 'default')[0]?.lastTimestamp, '2026-01-01T00:00:20Z');
});

test('are held back after 25 of a type, and the count jumps when the next one may pass', async () => {
	const { recorder, events, pass } = start();
	for (let index = 0; index < 40; index++) recorder.record(pod, 'Warning', 'Failed', 'again');
	recorder.record(pod, 'Normal', 'Pulled', 'of another type');
	assert.equal(
		events()
			.map(({ count }) => count)
			.sort(),
		[1, 25],
	);
	await pass(300);
	recorder.record(pod, 'Warning', 'Failed', 'again');
	assert.equal(
		events()
			.map(({ count }) => count)
			.sort(),
		[1, 41],
	);
});

test('share one from the tenth of a kind on', () => {
	const { recorder, events } = start();
	for (let index = 0; index < 12; index++) recorder.record(pod, 'Normal', 'Created', `number ${index}`);
	assert.is(events().length, 10);
	const combined = events().find(({ message }) => message.startsWith('(combined from similar events): '));
	assert.equal(combined, { reason: 'Created', message: '(combined from similar events): number 11', count: 3 });
});

test('that are gone begin anew, with their count', () => {
	const { client, recorder, events } = start();
	recorder.record(pod, 'Normal', 'Created', 'x');
	const [{ metadata } = pod] = client.list('events', 'default');
	client.delete('events', 'default', metadata.name);
	recorder.record(pod, 'Normal', 'Created', 'x');
	assert.equal(events(), [{ reason: 'Created', message: 'x', count: 2 }]);
});

test.run();
