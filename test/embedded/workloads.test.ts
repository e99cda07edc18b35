/** Pods of every kind of workload, made by the controllers and judged as they are found. */

import * as assert from 'uvu/assert';
import { gradeLab } from '../../src/grading/index.ts';
import { systemClock } from '../../src/model/clock.ts';
import { openSession } from '../../src/session.ts';
import { check } from '../checks/facts.ts';
import { labOf, taskOf } from '../grading/made-lab.ts';
import { suite } from '../harness.ts';
import { canary } from '../runner/canary.ts';
import { type EmbeddedEnvironment, openWithPassword } from './environment.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('workloads', { timeout: 120 });
test.before(async (context) => {
	context.environment = await openWithPassword('workloads', canary);
	await context.environment.apply([
		{
			apiVersion: 'v1',
			kind: 'Secret',
			metadata: { name: 'creds' },
			type: 'kubernetes.io/dockerconfigjson',
			stringData: {
				'.dockerconfigjson': JSON.stringify({ auths: { [host]: { username: 'myuser', password: canary } } }),
			},
		},
	]);
});
test.after(({ environment }) => environment.close());

const host = 'registry.example.com';
const image = `${host}/myapp:1.0`;

function template(name: string, change: object = {}): object {
	return {
		metadata: { labels: { app: name } },
		spec: { containers: [{ name: 'app', image }], imagePullSecrets: [{ name: 'creds' }], ...change },
	};
}

function workload(kind: string, name: string, change: object = {}, spec: object = {}): object {
	return {
		apiVersion: 'apps/v1',
		kind,
		metadata: { name },
		spec: { selector: { matchLabels: { app: name } }, template: template(name, change), ...spec },
	};
}

function job(name: string, change: object = {}, spec: object = {}): object {
	const pod = template(name, { restartPolicy: 'Never', ...change });
	return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template: pod, ...spec } };
}

function cronJob(name: string, change: object = {}): object {
	const jobTemplate = { spec: { template: template(name, { restartPolicy: 'Never', ...change }) } };
	return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec: { schedule: '0 3 * * *', jobTemplate } };
}

async function judge(environment: EmbeddedEnvironment, name: string, params: object = {}, timeout = 30_000) {
	const session = await openSession('workloads', { env: environment.env });
	const lab = labOf(
		taskOf('task', [check('pulled-workload', { namespace: 'default', workload: name, image, ...params })]),
	);
	const signal = new AbortController().signal;
	const { report } = await gradeLab({ lab, session, timeout, clock: systemClock, signal });
	const verdict = report.tasks[0]?.checks[0];
	return { reason: verdict?.diagnosis?.reason ?? verdict?.outcome, diagnosis: verdict?.diagnosis };
}

test('every kind passes whose Pods pulled', async ({ environment }) => {
	await environment.apply([
		workload('Deployment', 'web', {}, { replicas: 2 }),
		workload('ReplicaSet', 'bare'),
		workload('StatefulSet', 'state', {}, { serviceName: 'state' }),
		workload('DaemonSet', 'agent'),
		job('once'),
		cronJob('nightly'),
	]);
	assert.is((await judge(environment, 'cronjob/nightly')).reason, 'PodMissing');
	await environment.kubectl('create', 'job', 'nightly-now', '--from=cronjob/nightly');
	for (const name of [
		'deployment/web',
		'replicaset/bare',
		'statefulset/state',
		'daemonset/agent',
		'job/once',
		'cronjob/nightly',
	]) {
		const { reason, diagnosis } = await judge(environment, name);
		assert.is(reason, 'pass', `${name}: ${JSON.stringify(diagnosis)}`);
	}
});

test('a Deployment is judged by its newest ReplicaSet, whatever the one before does', async ({ environment }) => {
	await environment.apply([workload('Deployment', 'turn', { imagePullSecrets: [] })]);
	assert.is((await judge(environment, 'deployment/turn')).reason, 'PullSecretNotReferenced');
	await environment.apply([workload('Deployment', 'turn')]);
	assert.is((await judge(environment, 'deployment/turn')).reason, 'pass');
	await environment.apply([workload('Deployment', 'turn', { imagePullSecrets: [{ name: 'cred' }] })]);
	const { reason, diagnosis } = await judge(environment, 'deployment/turn');
	assert.is(reason, 'PullSecretMisspelt', 'although the Pod of the one before still runs');
	assert.match(diagnosis?.remedy ?? '', /spec\.template\.spec\.imagePullSecrets of deployment\/turn/);
	await environment.kubectl('rollout', 'undo', 'deployment/turn');
	assert.is((await judge(environment, 'deployment/turn')).reason, 'pass');
});

