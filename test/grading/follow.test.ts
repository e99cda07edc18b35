/** Following a cluster: real watches over HTTP, on a clock that the test moves. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { followLab } from '../../src/grading/index.ts';
import type { AnyCheck } from '../../src/model/check.ts';
import type { LabError } from '../../src/model/error.ts';
import type { Report } from '../../src/model/report.ts';
import { check } from '../checks/facts.ts';
import { suite } from '../harness.ts';
import { canary } from '../runner/canary.ts';
import { type Gate, openGate } from './gate.ts';
import { HandClock } from './hand-clock.ts';
import { type JumpingCluster, openJumpingCluster } from './jumping-cluster.ts';
import { labOf, taskOf } from './made-lab.ts';

const host = 'registry.example.com';
const image = `${host}/myapp:1.0`;
const heartbeat = 10_000;
const secretsPath = '/api/v1/namespaces/default/secrets';
const secretPath = `${secretsPath}/creds`;
const hasSecret = check('pull-secret', { namespace: 'default', name: 'creds', registry: host });
const hasSettings = check('resource', { apiVersion: 'v1', resource: 'ConfigMap', name: 'settings' });
const isPulled = check('pulled-pod', { namespace: 'default', name: 'app', image });

interface Context {
	cluster: JumpingCluster;
	gate: Gate;
	following: Following[];
}

const test = suite<Context>('following', { timeout: 60 });
test.before(async (context) => {
	context.cluster = await openJumpingCluster({
		...{ name: 'following', images: [`${host}/myapp`], programs: ['/bin/serve'], sandboxPeriod: 20_000 },
		credentials: { username: 'myuser', password: canary },
	});
	const { emulator, makeControls, clock } = context.cluster;
	await makeControls([image]);
	await clock.sleep(60_000);
	context.gate = await openGate(emulator);
});
test.before.each((context) => {
	context.following = [];
});
test.after.each(async ({ cluster, gate, following }) => {
	for (const each of following) await each.stop();
	gate.faults.clear();
	const { client } = cluster.emulator;
	const left = made.filter(([collection, name]) => client.get(collection, 'default', name) !== null);
	for (const [collection, name] of left) client.delete(collection, 'default', name);
	// A Pod is gone when its containers are.
	if (left.some(([collection]) => collection === 'pods')) await cluster.clock.sleep(60_000);
});
test.after(async ({ cluster, gate }) => {
	await gate?.close();
	await cluster?.close();
});

interface Following {
	clock: HandClock;
	reports: Report[];
	lost: LabError[];
	/** With what it ended. */
	ended: Promise<unknown>;
	/** That too, unless the test has stopped it; null: it goes on. */
	failure: unknown;
	/** Outcome or reason of each check of the last report. */
	found(): string[];
	stop(): Promise<unknown>;
}

/** One task for each check. */
async function follow({ cluster, gate, following }: Context, ...checks: AnyCheck[]): Promise<Following> {
	const kubeconfig = join(cluster.session.folder, 'through-the-gate');
	await writeFile(kubeconfig, gate.kubeconfig, { mode: 0o600 });
	gate.requests.length = 0;
	const stopping = new AbortController();
	const clock = new HandClock();
	const reports: Report[] = [];
	const lost: LabError[] = [];
	const ended = followLab({
		lab: labOf(...checks.map((each, index) => taskOf(`task-${index}`, [each]))),
		session: { ...cluster.session, cluster: { ...cluster.session.cluster, kubeconfig } },
		...{ clock, signal: stopping.signal },
		onReport: (report) => reports.push(report),
		onLost: (problem) => lost.push(problem),
	}).catch((error: unknown) => {
		if (!stopping.signal.aborted) started.failure = error;
		return error;
	});
	const started: Following = {
		...{ clock, reports, lost, ended, failure: null },
		found: () =>
			(reports.at(-1)?.tasks ?? []).flatMap(({ checks: verdicts }) =>
				verdicts.map(({ outcome, diagnosis }) => diagnosis?.reason ?? outcome),
			),
		stop() {
			stopping.abort(new Error('the test is over'));
			return ended;
		},
	};
	following.push(started);
	return started;
}

