import * as assert from 'uvu/assert';
import type { Job } from '../../../src/emulator/controllers/job-progress.ts';
import type { Workload } from '../../../src/emulator/controllers/workload.ts';
import { suite } from '../../harness.ts';
import { podTemplate, selectorOf, startCluster, type TestCluster } from './cluster.ts';

const test = suite('stateful sets, daemon sets and jobs');

async function withCluster(play: (cluster: TestCluster) => Promise<void>): Promise<void> {
	const cluster = await startCluster();
	try {
		await play(cluster);
	} finally {
		await cluster.stop();
	}
}

const names = (cluster: TestCluster) => cluster.pods().map(({ metadata }) => metadata.name);
const own = (cluster: TestCluster) => cluster.events().filter((event) => !event.startsWith('Pod/'));

test('a StatefulSet makes its Pods one after the other, and takes them back from the end', () =>
	withCluster(async (cluster) => {
		const spec = { replicas: 2, serviceName: 'ss', selector: selectorOf(), template: podTemplate() };
		cluster.create('statefulsets.apps', 'StatefulSet', 'ss', spec);
		await cluster.advance(0.5);
		assert.equal(names(cluster), ['ss-0']);
		await cluster.advance(5);
		assert.equal(names(cluster), ['ss-0', 'ss-1']);
		const [first] = cluster.pods();
		assert.is(first?.spec.hostname, 'ss-0');
		assert.is(first?.spec.subdomain, 'ss');
		assert.is(first?.metadata.labels?.['apps.kubernetes.io/pod-index'], '0');
		const { currentRevision, updateRevision, ...counts } = cluster.get('statefulsets.apps', 'ss').status ?? {};
		assert.is(currentRevision, updateRevision);
		assert.equal(counts, {
			availableReplicas: 2,
			collisionCount: 0,
			currentReplicas: 2,
			observedGeneration: 1,
			readyReplicas: 2,
			replicas: 2,
			updatedReplicas: 2,
		});
		cluster.cluster.client.update<Workload>('statefulsets.apps', 'default', 'ss', (set) => ({
			...set,
			spec: { ...set.spec, replicas: 0 },
		}));
		await cluster.advance(10);
		assert.equal(names(cluster), []);
		assert.equal(own(cluster), [
			'StatefulSet/ss SuccessfulCreate Create Pod ss-0 in StatefulSet ss successful',
			'StatefulSet/ss SuccessfulCreate Create Pod ss-1 in StatefulSet ss successful',
			'StatefulSet/ss SuccessfulDelete Delete Pod ss-1 in StatefulSet ss successful',
			'StatefulSet/ss SuccessfulDelete Delete Pod ss-0 in StatefulSet ss successful',
		]);
	}));

test('a StatefulSet replaces its Pods from the last to the first', () =>
	withCluster(async (cluster) => {
		const spec = { replicas: 2, serviceName: 'ss', selector: selectorOf(), template: podTemplate() };
		cluster.create('statefulsets.apps', 'StatefulSet', 'ss', spec);
		await cluster.advance(6);
		const template = podTemplate({}, { command: ['/bin/sleep', 'inf'] });
		cluster.cluster.client.update<Workload>('statefulsets.apps', 'default', 'ss', (set) => ({
			...set,
			spec: { ...set.spec, template },
		}));
		await cluster.advance(15);
		assert.ok(cluster.pods().every((pod) => pod.spec.containers[0]?.command?.[0] === '/bin/sleep'));
		assert.equal(
			own(cluster)
				.slice(2)
				.map((event) => event.replace(/ in StatefulSet.*$/, '')),
			['StatefulSet/ss SuccessfulDelete Delete Pod ss-1', 'StatefulSet/ss SuccessfulDelete Delete Pod ss-0'],
		);
		const { status } = cluster.get('statefulsets.apps', 'ss');
		assert.is(status?.currentRevision, status?.updateRevision);
		assert.is(status?.updatedReplicas, 2);
	}));

test('a DaemonSet has one Pod on the node, with the tolerations of a daemon', () =>
	withCluster(async (cluster) => {
		cluster.create('daemonsets.apps', 'DaemonSet', 'ds', { selector: selectorOf(), template: podTemplate() });
		await cluster.advance(5);
		const [pod, ...more] = cluster.pods();
		assert.is(more.length, 0);
		assert.is(pod?.spec.tolerations?.length, 6);
		assert.equal(cluster.get('daemonsets.apps', 'ds').status, {
			currentNumberScheduled: 1,
			desiredNumberScheduled: 1,
			numberAvailable: 1,
			numberMisscheduled: 0,
			numberReady: 1,
			observedGeneration: 1,
			updatedNumberScheduled: 1,
		});
		const template = podTemplate({}, { command: ['/bin/sleep', 'inf'] });
		cluster.cluster.client.update<Workload>('daemonsets.apps', 'default', 'ds', (set) => ({
			...set,
			spec: { ...set.spec, template },
		}));
		await cluster.advance(8);
		assert.equal(
			cluster.pods().map(({ spec }) => spec.containers[0]?.command),
			[['/bin/sleep', 'inf']],
		);
	}));