test('a CronJob is judged by what it is now, not by what it did before it changed', async ({ environment }) => {
	await environment.apply([cronJob('weekly', { imagePullSecrets: [] })]);
	await environment.kubectl('create', 'job', 'weekly-first', '--from=cronjob/weekly');
	assert.is((await judge(environment, 'cronjob/weekly')).reason, 'PullSecretNotReferenced');
	await environment.apply([cronJob('weekly')]);
	const changed = await judge(environment, 'cronjob/weekly');
	assert.is(changed.reason, 'PodMissing', JSON.stringify(changed.diagnosis));
	assert.match(changed.diagnosis?.message ?? '', /has not run since its template was changed/);
	await environment.kubectl('create', 'job', 'weekly-second', '--from=cronjob/weekly');
	assert.is((await judge(environment, 'cronjob/weekly')).reason, 'pass');
});

test('a StatefulSet and a DaemonSet are judged by their present template', async ({ environment }) => {
	for (const [kind, name] of [
		['StatefulSet', 'stuck'],
		['DaemonSet', 'change'],
	] as const) {
		await environment.apply([
			workload(kind, name, { imagePullSecrets: [] }, kind === 'StatefulSet' ? { serviceName: name } : {}),
		]);
		const at = `${kind.toLowerCase()}/${name}`;
		assert.is((await judge(environment, at)).reason, 'PullSecretNotReferenced', at);
		await environment.apply([workload(kind, name, {}, kind === 'StatefulSet' ? { serviceName: name } : {})]);
		if (kind === 'StatefulSet') {
			const { reason, diagnosis } = await judge(environment, at, {}, 1000);
			assert.is(reason, 'PullSecretNotReferenced', 'it does not touch a Pod that never became ready');
			assert.match(diagnosis?.remedy ?? '', /kubectl delete pod stuck-0/);
			await environment.kubectl('delete', 'pod', 'stuck-0');
		}
		assert.is((await judge(environment, at)).reason, 'pass', at);
	}
});

test('a ReplicaSet of its own is judged by the Pods that it has, whatever its template has become', async ({
	environment,
}) => {
	await environment.apply([workload('ReplicaSet', 'spoilt')]);
	assert.is((await judge(environment, 'replicaset/spoilt')).reason, 'pass');
	await environment.kubectl('set', 'image', 'replicaset/spoilt', `app=${host}/myapp:9.9`);
	assert.is((await judge(environment, 'replicaset/spoilt')).reason, 'pass');
	await environment.kubectl('delete', 'pod', '--selector=app=spoilt');
	assert.is((await judge(environment, 'replicaset/spoilt')).reason, 'ImageNotFound');
});