/** Resolves once it is so, and stays so while everything that is on its way arrives. */
async function until(followed: Following, isSo: () => boolean): Promise<void> {
	const begun = performance.now();
	for (let times = 0; times < 10; times = isSo() ? times + 1 : 0) {
		const { reports, clock, lost, failure, found } = followed;
		if (failure !== null || performance.now() - begun > 10_000) {
			const seen = [reports.length, found(), clock.waits, lost.map(({ message }) => message)];
			throw new Error(`it did not come to be so: ${JSON.stringify(seen)}`, { cause: failure });
		}
		await new Promise((resolve) => setTimeout(resolve, 4));
	}
}

/** Until it has told so many reports, and waits for nothing but these. */
const untilReports = (followed: Following, count: number, waits: number[]) =>
	until(followed, () => followed.reports.length === count && String(followed.clock.waits) === String(waits));

const made = [
	['secrets', 'creds'],
	['configmaps', 'settings'],
	['pods', 'app'],
] as const;

function makeSecret({ emulator }: JumpingCluster): void {
	const config = { auths: { [host]: { username: 'myuser', password: canary } } };
	emulator.client.create('secrets', 'default', {
		...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'creds' }, type: 'kubernetes.io/dockerconfigjson' },
		data: { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') },
	});
}

const makeSettings = ({ emulator }: JumpingCluster) =>
	emulator.client.create('configmaps', 'default', {
		...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
	});

const makePod = ({ emulator }: JumpingCluster) =>
	emulator.client.create('pods', 'default', {
		...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app' } },
		spec: { containers: [{ name: 'app', image }], imagePullSecrets: [{ name: 'creds' }] },
	});

test('a report at first, and one for each change, which comes without time passing', async (context) => {
	const { cluster } = context;
	const followed = await follow(context, hasSecret, hasSettings);
	await untilReports(followed, 1, [heartbeat]);
	assert.equal(followed.found(), ['PullSecretMissing', 'ResourceMissing']);
	assert.match(followed.reports[0]?.environment.kubernetesVersion ?? '', /^1\.\d+\.\d+$/);
	makeSecret(cluster);
	await untilReports(followed, 2, [heartbeat]);
	assert.equal(followed.found(), ['pass', 'ResourceMissing']);
	makeSettings(cluster);
	await untilReports(followed, 3, [heartbeat]);
	assert.equal(followed.found(), ['pass', 'pass']);
	cluster.emulator.client.delete('secrets', 'default', 'creds');
	await untilReports(followed, 4, [heartbeat]);
	assert.equal(followed.found(), ['PullSecretMissing', 'pass']);
	assert.equal(followed.lost, []);
});

test('only what rests on a change is read again', async (context) => {
	const { cluster, gate } = context;
	const followed = await follow(context, hasSecret, hasSettings);
	await untilReports(followed, 1, [heartbeat]);
	gate.requests.length = 0;
	makeSettings(cluster);
	await untilReports(followed, 2, [heartbeat]);
	assert.equal(gate.requests, ['/api/v1/namespaces/default/configmaps/settings']);
});

test("the registry's log is read again with what the same check looks at, and with nothing else", async (context) => {
	const { cluster } = context;
	makeSecret(cluster);
	let reads = 0;
	const onRead = () => {
		reads += 1;
	};
	const followed = await follow(tellOfReads(context, onRead), isPulled, hasSettings);
	await untilReports(followed, 1, [heartbeat]);
	assert.equal([reads, ...followed.found()], [1, 'PodMissing', 'ResourceMissing']);
	makeSettings(cluster);
	await untilReports(followed, 2, [heartbeat]);
	assert.is(reads, 1);
	makePod(cluster);
	await until(followed, () => followed.found()[0] === 'PodStarting' && reads > 1);
	await cluster.clock.sleep(60_000);
	await until(followed, () => followed.found()[0] === 'pass');
});

test('and after the Pods, so that it has what was pulled for each that was seen', async (context) => {
	const { gate } = context;
	const asked: boolean[] = [];
	const onRead = () => asked.push(gate.requests.includes('/api/v1/namespaces/default/pods/app'));
	const followed = await follow(tellOfReads(context, onRead), isPulled);
	await untilReports(followed, 1, [heartbeat]);
	assert.equal(asked, [true]);
});

