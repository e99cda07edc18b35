/** How long grading waits, and for what: on the embedded cluster, whose clock jumps from one event to the next. */

import * as assert from 'uvu/assert';
import type { Emulator } from '../../src/emulator/index.ts';
import type { Pod } from '../../src/emulator/kubelet/pod.ts';
import { type GradeOptions, gradeLab } from '../../src/grading/index.ts';
import type { Lab } from '../../src/model/lab.ts';
import { check } from '../checks/facts.ts';
import { suite } from '../harness.ts';
import { canary } from '../runner/canary.ts';
import { openJumpingCluster } from './jumping-cluster.ts';
import { labOf as makeLab, taskOf } from './made-lab.ts';

const host = 'registry.example.com';
const image = `${host}/myapp:1.0`;
const credentials = { username: 'myuser', password: canary };

const test = suite<{ opened: { close(): Promise<void> }[] }>('settling', { timeout: 180 });
test.before.each((context) => {
	context.opened = [];
});
test.after.each(async ({ opened }) => {
	for (const each of opened) await each.close();
});

interface Options {
	/** Milliseconds until a node begins with a Pod. */
	sandboxPeriod?: number;
	/** What the image runs. */
	program?: string;
}

/** A cluster without Pods but for the controls, and the means to fill and to grade it. */
async function open(
	opened: { close(): Promise<void> }[],
	{ sandboxPeriod = 100, program = '/bin/serve' }: Options = {},
) {
	const cluster = await openJumpingCluster({
		...{ name: 'settling', credentials, images: [`${host}/myapp`], programs: [program], sandboxPeriod },
	});
	opened.push(cluster);
	const { clock, emulator, session, makeControls } = cluster;
	await makeControls([image]);
	return {
		clock,
		emulator,
		grade(lab: Lab, options: Partial<GradeOptions> = {}) {
			const signal = new AbortController().signal;
			return gradeLab({ lab, session, timeout: 30_000, clock, signal, ...options });
		},
	};
}

function makeSecret({ client }: Emulator, password = credentials.password): void {
	client.create('secrets', 'default', {
		...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'creds' }, type: 'kubernetes.io/dockerconfigjson' },
		data: dataOf(password),
	});
}

function correctSecret({ client }: Emulator): void {
	client.update('secrets', 'default', 'creds', (secret) => ({ ...secret, data: dataOf(credentials.password) }));
}

