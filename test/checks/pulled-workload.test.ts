/** Pods that a workload makes: which are judged, and what is said where there are none. */

import * as assert from 'uvu/assert';
import type { PullFacts, WorkloadFacts } from '../../src/model/evidence.ts';
import type { Reason } from '../../src/model/reason.ts';
import { suite } from '../harness.ts';
import * as facts from './facts.ts';
import { absent, denied, pod, pull, running, waiting } from './facts.ts';

const test = suite('pulled-workload');

const owner = 'deployment/api';
const right = pull({ pod: pod({ name: 'api-1', owner }) });
const wrong = denied([absent('my-registry-creds')], { name: 'api-2', owner });
const starting = pull({ pod: pod({ name: 'api-3', owner, containers: [waiting('', 'ContainerCreating')] }) });

function workload(pods: PullFacts[], change: Partial<WorkloadFacts> = {}): WorkloadFacts {
	return {
		workload: owner,
		isNamespaceAbsent: false,
		exists: true,
		siblings: [],
		desired: pods.length,
		idle: null,
		isObserved: true,
		refusal: null,
		generation: 'present',
		pods,
		...change,
	};
}

function judge(seen: WorkloadFacts, params: object = {}, log = facts.served, context = facts.context) {
	const check = facts.check('pulled-workload', {
		namespace: 'default',
		workload: seen.workload,
		image: facts.image,
		...params,
	});
	return check.judge({ workload: seen, log, controls: facts.controls }, context);
}

const cases: [Reason | null, string, WorkloadFacts][] = [
	[null, 'one Pod, right', workload([right])],
	[null, 'three Pods, right', workload([right, right, right])],
	[null, 'a Job that has done its work', workload([right], { workload: 'job/api', desired: null })],
	[null, 'one that has gone since it was listed', workload([right, pull({ pod: null })], { desired: 1 })],
	['NamespaceMissing', 'no namespace', workload([], { exists: false, isNamespaceAbsent: true })],
	['PodMissing', 'no such workload', workload([], { exists: false })],
	['PodMissing', 'scaled to nothing', workload([], { desired: 0, idle: 'replicas: 0' })],
	['PodMissing', 'a CronJob whose time has not come', workload([], { workload: 'cronjob/api', desired: null })],
	[
		'PodMissing',
		'a CronJob that has not run since it changed',
		workload([], { workload: 'cronjob/api', desired: null, generation: 'old' }),
	],
	['PodRefused', 'refused at admission', workload([], { desired: 1, refusal: 'exceeded quota' })],
	['PodRefused', 'one of two is refused', workload([right], { desired: 2, refusal: 'exceeded quota' })],
	['PodStarting', 'no Pod yet', workload([], { desired: 1 })],
	['PodStarting', 'no Pod of a Job yet', workload([], { workload: 'job/api', desired: null })],
	['PodStarting', 'one of two yet', workload([right], { desired: 2 })],
	['PodStarting', 'only Pods of the template before', workload([right], { generation: 'old' })],
	['PodStarting', 'not seen by its controller', workload([right], { isObserved: false })],
	['PodStarting', 'one is starting', workload([right, starting])],
	['PullSecretMissing', 'the second is wrong', workload([right, wrong])],
	['PullSecretMissing', 'one is starting, another wrong', workload([starting, wrong])],
	[
		'PullSecretMissing',
		'one of the template before is wrong, and its controller waits for it',
		workload([wrong], { workload: 'statefulset/api', generation: 'old' }),
	],
	['PodStarting', 'a wrong one of the template before is being replaced', workload([wrong], { generation: 'old' })],
	['PodStarting', 'a wrong one whose workload was mended this moment', workload([wrong], { isObserved: false })],
	[
		'PodMissing',
		'changed while it is paused, although its Pod is right',
		workload([right], { generation: 'old', idle: 'paused: true' }),
	],
	[
		'PodStarting',
		'paused this moment',
		workload([right], { generation: 'old', idle: 'paused: true', isObserved: false }),
	],
	[
		'PodMissing',
		'its Pod is to be deleted first, although that is wrong',
		workload([wrong], { workload: 'daemonset/api', generation: 'old', idle: 'updateStrategy: OnDelete' }),
	],
	[null, 'paused, and of its present template', workload([right], { idle: 'paused: true' })],
];

for (const [reason, when, seen] of cases) {
	test(`${reason ?? 'passes'}: ${when}`, () => {
		const diagnosis = judge(seen);
		assert.is(diagnosis?.reason ?? null, reason, JSON.stringify(diagnosis));
		if (diagnosis !== null) assert.ok(diagnosis.remedy);
	});
}

test('a refusal is told in its own words', () => {
	assert.is(judge(workload([], { refusal: 'pods "x" is forbidden' }))?.actual, 'pods "x" is forbidden');
});

test('one whose name is a slip away is named', () => {
	assert.is(judge(workload([], { exists: false, siblings: ['apj'] }))?.actual, 'default/apj');
});