/** `onRead`: called before a registry's log is read. */
function tellOfReads(context: Context, onRead: () => unknown): Context {
	const { cluster } = context;
	const registries = cluster.session.registries.map((registry) => ({
		...registry,
		async pullLog() {
			await onRead();
			return registry.pullLog();
		},
	}));
	return { ...context, cluster: { ...cluster, session: { ...cluster.session, registries } } };
}

test('while a Pod is starting, a report comes every second; time changes nothing else', async (context) => {
	const { cluster, gate } = context;
	makeSecret(cluster);
	makePod(cluster);
	const followed = await follow(context, hasSecret, isPulled);
	await untilReports(followed, 1, [1000, heartbeat]);
	assert.equal(followed.found(), ['pass', 'PodStarting']);
	gate.requests.length = 0;
	followed.clock.move(999);
	await untilReports(followed, 1, [1000, heartbeat]);
	followed.clock.move(1);
	await untilReports(followed, 2, [1000, heartbeat]);
	assert.equal(gate.requests, [], 'what a watch would tell of is not read again');
	await cluster.clock.sleep(60_000);
	await until(followed, () => followed.found()[1] === 'pass');
	const told = followed.reports.length;
	followed.clock.move(1000);
	await untilReports(followed, told, [heartbeat]);
});

test('what could not be looked at is looked at again, less and less often, until it can be', async (context) => {
	const { cluster, gate } = context;
	makeSecret(cluster);
	gate.faults.set(secretPath, 500);
	const followed = await follow(context, hasSecret, hasSettings);
	for (const [index, wait] of [1000, 2000, 5000, 5000].entries()) {
		await until(followed, () => followed.reports.length === index + 1 && followed.clock.waits[0] === wait);
		assert.equal(followed.found(), ['NotObserved', 'ResourceMissing']);
		if (index === 3) gate.faults.clear();
		followed.clock.move(wait);
	}
	await until(followed, () => followed.found()[0] === 'pass');
	const told = followed.reports.length;
	await untilReports(followed, told, [heartbeat]);

	gate.faults.set(secretPath, 500);
	cluster.emulator.client.delete('secrets', 'default', 'creds');
	await untilReports(followed, told + 1, [1000, heartbeat]);
	assert.equal(followed.found(), ['NotObserved', 'ResourceMissing']);
	followed.clock.move(1000);
	await untilReports(followed, told + 2, [2000, heartbeat]);
	makeSettings(cluster);
	await untilReports(followed, told + 3, [1000, 2000, heartbeat]);
	assert.equal(followed.found(), ['NotObserved', 'pass'], 'and when something has changed, as at first');
});

test('a cluster that is lost is told once, and tried again more and more seldom until it is there', async (context) => {
	const { cluster, gate } = context;
	const followed = await follow(context, hasSecret);
	await untilReports(followed, 1, [heartbeat]);
	for (const times of [1, 2]) {
		gate.faults.set('*', 'hang-up');
		gate.breakConnections();
		for (const wait of [100, 250, 500, 1000, 1000]) {
			await until(followed, () => String(followed.clock.waits) === String([wait]));
			followed.clock.move(wait);
		}
		assert.is(followed.lost.length, times);
		assert.is(followed.lost[0]?.code, 'cluster-unreachable');
		assert.match(followed.lost[0]?.message ?? '', gate.url);
		assert.is(followed.reports.length, times);
		await until(followed, () => followed.clock.waits[0] === 1000);
		gate.faults.clear();
		followed.clock.move(1000);
		await untilReports(followed, times + 1, [heartbeat]);
	}
	makeSecret(cluster);
	await untilReports(followed, 4, [heartbeat]);
	assert.equal(followed.found(), ['pass']);
});

test('a read that the cluster is lost over is no verdict about a task', async (context) => {
	const { gate } = context;
	gate.faults.set(secretPath, 'hang-up');
	const followed = await follow(context, hasSecret);
	await until(followed, () => followed.lost.length === 1);
	assert.is(followed.lost[0]?.code, 'cluster-unreachable');
	assert.equal(followed.reports, []);
	assert.equal(followed.clock.waits, [100]);
});

