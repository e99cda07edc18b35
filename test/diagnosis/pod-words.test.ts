/** What is said of a Pod that does not run, and of a workload without its Pods, word for word. */

import * as assert from 'uvu/assert';
import { diagnosePod } from '../../src/diagnosis/pod.ts';
import { diagnoseRollout, diagnoseWorkload } from '../../src/diagnosis/workload.ts';
import type { ContainerFacts, PodFacts, PullFacts, WorkloadFacts } from '../../src/model/evidence.ts';
import { context, end, pod, pull, running, waiting } from '../checks/facts.ts';
import { suite } from '../harness.ts';

const test = suite('words about a Pod');

const wanted = { namespace: 'shop', name: 'web', image: 'registry.example.com/myapp:1.0' };
const look = 'Wait a moment, then look again.\nkubectl -n shop describe pod web';
const remake = 'kubectl -n shop replace --force -f web.yaml';

const say = (change: Partial<PodFacts>, rest: Partial<PullFacts> = {}) =>
	diagnosePod(pull({ pod: pod({ namespace: 'shop', name: 'web', ...change }), ...rest }), wanted, context);
const sayOf = (change: Partial<ContainerFacts>) => say({ containers: [running(change)] });
const starting = (what: string) => ({ reason: 'PodStarting', message: `Pod shop/web ${what}.`, remedy: look });

test('it is not there', () => {
	const absent = (change: Partial<PullFacts>) => diagnosePod(pull({ pod: null, ...change }), wanted, context);
	const remedy = 'Create it; this shows what is there:\nkubectl -n shop get pods';
	assert.equal(absent({}), {
		reason: 'PodMissing',
		message: 'There is no Pod web in namespace shop.',
		expected: 'shop/web',
		remedy,
	});
	assert.equal(absent({ siblings: ['other', 'wep'] }), {
		reason: 'PodMissing',
		message: 'There is no Pod web in namespace shop, but there is wep.',
		expected: 'shop/web',
		actual: 'shop/wep',
		remedy,
	});
	assert.equal(absent({ isNamespaceAbsent: true }), {
		reason: 'NamespaceMissing',
		message: 'There is no namespace shop.',
		expected: 'shop',
		remedy: 'kubectl create namespace shop',
	});
	assert.equal(absent({ refusal: { owner: 'replicaset/web-1', message: 'exceeded quota' } }), {
		reason: 'PodRefused',
		message: 'replicaset/web-1 cannot make its Pods: the API server refuses them.',
		actual: 'exceeded quota',
		remedy:
			'Mend what the refusal names; the workload tries again by itself.\nkubectl -n shop describe replicaset/web-1',
	});
});

test('it is on its way', () => {
	assert.is(say({}), null);
	assert.equal(say({ isDeleting: true }), starting('is being deleted'));
	assert.equal(say({ node: null }), starting('waits for a node'));
	assert.equal(say({ containers: [waiting('', 'ContainerCreating')] }), starting('waits: ContainerCreating'));
	assert.equal(say({ containers: [waiting('', 'PodInitializing')] }), starting('waits: PodInitializing'));
	assert.equal(sayOf({ state: 'unknown' }), starting('has not reported its container app yet'));
	assert.equal(sayOf({ kind: 'init' }), starting('waits for its init container app to end'));
});

test('its container has begun once more, and has still to outlive the run before by five seconds, or to last twenty', () => {
	const began = (startedAt: string | null, endedBefore = end(), restartCount = 1) =>
		sayOf({ restartCount, startedAt, endedBefore });
	const brief = end({
		...{ exitCode: 1, reason: 'Error' },
		...{ startedAt: '2026-01-01T00:09:00Z', finishedAt: '2026-01-01T00:09:03Z' },
	});
	const again = began('2026-01-01T00:09:53Z', brief);
	assert.match(
		again?.message ?? '',
		/^Pod shop\/web has just begun its container app once more, after it ended: .+\.$/,
	);
	assert.is(began('2026-01-01T00:09:52Z', brief), null);
	assert.is(began('2026-01-01T00:09:41Z')?.reason, 'PodStarting', 'a run of minutes');
	assert.is(began('2026-01-01T00:09:40Z'), null);
	assert.is(began('2026-01-01T00:09:59Z', brief, 0), null, 'it is its first');
	assert.is(began(null, brief), null);
	assert.is(began('2026-01-01T00:09:56Z', end({ startedAt: null }))?.reason, 'PodStarting');
	assert.is(began('2026-01-01T00:09:55Z', end({ startedAt: null })), null);
});