function dataOf(password: string): Record<string, string> {
	const config = { auths: { [host]: { username: credentials.username, password } } };
	return { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') };
}

function makePod({ client }: Emulator, secrets: string[], name = 'app', container = {}): void {
	client.create('pods', 'default', {
		...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
		spec: {
			containers: [{ name: 'app', image, ...container }],
			imagePullSecrets: secrets.map((each) => ({ name: each })),
		},
	});
}

/** One task for each Pod, each of which needs the one before. */
function labOf(...pods: string[]): Lab {
	const tasks = pods.map((name, index) =>
		taskOf(name, [check('pulled-pod', { namespace: 'default', name, image })], {
			needs: pods.slice(Math.max(0, index - 1), index),
		}),
	);
	return makeLab(...tasks);
}

const reasonsOf = ({ report }: Awaited<ReturnType<typeof gradeLab>>) =>
	report.tasks.map(({ outcome, checks }) => checks[0]?.diagnosis?.reason ?? outcome);

test('a Pod, and a control, that need 20 s to become right are waited for', async ({ opened }) => {
	const { clock, emulator, grade } = await open(opened, { sandboxPeriod: 20_000 });
	makeSecret(emulator);
	makePod(emulator, ['creds']);
	const begun = clock.now().getTime();
	const waits = new Set<string>();
	assert.equal(reasonsOf(await grade(labOf('app'), { onWait: (what) => waits.add(what) })), ['pass']);
	const seconds = (clock.now().getTime() - begun) / 1000;
	assert.ok(seconds > 19 && seconds < 25, `after ${seconds} s`);
	assert.ok([...waits].some((what) => /without credentials on node .* has not been tried yet/.test(what)));
});

test('it is not failed at 5 s but for want of time', async ({ opened }) => {
	const { clock, emulator, grade } = await open(opened, { sandboxPeriod: 20_000 });
	await clock.sleep(60_000);
	makeSecret(emulator);
	makePod(emulator, ['creds']);
	assert.equal(reasonsOf(await grade(labOf('app'), { timeout: 5000 })), ['PodStarting']);
	assert.equal(reasonsOf(await grade(labOf('app'))), ['pass']);
});

test('a Pod that is wrong is reported within 2 s of being provably wrong', async ({ opened }) => {
	for (const [reason, prepare] of [
		['PullSecretNotReferenced', (emulator: Emulator) => makePod(emulator, [])],
		['PullSecretMissing', (emulator: Emulator) => makePod(emulator, ['creds'])],
		[
			'CredentialsRejected',
			(emulator: Emulator) => {
				makeSecret(emulator, 'guessed');
				makePod(emulator, ['creds']);
			},
		],
	] as const) {
		const { clock, emulator, grade } = await open(opened, { sandboxPeriod: 20_000 });
		await clock.sleep(60_000);
		let proven = Number.NaN;
		const stop = emulator.client.watch(['pods'], ({ object }) => {
			const text = JSON.stringify(object?.['status'] ?? {});
			if (object?.metadata.name === 'app' && Number.isNaN(proven) && /ErrImagePull/.test(text))
				proven = clock.now().getTime();
		});
		prepare(emulator);
		const begun = clock.now().getTime();
		assert.equal(reasonsOf(await grade(labOf('app'))), [reason]);
		stop();
		assert.ok(proven - begun >= 20_000, 'it was starting for 20 s');
		assert.ok(clock.now().getTime() - proven <= 2000, `${clock.now().getTime() - proven} ms later`);
	}
});

test('a task that is asked for alone waits for those that it needs', async ({ opened }) => {
	const { clock, emulator, grade } = await open(opened, { sandboxPeriod: 20_000 });
	await clock.sleep(60_000);
	makeSecret(emulator);
	makePod(emulator, ['creds'], 'first');
	makePod(emulator, ['creds'], 'second');
	assert.equal(reasonsOf(await grade(labOf('first', 'second'), { task: 'second' })), ['pass']);
});

test('a container that ends again and again never passes, at whatever moment it is looked at', async ({ opened }) => {
	const { clock, emulator, grade } = await open(opened, { program: '/bin/false' });
	makeSecret(emulator);
	makePod(emulator, ['creds']);
	const seen = new Set<string>();
	for (let look = 0; look < 80; look++) {
		await clock.sleep(700);
		for (const reason of reasonsOf(await grade(labOf('app'), { timeout: 0 }))) seen.add(reason);
	}
	assert.equal([...seen].sort(), ['ContainerCrashing', 'PodStarting']);
	assert.equal(reasonsOf(await grade(labOf('app'))), ['ContainerCrashing']);
});

test('a container that ran and cannot be pulled again has that cause, also between two tries', async ({ opened }) => {
	for (const [reason, spoil, spec] of [
		['ImageNotFound', setAbsentTag, {}],
		['PullSecretMissing', deleteSecret, { command: ['sleep', '20'], imagePullPolicy: 'Always' }],
	] as const) {
		const { clock, emulator, grade } = await open(opened, { program: '/bin/sleep' });
		makeSecret(emulator);
		makePod(emulator, ['creds'], 'app', spec);
		assert.equal(reasonsOf(await grade(labOf('app'))), ['pass']);
		const told = new Set<string>();
		const stop = emulator.client.watch(['pods'], ({ object }) => {
			const [, word] = /"waiting":\{[^}]*"reason":"(\w+)"/.exec(JSON.stringify(object?.['status'] ?? {})) ?? [];
			if (object?.metadata.name === 'app' && word !== undefined) told.add(word);
		});
		spoil(emulator);
		const seen: string[] = [];
		for (let look = 0; look < 100; look++) {
			await clock.sleep(2500);
			seen.push(...reasonsOf(await grade(labOf('app'), { timeout: 0 })));
		}
		stop();
		assert.equal([...told].sort(), ['CrashLoopBackOff', 'ErrImagePull', 'ImagePullBackOff']);
		assert.equal([...new Set(seen.slice(seen.indexOf(reason)))], [reason], String(seen));
		assert.ok(seen.indexOf(reason) < 40, String(seen));
	}
});

function setAbsentTag({ client }: Emulator): void {
	client.update<Pod>('pods', 'default', 'app', (pod) => ({
		...pod,
		spec: { ...pod.spec, containers: pod.spec.containers.map((each) => ({ ...each, image: `${host}/myapp:9.9` })) },
	}));
}

function deleteSecret({ client }: Emulator): void {
	client.delete('secrets', 'default', 'creds');
}

test('a Secret that was put right is a fail at once, and passes where the retry is waited for', async ({ opened }) => {
	const { clock, emulator, grade } = await open(opened);
	makeSecret(emulator, 'guessed');
	makePod(emulator, ['creds']);
	await clock.sleep(400_000);
	emulator.client.delete('secrets', 'default', 'creds');
	makeSecret(emulator);
	const begun = clock.now().getTime();
	assert.equal(reasonsOf(await grade(labOf('app'))), ['PullRetryPending']);
	assert.is(clock.now().getTime(), begun, 'it is not waited for');
	assert.equal(reasonsOf(await grade(labOf('app'), { awaitsRetry: true, timeout: 1000 })), ['PullRetryPending']);
	assert.equal(reasonsOf(await grade(labOf('app'), { awaitsRetry: true, timeout: 330_000 })), ['pass']);
	const seconds = (clock.now().getTime() - begun) / 1000;
	assert.ok(seconds > 10 && seconds <= 317, `after ${seconds} s`);
});

/** Writes down, as a kubelet does, that it tried to pull without these. */
function recordOverlooked({ client }: Emulator, time: string, ...secrets: string[]): void {
	const { uid = '' } = client.get<Pod>('pods', 'default', 'app')?.metadata ?? {};
	client.create('events', 'default', {
		...{ apiVersion: 'v1', kind: 'Event', metadata: { name: ['app', Date.parse(time), ...secrets].join('.') } },
		...{ involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'app', uid } },
		...{ type: 'Warning', reason: 'FailedToRetrieveImagePullSecret', firstTimestamp: time, lastTimestamp: time },
		message: `Unable to retrieve some image pull secrets (${secrets.join(', ')}); attempting to pull the image may not succeed.`,
	});
}