test('an API server that is only just starting is one that is lost', async (context) => {
	const { gate } = context;
	gate.faults.set('/version', 503);
	const followed = await follow(context, hasSecret);
	await until(followed, () => followed.lost.length === 1);
	const [problem] = followed.lost;
	assert.is(problem?.code, 'cluster-unreachable');
	assert.is(problem?.message, 'The API server answers, but not what it is asked: answered with 503');
	assert.is(problem?.remedy, 'kubeproctor status tells what is there.');
	assert.match(String(problem?.cause), /^KubeError/);
	gate.faults.clear();
	followed.clock.move(100);
	await untilReports(followed, 1, [heartbeat]);
});

test('a connection over which nothing comes is tried every ten seconds', async (context) => {
	const { gate } = context;
	const followed = await follow(context, hasSecret);
	await untilReports(followed, 1, [heartbeat]);
	gate.requests.length = 0;
	followed.clock.move(heartbeat);
	await untilReports(followed, 1, [heartbeat]);
	assert.equal(gate.requests, ['/version']);
	gate.faults.set('/version', 'hang-up');
	followed.clock.move(heartbeat);
	await until(followed, () => followed.lost.length === 1);
	assert.equal([...gate.watches], [], 'what was left of the connection is let go');
});

test('and is given up after five seconds without an answer, long before the next try', async (context) => {
	const { gate } = context;
	const followed = await follow(context, hasSecret);
	await untilReports(followed, 1, [heartbeat]);
	gate.faults.set('/version', 'silence');
	followed.clock.move(heartbeat);
	const asked = performance.now();
	await until(followed, () => followed.lost.length === 1);
	assert.ok(performance.now() - asked > 4500);
	assert.match(String(followed.lost[0]?.message), 'no answer within 5 s');
});

test('a cluster in which something changes at every look is reported on all the same', async (context) => {
	const { cluster } = context;
	makeSecret(cluster);
	makePod(cluster);
	let reads = 0;
	const onRead = async () => {
		reads += 1;
		if (followed?.reports.length) return;
		cluster.emulator.client.update('pods', 'default', 'app', (pod) => ({
			...pod,
			metadata: { ...pod.metadata, labels: { look: String(reads) } },
		}));
		// The watch has told of it before this look is over.
		await new Promise((resolve) => setTimeout(resolve, 100));
	};
	const followed = await follow(tellOfReads(context, onRead), isPulled);
	await until(followed, () => followed.reports.length > 0 && followed.found()[0] === 'PodStarting');
	assert.ok(reads > 1, 'what has changed meanwhile is looked at first');
});

test('it ends with what ended it, and leaves nothing open', async (context) => {
	const { gate } = context;
	const followed = await follow(context, hasSecret);
	await untilReports(followed, 1, [heartbeat]);
	assert.ok(gate.watches.size > 0);
	assert.match(String(await followed.stop()), 'the test is over');
	await until(followed, () => gate.watches.size === 0);
	assert.equal(followed.clock.waits, []);
	assert.equal(followed.lost, []);

	const away = await follow(context, hasSecret);
	gate.faults.set('*', 'hang-up');
	await until(away, () => away.lost.length === 1);
	assert.match(String(await away.stop()), 'the test is over');
	assert.equal(away.clock.waits, []);
});

test('a fault of ours is not taken for one of the cluster', async (context) => {
	const broken: AnyCheck = {
		...hasSecret,
		judge() {
			throw new TypeError('ours');
		},
	};
	const followed = await follow(context, broken);
	assert.instance(await followed.ended, TypeError);
	assert.equal(followed.lost, []);
});

test('a kubeconfig that is gone ends it', async ({ cluster }) => {
	const kubeconfig = '/nowhere/kubeconfig';
	const error = await followLab({
		lab: labOf(taskOf('task', [hasSecret])),
		session: { ...cluster.session, cluster: { kubeconfig, context: 'c' } },
		...{ clock: new HandClock(), signal: new AbortController().signal },
		onReport: () => assert.unreachable(),
		onLost: () => assert.unreachable(),
	}).catch((thrown: unknown) => thrown as LabError);
	assert.match((error as LabError).message, kubeconfig);
});

test.run();
