/** A whole grading pass, over real HTTP. */

import { setMaxListeners } from 'node:events';
import * as assert from 'uvu/assert';
import { JumpingClock } from '../../src/emulator/index.ts';
import { gradeLab } from '../../src/grading/index.ts';
import { loadLab } from '../../src/lab/index.ts';
import { LabError, UsageError } from '../../src/model/error.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { RegistryAccess } from '../../src/model/registry.ts';
import { check } from '../checks/facts.ts';
import { suite } from '../harness.ts';
import { canary } from '../runner/canary.ts';
import { labOf, taskOf } from './made-lab.ts';
import {
	host,
	type Objects,
	openScriptedCluster,
	pod,
	type ScriptedCluster,
	secret,
	solved,
	untouched,
} from './scripted-cluster.ts';

const test = suite<{ opened: ScriptedCluster[] }>('grading');
test.before.each((context) => {
	context.opened = [];
});
test.after.each(async ({ opened }) => {
	for (const cluster of opened) await cluster.close();
});

interface Options {
	lab?: Lab;
	task?: string;
	timeout?: number;
	onWait?: (what: string) => void;
	signal?: AbortSignal;
	awaitsRetry?: boolean;
	/** Instead of the registry's. */
	pullLog?: RegistryAccess['pullLog'];
}

async function grade(opened: ScriptedCluster[], objects: Objects, { timeout = 0, pullLog, ...rest }: Options = {}) {
	const cluster = await openScriptedCluster(objects);
	opened.push(cluster);
	const lab = rest.lab ?? (await loadLab('pulling-from-private-registries'));
	const { signal = new AbortController().signal } = rest;
	setMaxListeners(0, signal);
	const registries = cluster.session.registries.map((registry) => ({ ...registry, ...(pullLog && { pullLog }) }));
	const session = { ...cluster.session, registries };
	const clock = new JumpingClock();
	const begun = clock.now().getTime();
	const graded = await gradeLab({ ...rest, lab, session, timeout, clock, signal });
	return { ...graded, cluster, lab, passed: clock.now().getTime() - begun };
}

const outcomes = ({ report }: Awaited<ReturnType<typeof grade>>) => report.tasks.map((task) => task.outcome);
const reasons = ({ report }: Awaited<ReturnType<typeof grade>>) =>
	report.tasks.flatMap((task) => task.checks.map(({ diagnosis }) => diagnosis?.reason ?? null));
const codesOf = ({ evidence }: Awaited<ReturnType<typeof grade>>) =>
	Object.values(evidence.observations).flatMap((observation) => (observation.ok ? [] : observation.code));
const privatePod = '/api/v1/namespaces/default/pods/private-pod';
const secretPath = '/api/v1/namespaces/default/secrets/my-registry-creds';

test('nothing passes where nothing was done', async ({ opened }) => {
	const graded = await grade(opened, untouched());
	assert.equal(outcomes(graded), ['fail', 'skip', 'fail', 'skip']);
	assert.equal(graded.report.score, { earned: 0, possible: 100, ungraded: 0 });
	assert.equal(reasons(graded), ['PullSecretMissing', null, 'PodMissing', null, null]);
	assert.equal(graded.report.tasks[1]?.waitsFor, ['store-credentials']);
});

test('everything passes where everything is right', async ({ opened }) => {
	const graded = await grade(opened, solved());
	assert.equal(outcomes(graded), ['pass', 'pass', 'pass', 'pass'], JSON.stringify(graded.report, null, 1));
	assert.equal(graded.report.score, { earned: 100, possible: 100, ungraded: 0 });
	assert.equal(graded.report.environment, { name: 'scripted', provider: 'kind', kubernetesVersion: '1.35.4' });
});