test('no node takes it, or its node has turned it out', () => {
	const unschedulable = '0/1 nodes are available';
	assert.equal(say({ node: null, unschedulable }), {
		reason: 'PodUnschedulable',
		message: 'No node can take Pod shop/web.',
		actual: unschedulable,
		remedy:
			'Have the Pod ask for what a node has; the scheduler tries again by itself.\nkubectl -n shop describe pod web',
	});
	const young = (createdAt: string) => say({ node: null, unschedulable, createdAt })?.reason;
	assert.is(young('2026-01-01T00:09:51Z'), 'PodStarting');
	assert.is(young('2026-01-01T00:09:50Z'), 'PodUnschedulable');
	const evicted = say({ failure: { reason: 'Evicted', message: 'no room' } });
	assert.equal(evicted, {
		reason: 'PodUnschedulable',
		message: 'Node kind-control-plane turned Pod shop/web out, and it stays as it is.',
		actual: 'Evicted: no room',
		remedy: 'Make the Pod anew, once there is room for it:\nkubectl -n shop delete pod web\nand create it as before.',
	});
	assert.is(say({ failure: { reason: 'Evicted', message: '' } })?.actual, 'Evicted');
	assert.is(say({ failure: { reason: 'DeadlineExceeded', message: '' } }), null, 'its containers ran until then');
});

test('its container cannot be made, or does not keep running', () => {
	const notCreated = {
		reason: 'ContainerNotCreated',
		message: 'The image of container app in Pod shop/web is there, but the container cannot be started from it.',
		remedy: `Mend what the message names, then:\n${remake}`,
	};
	assert.equal(say({ containers: [waiting('no such ConfigMap', 'CreateContainerConfigError')] }), {
		...notCreated,
		actual: 'CreateContainerConfigError: no such ConfigMap',
	});
	const crashing = {
		reason: 'ContainerCrashing',
		message: 'The image of Pod shop/web was pulled, but container app does not keep running.',
	};
	const logs = 'See what it said, leave out any command and args (the image brings its own), and make the Pod anew:';
	assert.equal(say({ containers: [waiting('back-off 10s', 'CrashLoopBackOff', { restartCount: 2 })] }), {
		...crashing,
		actual: 'CrashLoopBackOff: back-off 10s',
		remedy: `${logs}\nkubectl -n shop logs web -c app --previous\n${remake}`,
	});
	const ended = sayOf({ state: 'terminated', ended: end({ exitCode: 1, reason: 'Error' }) });
	assert.is(ended?.message, crashing.message);
	assert.is(ended?.remedy, `${logs}\nkubectl -n shop logs web -c app\n${remake}`);
	const unmade = end({ exitCode: 128, reason: 'StartError', message: 'no such file', startedAt: null });
	assert.is(sayOf({ state: 'terminated', ended: unmade })?.message, notCreated.message);
	const between = waiting('back-off 10s', 'CrashLoopBackOff', { restartCount: 2, endedBefore: unmade });
	const told = say({ containers: [between] });
	assert.is(told?.message, notCreated.message);
	assert.match(told?.actual ?? '', /^CrashLoopBackOff: back-off 10s\n.*no such file/);
});

test('a container that has done its work is done, where it is not to do it again', () => {
	const done = { state: 'terminated', ended: end() } as const;
	const of = (kind: ContainerFacts['kind'], restartPolicy: PodFacts['restartPolicy']) =>
		say({ restartPolicy, containers: [running({ ...done, kind })] })?.reason ?? null;
	assert.equal([of('container', 'Never'), of('container', 'OnFailure')], [null, null]);
	assert.is(of('container', 'Always'), 'ContainerCrashing');
	assert.is(of('sidecar', 'Never'), 'ContainerCrashing');
	assert.is(of('init', 'Always'), null);
	assert.is(say({ phase: 'Succeeded', containers: [running({ ...done, kind: 'sidecar' })] }), null);
});

const workloadOf = (change: Partial<WorkloadFacts>): WorkloadFacts => ({
	...{ workload: 'deployment/api', isNamespaceAbsent: false, exists: true, siblings: [], desired: 1, idle: null },
	...{ isObserved: true, refusal: null, generation: 'present', pods: [] },
	...change,
});
const sayOfWorkload = (change: Partial<WorkloadFacts>, namespace = 'shop') =>
	diagnoseWorkload(namespace, workloadOf(change));
const rollout = (change: Partial<WorkloadFacts>) => diagnoseRollout('shop', workloadOf(change));