test('a Secret that the kubelet had not read when it first tried is waited for', async ({ opened }) => {
	const { clock, emulator, grade } = await open(opened);
	// So that the pull fails, as it does without the Secret that was there all the time.
	makeSecret(emulator, 'guessed');
	makePod(emulator, ['other', 'creds']);
	const made = clock.now().getTime();
	await clock.sleep(3000);
	correctSecret(emulator);
	const begun = clock.now().getTime();
	const at = (time: number) => new Date(time).toISOString().replace(/\.\d+/, '');
	recordOverlooked(emulator, at(made), 'other', 'creds');
	assert.equal(reasonsOf(await grade(labOf('app'))), ['PullRetryPending']);
	assert.is(clock.now().getTime(), begun, 'the Secret may have come after that');
	recordOverlooked(emulator, at(made + 2000), 'other');
	assert.equal(reasonsOf(await grade(labOf('app'))), ['PullRetryPending']);
	assert.is(clock.now().getTime(), begun, 'it was another that was not read');
	recordOverlooked(emulator, at(made + 2000), 'other', 'creds');
	assert.equal(reasonsOf(await grade(labOf('app'), { timeout: 1000 })), ['PullRetryPending']);
	assert.equal(reasonsOf(await grade(labOf('app'))), ['pass']);
	const seconds = (clock.now().getTime() - begun) / 1000;
	assert.ok(seconds > 5 && seconds <= 16, `after ${seconds} s`);
});

test.run();