test('each object is read once, each credential tried once', async ({ opened }) => {
	const { cluster } = await grade(opened, solved());
	assert.equal([...new Set(cluster.requests)].length, cluster.requests.length, cluster.requests.join('\n'));
	assert.equal(cluster.offered, ['', `myuser:${canary}`]);
	assert.ok(cluster.requests.includes('POST /api/v1/namespaces/default/pods?dryRun=All'));
	assert.equal(
		cluster.requests.filter((request) => !request.startsWith('GET ')),
		['POST /api/v1/namespaces/default/pods?dryRun=All'],
		'nothing but the dry run is ever posted',
	);
});

test('the log of a registry is read after the Pods, so that it has what was pulled for each that was seen', async ({
	opened,
}) => {
	const objects = solved();
	let isSeen = false;
	const seen: boolean[] = [];
	const answer = () => {
		isSeen = true;
		return objects[privatePod] as object;
	};
	const pullLog = async () => {
		seen.push(isSeen);
		return { records: [], lostBefore: null };
	};
	await grade(opened, { ...objects, [privatePod]: answer }, { pullLog });
	assert.equal(seen, [true]);
});

test('a wrong password is tried and told apart', async ({ opened }) => {
	const graded = await grade(opened, { ...solved(), [secretPath]: secret('guessed') });
	assert.is(reasons(graded)[0], 'CredentialsRejected');
	assert.equal(graded.cluster.offered, ['', 'myuser:guessed']);
});

test('what the report and the evidence hold is no credential', async ({ opened }) => {
	const graded = await grade(opened, solved());
	const wrong = await grade(opened, { ...solved(), [secretPath]: secret('guessed-by-me') });
	for (const { report, evidence } of [graded, wrong]) {
		const text = JSON.stringify([report, evidence]);
		for (const word of [canary, 'guessed-by-me']) {
			assert.not.match(text, word);
			assert.not.match(text, Buffer.from(`myuser:${word}`).toString('base64').replace(/=+$/, ''));
		}
	}
});

test('one task is graded with those it needs, and reported alone', async ({ opened }) => {
	const graded = await grade(opened, solved(), { task: '2' });
	assert.equal(
		graded.report.tasks.map(({ id }) => id),
		['pull-with-a-pod-secret'],
	);
	assert.is(graded.report.score.possible, 30);
	const isThere = check('pull-secret', { namespace: 'default', name: 'my-registry-creds', registry: host });
	const chain = labOf(
		taskOf('first', [isThere]),
		taskOf('second', [isThere], { needs: ['first'] }),
		taskOf('third', [isThere], { needs: ['second'] }),
	);
	const last = await grade(opened, solved(), { lab: chain, task: 'third' });
	assert.equal(
		last.report.tasks.map(({ id, outcome }) => [id, outcome]),
		[['third', 'pass']],
	);
	const undone = await grade(opened, untouched(), { task: 'pull-with-a-pod-secret' });
	assert.equal(outcomes(undone), ['skip']);
});

test('a task that is not there is named, with the one that was meant', async ({ opened }) => {
	try {
		await grade(opened, solved(), { task: 'store-credential' });
		assert.unreachable();
	} catch (error) {
		assert.instance(error, UsageError);
		assert.is((error as UsageError).remedy, 'Did you mean store-credentials?');
	}
});

test('a Pod that is still starting is waited for', async ({ opened }) => {
	const waits: string[] = [];
	const starting = pod('private-pod', { waiting: { reason: 'ContainerCreating' } }, true);
	const objects = {
		...solved(),
		[privatePod]: (count: number) => (count < 2 ? starting : pod('private-pod', { running: {} }, true)),
	};
	const graded = await grade(opened, objects, { timeout: 10_000, onWait: (what) => waits.push(what) });
	assert.equal(outcomes(graded), ['pass', 'pass', 'pass', 'pass']);
	assert.is(waits.length, 2);
	assert.match(waits[0] ?? '', /private-pod/);
});