test('a workload that is not there, or makes no Pods', () => {
	assert.is(sayOfWorkload({}), null);
	assert.equal(sayOfWorkload({ isNamespaceAbsent: true })?.reason, 'NamespaceMissing');
	const remedy = 'Create it; this shows what is there:\nkubectl -n shop get deployments';
	assert.equal(sayOfWorkload({ exists: false }), {
		reason: 'PodMissing',
		message: 'There is no deployment/api in namespace shop.',
		expected: 'shop/api',
		remedy,
	});
	assert.equal(sayOfWorkload({ exists: false, siblings: ['apj'] }), {
		reason: 'PodMissing',
		message: 'There is no deployment/api in namespace shop, but there is apj.',
		expected: 'shop/api',
		actual: 'shop/apj',
		remedy,
	});
	assert.equal(sayOfWorkload({ refusal: 'exceeded quota' }, 'default'), {
		reason: 'PodRefused',
		message: 'deployment/api cannot make its Pods: the API server refuses them.',
		actual: 'exceeded quota',
		remedy: 'Mend what the refusal names; the workload tries again by itself.\nkubectl describe deployment/api',
	});
	assert.equal(sayOfWorkload({ idle: 'replicas: 0' }), {
		reason: 'PodMissing',
		message: 'deployment/api in namespace shop makes no Pods: replicas: 0.',
		expected: 'a Pod',
		actual: 'replicas: 0',
		remedy: 'Let it have one.\nkubectl -n shop describe deployment/api',
	});
	const given = 'Failed: BackoffLimitExceeded: Job has reached the specified backoff limit';
	assert.equal(sayOfWorkload({ workload: 'job/once', idle: given }), {
		reason: 'PodMissing',
		message: `job/once in namespace shop makes no Pods: ${given}.`,
		expected: 'a Pod',
		actual: given,
		remedy: 'It makes none any more; make it anew:\nkubectl -n shop replace --force -f once.yaml',
	});
	assert.is(sayOfWorkload({ idle: 'suspend: true', pods: [pull()] }), null);
});

test('a container that is about to be replaced says which image it runs', () => {
	assert.equal(
		sayOf({ outdatedUntil: '2026-01-01T00:10:20Z' }),
		starting('still runs the image that its container app had before'),
	);
});

test('a workload whose Pods are still to come', () => {
	const starts = (what: string) => ({
		reason: 'PodStarting',
		message: `deployment/api in namespace shop ${what}.`,
		remedy: 'Wait a moment and grade again; --timeout waits longer.\nkubectl -n shop describe deployment/api',
	});
	assert.is(rollout({ pods: [pull()] }), null);
	assert.equal(rollout({ pods: [pull()], desired: 3 }), starts('has 1 of 3 Pods yet'));
	assert.equal(rollout({ desired: null }), starts('has 0 of 1 Pods yet'));
	assert.equal(
		rollout({ pods: [pull()], generation: 'old', isObserved: false }),
		starts('has no Pods of its present template yet'),
	);
	assert.equal(rollout({ pods: [pull()], isObserved: false }), starts('has not been seen by its controller yet'));
	assert.equal(rollout({ pods: [pull()], generation: 'old', idle: 'paused: true' }), {
		reason: 'PodMissing',
		message: 'deployment/api in namespace shop makes no Pods of its present template: paused: true.',
		expected: 'a Pod of the present template',
		actual: 'paused: true',
		remedy: 'Let it go on:\nkubectl -n shop rollout resume deployment/api',
	});
	const held = (idle: string, pods = [pull({ pod: pod({ name: 'api-0' }) }), pull({ pod: pod({ name: 'api-1' }) })]) =>
		rollout({ workload: 'statefulset/api', pods, generation: 'old', idle })?.remedy;
	assert.is(
		held('updateStrategy: OnDelete'),
		'Delete those of the template before, and it makes others:\nkubectl -n shop delete pod api-0 api-1',
	);
	assert.is(
		held('updateStrategy: partition: 2'),
		`Let it replace those of the template before:\nkubectl -n shop patch statefulset/api -p '{"spec": {"updateStrategy": {"rollingUpdate": {"partition": 0}}}}'`,
	);
	const partly = (idle: string) => ({ workload: 'statefulset/api', pods: [pull()], desired: 3, idle });
	assert.equal(rollout(partly('updateStrategy: partition: 2')), {
		reason: 'PodMissing',
		message:
			'statefulset/api in namespace shop makes only 1 of 3 Pods of its present template: updateStrategy: partition: 2.',
		expected: '3 Pods of the present template',
		actual: 'updateStrategy: partition: 2',
		remedy: held('updateStrategy: partition: 2'),
	});
	assert.is(
		rollout(partly('updateStrategy: OnDelete'))?.remedy,
		'Delete those of the template before, and it makes others; this shows which:\nkubectl -n shop get pods -L controller-revision-hash',
	);
	assert.is(rollout(partly('paused: true'))?.reason, 'PodStarting');
	assert.is(rollout({ ...partly('updateStrategy: OnDelete'), isObserved: false })?.reason, 'PodStarting');
	const cronJob = { workload: 'cronjob/nightly', desired: null };
	const runNow = 'Run it now:\nkubectl -n shop create job nightly-now --from=cronjob/nightly';
	assert.equal(rollout(cronJob), {
		reason: 'PodMissing',
		message: 'cronjob/nightly in namespace shop has no Pod yet: its time has not come.',
		expected: 'a Pod',
		remedy: runNow,
	});
	assert.equal(rollout({ ...cronJob, generation: 'old' }), {
		reason: 'PodMissing',
		message: 'cronjob/nightly in namespace shop has not run since its template was changed.',
		expected: 'a Pod of the present template',
		remedy: runNow,
	});
	assert.is(rollout({ ...cronJob, pods: [pull()] }), null);
});

test.run();