/** With what an API server adds to it. */
function jobSpec(container: object, changes: Partial<Job['spec']> = {}) {
	const labels = { 'batch.kubernetes.io/job-name': 'j' };
	const template = podTemplate({ restartPolicy: 'Never' }, container);
	return {
		backoffLimit: 2,
		completions: 1,
		parallelism: 1,
		selector: { matchLabels: labels },
		template: { ...template, metadata: { labels } },
		...changes,
	};
}

test('a Job ends with its Pods', () =>
	withCluster(async (cluster) => {
		cluster.create('jobs.batch', 'Job', 'j', jobSpec({ command: ['/bin/sleep', '3'] }, { completions: 2 }));
		await cluster.advance(30);
		const { status } = cluster.get('jobs.batch', 'j');
		assert.is(status?.succeeded, 2);
		assert.equal(
			status?.conditions?.map(({ type, status: state, reason, message }) => [type, state, reason, message]),
			[
				['SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods'],
				['Complete', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods'],
			],
		);
		assert.is(own(cluster).at(-1), 'Job/j Completed Job completed');
		assert.ok(
			cluster
				.pods()
				.every(({ status: { phase }, metadata }) => phase === 'Succeeded' && metadata.finalizers === undefined),
		);
	}));

test('the Pods of a Job that is deleted go with it, though no node has taken them', () =>
	withCluster(async (cluster) => {
		const spec = jobSpec({ command: ['/bin/sleep', '3'] }, { completions: 2 });
		const { template } = spec;
		const pod = { ...template.spec, nodeSelector: { disk: 'none' } };
		cluster.create('jobs.batch', 'Job', 'j', { ...spec, template: { ...template, spec: pod } });
		await cluster.advance(1);
		assert.is(cluster.pods().length, 1);
		cluster.cluster.client.delete('jobs.batch', 'default', 'j', { propagationPolicy: 'Background' });
		await cluster.advance(1);
		assert.is(cluster.pods().length, 0);
	}));

test('a Job whose command is not in the image fails three times, then for good', () =>
	withCluster(async (cluster) => {
		cluster.create('jobs.batch', 'Job', 'j', jobSpec({ command: ['/nope'] }));
		await cluster.advance(90);
		const { conditions, ...counts } = cluster.get('jobs.batch', 'j').status ?? {};
		assert.equal(counts.failed, 3);
		assert.equal(
			conditions?.map(({ type, reason, message }) => [type, reason, message]),
			['FailureTarget', 'Failed'].map((type) => [
				type,
				'BackoffLimitExceeded',
				'Job has reached the specified backoff limit',
			]),
		);
		assert.is(own(cluster).at(-1), 'Job/j BackoffLimitExceeded Job has reached the specified backoff limit');
		const times = cluster
			.pods()
			.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') / 1000)
			.sort();
		const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
		assert.ok((waits[0] ?? 0) >= 10 && (waits[0] ?? 0) < 16, `first after ${waits[0]} s`);
		assert.ok((waits[1] ?? 0) >= 20 && (waits[1] ?? 0) < 26, `then after ${waits[1]} s`);
	}));

test('a CronJob makes a Job when its time has come', () =>
	withCluster(async (cluster) => {
		const { backoffLimit, completions, parallelism, selector, template } = jobSpec({ command: ['/bin/true'] });
		cluster.create('cronjobs.batch', 'CronJob', 'c', {
			schedule: '*/2 * * * *',
			jobTemplate: { spec: { backoffLimit, completions, parallelism, selector, template } },
		});
		await cluster.advance(5 * 60);
		const jobs = cluster.cluster.client.list('jobs.batch', 'default').map(({ metadata }) => metadata.name);
		const start = Date.UTC(2026, 0, 1) / 60_000;
		assert.equal(jobs, [`c-${start + 2}`, `c-${start + 4}`]);
		assert.ok(own(cluster).includes(`CronJob/c SuccessfulCreate Created job c-${start + 2}`));
		assert.ok(
			own(cluster).includes(`CronJob/c SawCompletedJob Saw completed job: c-${start + 2}, condition: Complete`),
		);
	}));

test.run();