test('a Pod of a workload is mended in the template', () => {
	const of = (maker: string) =>
		judge(workload([denied([], { name: 'api-2', owner: maker })], { workload: maker, desired: null }))?.remedy ?? '';
	assert.is(
		of('deployment/api'),
		'Name the Secret under spec.template.spec.imagePullSecrets of deployment/api, then:\nkubectl apply -f api.yaml',
	);
	assert.match(of('statefulset/api'), /\nkubectl apply -f api\.yaml\nkubectl delete pod api-2$/);
	assert.match(of('job/api'), /\nkubectl replace --force -f api\.yaml$/);
	assert.match(of('cronjob/api'), /spec\.jobTemplate\.spec\.template\.spec\.imagePullSecrets/);
	assert.match(of('cronjob/api'), /\nkubectl create job api-again --from=cronjob\/api$/);
});

test('a name of another form is refused', () => {
	for (const name of ['api', 'pod/api', 'Deployment/api', 'deployment/', 'deployment/a/b']) {
		assert.throws(() => judge(workload([right], { workload: name })), /kind\/name/);
	}
});

test('another pull policy than the one that is asked for', () => {
	assert.is(judge(workload([right]), { policy: 'IfNotPresent' }), null);
	const diagnosis = judge(workload([right]), { policy: 'Always' });
	assert.is(diagnosis?.reason, 'PullPolicyOther');
	assert.is(diagnosis?.actual, 'imagePullPolicy: IfNotPresent');
});

test('a right image that is not named in the way that is asked for', () => {
	const byDigest = pull({ pod: pod({ containers: [running({ image: `${facts.host}/myapp@${facts.digest}` })] }) });
	assert.is(judge(workload([byDigest]), { reference: 'digest' }, facts.logOf({ reference: facts.digest })), null);
	assert.is(judge(workload([right]), { reference: 'tag' }), null);
	assert.is(judge(workload([byDigest]), { reference: 'tag' })?.reason, 'ImageOther');
	const diagnosis = judge(workload([right]), { reference: 'digest' });
	assert.is(diagnosis?.reason, 'ImageOther');
	assert.is(diagnosis?.expected, `${facts.host}/myapp@${facts.digest}`);
});

const changed = {
	...facts.context,
	registries: [{ host: facts.host, username: 'myuser', passwordChangedAt: '2026-01-01T00:04:20.500Z' }],
};
const began = (startedAt: string) => workload([pull({ pod: pod({ owner, containers: [running({ startedAt })] }) })]);

test('a fresh pull is one that was served, to a container that began, after the password was changed', () => {
	const fresh = { fresh: true };
	assert.is(judge(began('2026-01-01T00:05:00Z'), fresh, facts.served, changed), null);
	const early = facts.logOf({ time: '2026-01-01T00:04:10Z' });
	const unasked = judge(began('2026-01-01T00:05:00Z'), fresh, early, changed);
	assert.is(unasked?.reason, 'PullNotProven');
	assert.match(unasked?.remedy ?? '', /imagePullPolicy: Always/);
	const old = judge(began('2026-01-01T00:04:00Z'), fresh, facts.served, changed);
	assert.is(old?.reason, 'PullNotProven');
	assert.match(old?.remedy ?? '', /rollout restart deployment\/api/);
	assert.match(judge(began('2026-01-01T00:05:00Z'), fresh)?.message ?? '', /has not been changed yet/);
	assert.is(judge(began('2026-01-01T00:04:00Z'), {}, early, changed), null, 'only where it is asked for');
});

test('of two registries each container is judged with the Secret for its own', () => {
	const other = 'other.example.com/tool:1.0';
	const context = {
		...facts.context,
		digests: { ...facts.context.digests, [other]: [`sha256:${'e'.repeat(64)}`] },
		registries: [...facts.context.registries, { host: 'other.example.com', username: 'second' }],
	};
	const two = denied([], {
		pullSecrets: ['my-registry-creds', 'second-creds'],
		containers: [running(), waiting(undefined, undefined, { name: 'tool', image: other })],
	});
	const seen = workload([
		{
			...two,
			secrets: [
				{ container: 'app', lookups: [facts.found(), absent('second-creds')] },
				{ container: 'tool', lookups: [absent('second-creds')] },
			],
		},
	]);
	const judgeBoth = (image: string, container?: string) =>
		judge(seen, { image, ...(container && { container }) }, facts.served, context)?.reason ?? null;
	assert.is(judgeBoth(facts.image, 'app'), null);
	assert.is(judgeBoth(other, 'tool'), 'PullSecretMissing');
	assert.is(judgeBoth(facts.image), 'PullSecretMissing', 'without a container the first that is not ready counts');
	assert.is(judgeBoth(facts.image, 'tool'), 'ImageOther');
	assert.is(judgeBoth(facts.image, 'gone'), 'FieldOther');
});

test.run();