test('one task alone waits for what it needs as well', async ({ opened }) => {
	const waits: string[] = [];
	const lab = await loadLab('image-pull-policy');
	const careful = (state: object) => {
		const plain = pod('careful', state, true) as { spec: { containers: object[] } };
		const [container] = plain.spec.containers;
		return { ...plain, spec: { ...plain.spec, containers: [{ ...container, imagePullPolicy: 'Always' }] } };
	};
	const objects: Objects = {
		...solved(),
		'/api/v1/namespaces/default/pods/careful': (count: number) =>
			careful(count < 2 ? { waiting: { reason: 'ContainerCreating' } } : { running: {} }),
	};
	const graded = await grade(opened, objects, {
		lab,
		task: 'pin-the-digest',
		timeout: 10_000,
		onWait: (what) => waits.push(what),
	});
	assert.equal(reasons(graded), ['PodMissing']);
	assert.is(waits.length, 2);
	assert.match(waits[0] ?? '', /careful/);
});

test('a Pod that is wrong is not waited for', async ({ opened }) => {
	const refused = pod('private-pod', { waiting: { reason: 'ErrImagePull', message: 'x: not found' } }, true);
	const graded = await grade(opened, { ...solved(), [privatePod]: refused }, { timeout: 30_000 });
	assert.is(reasons(graded)[1], 'ImageNotFound');
	assert.is(graded.passed, 0);
});

test('waiting ends with the time that was given', async ({ opened }) => {
	const starting = pod('private-pod', { waiting: { reason: 'ContainerCreating' } }, true);
	const graded = await grade(opened, { ...solved(), [privatePod]: starting }, { timeout: 900 });
	assert.is(reasons(graded)[1], 'PodStarting');
});

test('one failed answer does not end it', async ({ opened }) => {
	const objects = {
		...solved(),
		[privatePod]: (count: number) => (count === 0 ? 500 : pod('private-pod', { running: {} }, true)),
	};
	assert.equal(outcomes(await grade(opened, objects, { timeout: 5000 })), ['pass', 'pass', 'pass', 'pass']);
	const version = (count: number) => (count === 0 ? ('hang-up' as const) : { gitVersion: 'v1.35.4' });
	assert.equal(outcomes(await grade(opened, { ...solved(), '/version': version }, { timeout: 5000 })), [
		'pass',
		'pass',
		'pass',
		'pass',
	]);
});

test('what cannot be read is an error with its own words, and costs nobody points', async ({ opened }) => {
	const graded = await grade(opened, { ...solved(), [privatePod]: () => 503 }, { timeout: 5000 });
	assert.equal(outcomes(graded), ['pass', 'error', 'pass', 'pass']);
	assert.equal(graded.report.score, { earned: 70, possible: 100, ungraded: 30 });
	const diagnosis = graded.report.tasks[1]?.checks[0]?.diagnosis;
	assert.is(diagnosis?.actual, 'scripted 503');
	assert.is(diagnosis?.remedy, 'Grade again; kubeproctor status tells how the cluster is.');
	assert.equal(codesOf(graded), ['kubernetes-error']);
	const cut = await grade(opened, { ...solved(), [privatePod]: () => 'hang-up' as const });
	assert.equal(outcomes(cut), ['pass', 'error', 'pass', 'pass']);
	assert.match(cut.report.tasks[1]?.checks[0]?.diagnosis?.actual ?? '', /does not answer/);
	assert.equal(codesOf(cut), ['cluster-unreachable']);
});

test('tasks that wait for one that could not be graded are not lost either', async ({ opened }) => {
	const graded = await grade(opened, { ...solved(), [secretPath]: () => 403 });
	assert.equal(outcomes(graded), ['error', 'skip', 'pass', 'skip']);
	assert.is(graded.report.score.ungraded, 75);
	assert.is(graded.report.tasks[0]?.checks[0]?.diagnosis?.remedy, 'Use a kubeconfig whose user may read this.');
	assert.equal([...new Set(codesOf(graded))], ['forbidden']);
});

test('what may not be read is not asked for again', async ({ opened }) => {
	const waits: string[] = [];
	const objects = { ...solved(), [secretPath]: () => 403 };
	const graded = await grade(opened, objects, { timeout: 30_000, onWait: (what) => waits.push(what) });
	assert.equal([...waits, graded.passed], [0]);
});

