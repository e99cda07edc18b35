import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { buildImage, host, startNode, type TestNode } from './node.ts';

const test = suite('lifecycle hooks');

interface Play extends TestNode {
	/** Runs a Pod with these hooks, and lets it be pulled. */
	start(lifecycle: object, spec?: object): Promise<void>;
	waiting(): { reason?: string; message?: string } | undefined;
	isRunning(): boolean;
	events(): string[];
}

async function play(script: (node: Play) => Promise<void>): Promise<void> {
	const node = await startNode();
	try {
		await node.push('myapp', '1.0', await buildImage(['/bin/app', '/bin/false', '/bin/sleep']));
		await node.makeNamespace('default');
		node.createPullSecret('default', 'creds');
		const stateOf = () => node.getPod('default', 'p').status.containerStatuses?.[0]?.state;
		await script({
			...node,
			async start(lifecycle, spec = {}) {
				const containers = [{ name: 'app', image: `${host}/myapp:1.0`, lifecycle }];
				node.run('default', 'p', { containers, imagePullSecrets: [{ name: 'creds' }], ...spec });
				await node.advance(1.5);
			},
			waiting: () => stateOf()?.waiting,
			isRunning: () => stateOf()?.running !== undefined,
			events: () => node.eventsOf('default', 'p'),
		});
	} finally {
		await node.stop();
	}
}

const exec = (...command: string[]) => ({ exec: { command } });

test('a container goes whose hook after the start fails, and is started again', () =>
	play(async ({ start, waiting, events, advance, getPod }) => {
		await start({ postStart: exec('/none') });
		const { uid } = getPod('default', 'p').metadata;
		await advance(1);
		assert.is(waiting()?.reason, 'PostStartHookError');
		assert.match(
			waiting()?.message ?? '',
			new RegExp(
				`^Exec lifecycle hook \\(\\[/none\\]\\) for Container "app" in Pod "p_default\\(${uid}\\)" failed - error: rpc error: code = Unknown desc = failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "/none": stat /none: no such file or directory, message: ""$`,
			),
		);
		await advance(4);
		assert.is(waiting()?.reason, 'CrashLoopBackOff');
		assert.is(getPod('default', 'p').status.containerStatuses?.[0]?.restartCount, 1);
		assert.ok(events().includes('Warning FailedPostStartHook PostStartHook failed x2'));
		assert.ok(events().includes('Normal Killing FailedPostStartHook x2'));
	}));

test('a hook fails that ends badly, and one that asks a port', () =>
	play(async ({ start, waiting, advance, getPod, cluster: { client } }) => {
		await start({ postStart: exec('/bin/false') });
		await advance(1);
		assert.match(waiting()?.message ?? '', /failed - error: command '\/bin\/false' exited with 1: , message: ""$/);
		client.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 });
		await start({ postStart: { httpGet: { port: 81, path: '/hello' } } });
		await advance(1);
		const { podIP } = getPod('default', 'p').status;
		assert.match(
			waiting()?.message ?? '',
			new RegExp(
				`^HTTP lifecycle hook \\(/hello\\) for Container "app" in Pod .* failed - error: Get "http://${podIP}:81/hello": dial tcp ${podIP}:81: connect: connection refused$`,
			),
		);
	}));

test('a container is being created until its hook is over', () =>
	play(async ({ start, waiting, isRunning, advance }) => {
		await start({ postStart: { sleep: { seconds: 5 } } });
		assert.is(waiting()?.reason, 'ContainerCreating');
		await advance(5);
		assert.ok(isRunning());
	}));

test('a Pod that is deleted does not wait for a hook that was to follow its start', () =>
	play(async ({ start, advance, cluster: { client } }) => {
		await start({ postStart: exec('/bin/app') }, { terminationGracePeriodSeconds: 5 });
		await advance(600);
		client.delete('pods', 'default', 'p', {});
		await advance(2);
		assert.is(client.get('pods', 'default', 'p'), null);
	}));

test('what is to come before the stop is waited for, as long as there is time', () =>
	play(async ({ start, advance, events, cluster: { client } }) => {
		const isThere = () => client.get('pods', 'default', 'p') !== null;
		const stop = async (lifecycle: object, grace: number) => {
			await start(lifecycle, { terminationGracePeriodSeconds: grace });
			client.delete('pods', 'default', 'p', { gracePeriodSeconds: grace });
			await advance(0);
		};
		await stop({ preStop: { sleep: { seconds: 3 } } }, 10);
		await advance(3);
		assert.ok(isThere());
		await advance(2);
		assert.not(isThere());

		await stop({ preStop: exec('/bin/sleep', '60') }, 5);
		await advance(5);
		assert.ok(isThere());
		await advance(2);
		assert.not(isThere());

		await stop({ preStop: exec('/none') }, 5);
		await advance(1);
		assert.not(isThere());
		assert.ok(events().includes('Warning FailedPreStopHook PreStopHook failed x1'));
	}));

test.run();