test('Pods that are refused at admission are told of in the words of the refusal', async ({ environment }) => {
	const absent = { serviceAccountName: 'absent' };
	await environment.apply([
		workload('Deployment', 'refused', absent),
		workload('StatefulSet', 'refused', absent, { serviceName: 'refused' }),
		workload('DaemonSet', 'refused', absent),
		job('refused', absent),
		cronJob('refused', absent),
	]);
	for (const kind of ['deployment', 'statefulset', 'daemonset', 'job', 'cronjob']) {
		const { reason, diagnosis } = await judge(environment, `${kind}/refused`, {}, 5000);
		assert.is(reason, 'PodRefused', `${kind}: ${JSON.stringify(diagnosis)}`);
		assert.match(diagnosis?.actual ?? '', /serviceaccount "absent" not found/, kind);
	}
	await environment.apply([
		{
			apiVersion: 'v1',
			kind: 'Namespace',
			metadata: { name: 'strict', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
		},
		{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'full' } },
		{
			apiVersion: 'v1',
			kind: 'ResourceQuota',
			metadata: { name: 'none', namespace: 'full' },
			spec: { hard: { pods: '0' } },
		},
	]);
	for (const [namespace, words] of [
		['strict', /violates PodSecurity "restricted/],
		['full', /exceeded quota: none/],
	] as const) {
		await environment.apply([workload('Deployment', 'refused'), job('refused')], namespace);
		for (const kind of ['deployment', 'job']) {
			const { reason, diagnosis } = await judge(environment, `${kind}/refused`, { namespace }, 5000);
			assert.is(reason, 'PodRefused', `${kind}: ${JSON.stringify(diagnosis)}`);
			assert.match(diagnosis?.actual ?? '', words);
		}
	}
});

test('what leaves Pods of the template before as they are says so', async ({ environment }) => {
	const wrong = { imagePullSecrets: [{ name: 'cred' }] };
	const onDelete = { updateStrategy: { type: 'OnDelete' } };
	await environment.apply([workload('DaemonSet', 'kept', wrong, onDelete)]);
	assert.is((await judge(environment, 'daemonset/kept')).reason, 'PullSecretMisspelt');
	await environment.apply([workload('DaemonSet', 'kept', {}, onDelete)]);
	const { reason, diagnosis } = await judge(environment, 'daemonset/kept', {}, 5000);
	assert.equal([reason, diagnosis?.actual], ['PodMissing', 'updateStrategy: OnDelete']);
	const [, command = ''] = /\nkubectl (delete pod kept-\S+)$/.exec(diagnosis?.remedy ?? '') ?? [];
	await environment.kubectl(...command.split(' '), '--now');
	assert.is((await judge(environment, 'daemonset/kept')).reason, 'pass');

	const partitioned = { serviceName: 'kept', updateStrategy: { rollingUpdate: { partition: 1 } } };
	await environment.apply([workload('StatefulSet', 'kept-state', {}, partitioned)]);
	assert.is((await judge(environment, 'statefulset/kept-state')).reason, 'pass');
	await environment.kubectl('set', 'image', 'statefulset/kept-state', `app=${host}/myapp:9.9`);
	const held = await judge(environment, 'statefulset/kept-state', {}, 5000);
	assert.equal([held.reason, held.diagnosis?.actual], ['PodMissing', 'updateStrategy: partition: 1']);
});

test('a StatefulSet whose partition leaves only some of its Pods as they are is not waited for', async ({
	environment,
}) => {
	const parted = { serviceName: 'parted', replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } };
	await environment.apply([workload('StatefulSet', 'parted', {}, parted)]);
	assert.is((await judge(environment, 'statefulset/parted')).reason, 'pass');
	await environment.apply([workload('StatefulSet', 'parted', { terminationGracePeriodSeconds: 5 }, parted)]);
	await environment.kubectl('rollout', 'status', 'statefulset/parted', '--timeout=60s');
	const { reason, diagnosis } = await judge(environment, 'statefulset/parted');
	assert.equal([reason, diagnosis?.expected], ['PodMissing', '2 Pods of the present template']);
	const whole = { ...parted, updateStrategy: { rollingUpdate: { partition: 0 } } };
	await environment.apply([workload('StatefulSet', 'parted', { terminationGracePeriodSeconds: 5 }, whole)]);
	assert.is((await judge(environment, 'statefulset/parted', {}, 60_000)).reason, 'pass');
});

test('a Job that has given up, and whose Pods are gone, is not waited for', async ({ environment }) => {
	await environment.apply([job('late', { imagePullSecrets: [] }, { activeDeadlineSeconds: 2, backoffLimit: 0 })]);
	await environment.kubectl('wait', '--for=condition=Failed', 'job/late', '--timeout=30s');
	await environment.kubectl('wait', '--for=delete', 'pod', '--selector=app=late', '--timeout=30s');
	const { reason, diagnosis } = await judge(environment, 'job/late', {}, 0);
	assert.is(reason, 'PodMissing', JSON.stringify(diagnosis));
	assert.match(diagnosis?.actual ?? '', /^Failed: DeadlineExceeded: Job was active longer than specified deadline/);
	assert.match(diagnosis?.remedy ?? '', /\nkubectl replace --force -f late\.yaml$/);
});

test('a Deployment that was changed while it is paused has no Pods of its present template', async ({
	environment,
}) => {
	await environment.apply([workload('Deployment', 'paused')]);
	assert.is((await judge(environment, 'deployment/paused')).reason, 'pass');
	await environment.kubectl('rollout', 'pause', 'deployment/paused');
	assert.is((await judge(environment, 'deployment/paused')).reason, 'pass');
	await environment.kubectl('set', 'image', 'deployment/paused', `app=${host}/myapp:9.9`);
	const { reason, diagnosis } = await judge(environment, 'deployment/paused');
	assert.is(reason, 'PodMissing');
	assert.is(diagnosis?.actual, 'paused: true');
	await environment.kubectl('rollout', 'resume', 'deployment/paused');
	assert.is((await judge(environment, 'deployment/paused')).reason, 'ImageNotFound');
});

test('what is scaled to nothing or suspended says so, and a slip of the name is noticed', async ({ environment }) => {
	await environment.apply([workload('Deployment', 'idle', {}, { replicas: 0 }), job('idle', {}, { suspend: true })]);
	assert.match((await judge(environment, 'deployment/idle')).diagnosis?.message ?? '', /replicas: 0/);
	assert.match((await judge(environment, 'job/idle')).diagnosis?.message ?? '', /suspend: true/);
	assert.is((await judge(environment, 'deployment/idel')).diagnosis?.actual, 'default/idle');
});

test.run();