test('what could not be looked at is looked at twice more, and told meanwhile', async ({ opened }) => {
	const waits: string[] = [];
	let looks = 0;
	const failing = () => {
		looks += 1;
		return 503;
	};
	const options = { timeout: 30_000, onWait: (what: string) => waits.push(what) };
	const graded = await grade(opened, { ...solved(), [privatePod]: failing }, options);
	assert.equal(outcomes(graded), ['pass', 'error', 'pass', 'pass']);
	assert.is(looks, 3);
	assert.equal(waits, ['something could not be looked at', 'something could not be looked at']);
	assert.is(graded.passed, 800);
});

test('it is waited for something else for longer than for what could not be looked at', async ({ opened }) => {
	const inPhase = (phase: string) => ({ ...pod('private-pod', { running: {} }, true), status: { phase } });
	const objects = {
		...solved(),
		'/api/v1': { resources: [{ name: 'pods', kind: 'Pod', namespaced: true }] },
		[secretPath]: () => 503,
		[privatePod]: (count: number) => inPhase(count < 8 ? 'Pending' : 'Running'),
	};
	const lab = labOf(
		taskOf('secret', [check('pull-secret', { namespace: 'default', name: 'my-registry-creds', registry: host })]),
		taskOf('pod', [
			check('resource', {
				...{ apiVersion: 'v1', resource: 'Pod', name: 'private-pod', match: { status: { phase: 'Running' } } },
			}),
		]),
	);
	const graded = await grade(opened, objects, { lab, timeout: 30_000 });
	assert.equal(outcomes(graded), ['error', 'pass']);
	assert.is(graded.passed, 8 * 400);
});

test('what failed once after long waiting is looked at again all the same', async ({ opened }) => {
	const starting = pod('private-pod', { waiting: { reason: 'ContainerCreating' } }, true);
	const answers = [starting, starting, starting, starting, 503];
	const objects = {
		...solved(),
		[privatePod]: (count: number) => answers[count] ?? pod('private-pod', { running: {} }, true),
	};
	assert.equal(outcomes(await grade(opened, objects, { timeout: 30_000 })), ['pass', 'pass', 'pass', 'pass']);
});

test('a pull that the kubelet has still to try again is waited for where that is asked for', async ({ opened }) => {
	const waiting = { reason: 'ImagePullBackOff', message: 'unexpected status from HEAD request to x: 401 Unauthorized' };
	const objects = {
		...solved(),
		[privatePod]: (count: number) => pod('private-pod', count < 5 ? { waiting } : { running: {} }, true),
	};
	const atOnce = await grade(opened, objects, { timeout: 30_000 });
	assert.equal([reasons(atOnce)[1], atOnce.passed], ['PullRetryPending', 0]);
	const later = await grade(opened, objects, { timeout: 30_000, awaitsRetry: true });
	assert.equal([reasons(later)[1], later.passed], [null, 5 * 400]);
	const refused = pod('private-pod', { waiting: { reason: 'ErrImagePull', message: 'x: not found' } }, true);
	const wrong = await grade(opened, { ...solved(), [privatePod]: refused }, { timeout: 30_000, awaitsRetry: true });
	assert.equal([reasons(wrong)[1], wrong.passed], ['ImageNotFound', 0]);
});

test('two looks lie 0.4 s apart, and 1 s once it has taken half a minute', async ({ opened }) => {
	let looks = 0;
	const starting = () => {
		looks += 1;
		return pod('private-pod', { waiting: { reason: 'ContainerCreating' } }, true);
	};
	const graded = await grade(opened, { ...solved(), [privatePod]: starting }, { timeout: 60_000 });
	assert.is(reasons(graded)[1], 'PodStarting');
	assert.is(graded.passed, 60_000);
	assert.is(looks, 1 + 30_000 / 400 + 30_000 / 1000);
});

test('it ends with what interrupts it, while it looks and while it waits', async ({ opened }) => {
	const starting = pod('private-pod', { waiting: { reason: 'ContainerCreating' } }, true);
	const looking = new AbortController();
	const whileLooking = () => {
		looking.abort(new Error('enough'));
		return starting;
	};
	const waiting = new AbortController();
	for (const [objects, options] of [
		[{ ...solved(), [privatePod]: whileLooking }, { signal: looking.signal }],
		[
			{ ...solved(), [privatePod]: starting },
			{ signal: waiting.signal, onWait: () => waiting.abort(new Error('enough')) },
		],
	] as const) {
		const ended = await grade(opened, objects, { timeout: 30_000, ...options }).catch((error: unknown) => error);
		assert.match(String(ended), 'enough');
	}
});

test('a fault of ours is not taken for one of the cluster', async ({ opened }) => {
	const pullLog = () => Promise.reject(new TypeError('ours'));
	const ended = await grade(opened, solved(), { timeout: 5000, pullLog }).catch((error: unknown) => error);
	assert.instance(ended, TypeError);
});

test('an API server that stays away is reported as such', async ({ opened }) => {
	try {
		await grade(opened, { ...solved(), '/version': () => 'hang-up' as const }, { timeout: 30_000 });
		assert.unreachable();
	} catch (error) {
		assert.instance(error, LabError);
		assert.is((error as LabError).code, 'cluster-unreachable');
		assert.match((error as LabError).message, /127\.0\.0\.1/);
		assert.is(opened[0]?.requests.filter((request) => request === 'GET /version').length, 3);
	}
});

test('an account whose admission lags behind is asked again', async ({ opened }) => {
	const lagging = (count: number) => ({
		spec: { containers: [], ...(count > 0 && { imagePullSecrets: [{ name: 'my-registry-creds' }] }) },
	});
	const graded = await grade(opened, { ...solved(), '/api/v1/namespaces/default/pods': lagging });
	assert.equal(outcomes(graded), ['pass', 'pass', 'pass', 'pass']);
});

test('that whoever grades may not make Pods is no refusal of a workload', async ({ opened }) => {
	const image = `${host}/myapp:1.0`;
	const spec = { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } } };
	const objects = {
		...untouched(),
		'/apis/batch/v1/namespaces/default/cronjobs/nightly': { metadata: { name: 'nightly', uid: 'c' }, spec },
		'/apis/batch/v1/namespaces/default/jobs': { items: [] },
		'/api/v1/namespaces/default/pods': (count: number) => (count === 0 ? { items: [] } : 403),
	};
	const lab = labOf(
		taskOf('nightly', [check('pulled-workload', { namespace: 'default', workload: 'cronjob/nightly', image })]),
	);
	const graded = await grade(opened, objects, { lab });
	assert.ok(graded.cluster.requests.includes('POST /api/v1/namespaces/default/pods?dryRun=All'));
	assert.match(graded.report.tasks[0]?.checks[0]?.diagnosis?.message ?? '', /its time has not come/);
});

test('a dry run that is refused falls back to the account', async ({ opened }) => {
	const graded = await grade(opened, { ...solved(), '/api/v1/namespaces/default/pods': () => 403 });
	assert.equal(outcomes(graded), ['pass', 'pass', 'pass', 'pass']);
});

test('before 1.32 the cause of a back-off is in the events', async ({ opened }) => {
	const words = `Failed to pull image "${host}/myapp:1.0": rpc error: code = NotFound desc = ${host}/myapp:1.0: not found`;
	const objects = {
		...solved(),
		[privatePod]: pod(
			'private-pod',
			{ waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${host}/myapp:1.0"` } },
			true,
		),
		'/api/v1/namespaces/default/events': {
			items: [{ reason: 'Failed', message: words, lastTimestamp: '2026-01-01T00:00:00Z' }],
		},
	};
	assert.is(reasons(await grade(opened, objects))[1], 'ImageNotFound');
});

test.run();
