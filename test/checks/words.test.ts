/** What the checks say themselves, word for word; and what they ask to see, and take for parameters. */

import * as assert from 'uvu/assert';
import type { Diagnosis } from '../../src/model/verdict.ts';
import { suite } from '../harness.ts';
import * as facts from './facts.ts';
import { account, checkKinds, denied, entry, found, pod, pull, running, waiting } from './facts.ts';

const test = suite('words of checks');

const asked = { namespace: 'default', name: 'private-pod', image: facts.image };

function judge(kind: string, params: object, seen: object): Diagnosis | null {
	return facts.check(kind, params).judge(seen as never, facts.context);
}

const judgeAccount = (change: Parameters<typeof account>[0], namespace = 'default') =>
	judge('account-pull-secret', { namespace, account: 'builder', secret: 'creds' }, { account: account(change) });

test('an account that is not there', () => {
	assert.equal(judgeAccount({ exists: false }, 'shop'), {
		reason: 'ServiceAccountMissing',
		message: 'There is no ServiceAccount builder in namespace shop.',
		expected: 'shop/builder',
		remedy: 'kubectl -n shop create serviceaccount builder',
	});
	assert.is(judgeAccount({ exists: false })?.remedy, 'kubectl create serviceaccount builder');
});

test('an account that hands on others, or none', () => {
	const diagnosis = judgeAccount({ pullSecrets: ['a', 'b'], dryRun: ['a', 'b'] });
	assert.equal(diagnosis, {
		reason: 'ServiceAccountWithoutPullSecret',
		message: 'ServiceAccount default/builder does not hand creds on to new Pods.',
		expected: 'creds',
		actual: 'a, b',
		remedy: `kubectl patch serviceaccount builder -p '{"imagePullSecrets": [{"name": "creds"}]}'`,
	});
	assert.is(judgeAccount({ pullSecrets: [], dryRun: [] })?.actual, 'no pull Secret');
});

test('an account that has it to mount', () => {
	assert.equal(judgeAccount({ pullSecrets: [], dryRun: [], mountableSecrets: ['token', 'creds'] }), {
		reason: 'ServiceAccountSecretNotForPulls',
		message:
			'ServiceAccount default/builder has creds under secrets, which are for mounting. Pulls take imagePullSecrets.',
		expected: 'imagePullSecrets: creds',
		actual: 'secrets: token, creds',
		remedy: `kubectl patch serviceaccount builder -p '{"imagePullSecrets": [{"name": "creds"}]}'`,
	});
});

test('an account of which nobody looked at anything is one of a namespace that is not there', () => {
	assert.is(
		judge('account-pull-secret', { namespace: 'shop', secret: 'creds' }, { account: null })?.reason,
		'NamespaceMissing',
	);
});

const judgeRefused = (seen: object) => judge('refused-pod', asked, { pull: seen, controls: facts.controls });

test('a Pod that should be refused and runs', () => {
	const remedy =
		'Make it without imagePullSecrets, in a namespace whose ServiceAccount has none either:\nkubectl replace --force -f private-pod.yaml';
	const expected = {
		reason: 'PullNotRefused',
		message: 'Pod default/private-pod should be refused, but it got its image.',
		expected: 'ErrImagePull or ImagePullBackOff',
		actual: 'pulled, with a, b on its list',
		remedy,
	};
	assert.equal(judgeRefused(pull({ pod: pod({ pullSecrets: ['a', 'b'] }) })), expected);
	assert.equal(judgeRefused(pull({ pod: pod({ pullSecrets: [] }) })), { ...expected, actual: 'pulled' });
});

test('a Pod that should be refused got its image as soon as the node tells of it, or of a start', () => {
	const idle = { state: 'waiting', waiting: { reason: 'ContainerCreating', message: '' } } as const;
	const at = (imageId: string, startedAt: string | null) =>
		judgeRefused(pull({ pod: pod({ containers: [running({ ...idle, imageId, startedAt })] }) }))?.reason;
	assert.is(at('', null), 'PodStarting');
	assert.is(at('x@sha256:1', null), 'PullNotRefused');
	assert.is(at('', '2026-01-01T00:00:00Z'), 'PullNotRefused');
	const broken = { state: 'waiting', waiting: { reason: 'CreateContainerConfigError', message: 'x' } } as const;
	const found = judgeRefused(
		pull({ pod: pod({ containers: [running({ ...broken, imageId: '', startedAt: null })] }) }),
	);
	assert.is(found?.reason, 'PullNotRefused');
});

test('a Pod that should be refused got its image once one of its containers has', () => {
	const idle = waiting('', 'ContainerCreating', { name: 'second' });
	assert.is(judgeRefused(pull({ pod: pod({ containers: [running(), idle] }) }))?.reason, 'PullNotRefused');
});

test('a Pod that should be refused and runs another image', () => {
	const other = running({ image: 'registry.example.com/other:1.0' });
	assert.is(judgeRefused(pull({ pod: pod({ containers: [other] }) }))?.reason, 'ImageOther');
});

test('a Pod that is refused for another reason, which is told as well', () => {
	const rejected = 'unexpected status from HEAD request to http://x: 401 Unauthorized';
	const diagnosis = judgeRefused(
		denied([found({ entries: [entry({ trial: facts.rejected })] })], { containers: [waiting(rejected)] }),
	);
	const { also, ...rest } = diagnosis ?? { reason: 'PodMissing', message: '' };
	assert.equal(rest, {
		reason: 'RefusedForAnotherReason',
		message: 'Pod default/private-pod is refused, but not because it brings no credentials.',
		expected: 'no basic auth credentials',
		actual: `ErrImagePull: ${rejected}`,
		remedy: `Make it without imagePullSecrets, with the image ${facts.image}:\nkubectl replace --force -f private-pod.yaml`,
	});
	assert.equal(
		also?.map(({ reason }) => reason),
		['CredentialsRejected'],
	);
});

test('what a runtime leaves open is decided by what a kubelet would find to offer', () => {
	const offered = (change: Parameters<typeof found>[0]) =>
		judgeRefused(denied([found(change)], { containers: [waiting('authentication required')] }))?.reason;
	assert.is(offered({ entries: [entry({ trial: facts.rejected })] }), 'RefusedForAnotherReason');
	assert.is(offered({ entries: [entry({ matches: false, trial: facts.rejected })] }), undefined);
	assert.is(offered({ entries: [entry({ trial: null })] }), undefined);
	assert.is(offered({ type: 'Opaque', entries: [entry({ trial: facts.rejected })] }), undefined);
	assert.is(
		offered({ entries: [entry({ trial: null }), entry({ trial: facts.rejected })] }),
		'RefusedForAnotherReason',
	);
});

test('where Pods without credentials are not refused, no refusal and no pull is judged', () => {
	const controls = facts.controlsOf({ result: 'runs' });
	const workload = { namespace: 'default', workload: 'deployment/api', image: facts.image };
	const seen = {
		...{ workload: workload.workload, isNamespaceAbsent: false, exists: true, siblings: [], desired: 1, idle: null },
		...{ isObserved: true, refusal: null, generation: 'present' },
	};
	for (const [kind, params, found] of [
		['refused-pod', asked, { pull: denied([]) }],
		['pulled-pod', asked, { pull: pull() }],
		['pulled-workload', workload, { workload: { ...seen, pods: [pull()] } }],
	] as const) {
		const diagnosis = judge(kind, params, { ...found, log: facts.served, controls });
		assert.equal([diagnosis?.reason, diagnosis?.isError], ['ControlNotRefused', true], kind);
	}
	const absent = [
		['refused-pod', asked, { pull: pull({ pod: null }) }],
		['pulled-pod', asked, { pull: pull({ pod: null }) }],
		['pulled-workload', workload, { workload: { ...seen, desired: 0, idle: 'replicas: 0', pods: [] } }],
	] as const;
	for (const [kind, params, found] of absent)
		assert.is(judge(kind, params, { ...found, log: facts.served, controls })?.reason, 'PodMissing', kind);
	const begun = { workload: { ...seen, pods: [] }, log: facts.served, controls };
	assert.is(judge('pulled-workload', workload, begun)?.reason, 'PodStarting');
});

test('evidence of a Pod of which no container is told is judged all the same', () => {
	const bare = pull({ pod: pod({ phase: 'Succeeded', containers: [] }) });
	assert.is(judgeRefused(bare)?.reason, 'PullNotRefused');
	const seen = { pull: bare, log: facts.served, controls: facts.controls };
	assert.is(judge('pulled-pod', asked, seen)?.reason, 'PullNotProven');
});

test('each kind asks to see what it needs, and no more', () => {
	const needs = (kind: string, params: object) => facts.check(kind, params).needs();
	const controls = { kind: 'controls' };
	const log = { kind: 'pull-log', registry: facts.host };
	assert.equal(needs('pulled-pod', asked), {
		pull: { kind: 'pull', namespace: 'default', pod: 'private-pod' },
		log,
		controls,
	});
	assert.equal(needs('refused-pod', asked), {
		pull: { kind: 'pull', namespace: 'default', pod: 'private-pod' },
		controls,
	});
	assert.equal(needs('pulled-workload', { namespace: 'shop', workload: 'job/a', image: facts.image }), {
		workload: { kind: 'workload', namespace: 'shop', workload: 'job/a' },
		log,
		controls,
	});
	assert.equal(needs('account-pull-secret', { namespace: 'shop', secret: 's' }), {
		account: { kind: 'service-account', namespace: 'shop', name: 'default' },
	});
	assert.equal(needs('pull-secret', { namespace: 'shop', name: 'n', registry: 'r' }), {
		secret: { kind: 'pull-secret', namespace: 'shop', name: 'n', registry: 'r' },
	});
	const object = { apiVersion: 'v1', resource: 'Pod' };
	const found = { kind: 'resource', apiVersion: 'v1', resource: 'Pod', namespace: 'default' };
	assert.equal(needs('resource', { ...object, name: 'a' }), { found: { ...found, name: 'a', selector: null } });
	assert.equal(needs('resource', { ...object, selector: { app: 'a', tier: 'b' } }), {
		found: { ...found, name: null, selector: 'app=a,tier=b' },
	});
});

test('facts that are always there are not taken for absent', () => {
	const nothing = { secret: null, pull: null, workload: null, found: null, log: null, controls: null };
	for (const [kind, params, says] of [
		['pull-secret', { namespace: 'default', name: 'a', registry: 'r' }, 'a look for a Secret always has facts'],
		['pulled-pod', asked, 'a pull always has facts'],
		['refused-pod', asked, 'a pull always has facts'],
		['pulled-workload', { namespace: 'default', workload: 'job/a', image: facts.image }, 'a workload always has facts'],
		['resource', { apiVersion: 'v1', resource: 'Pod', name: 'a' }, 'a look for objects always has facts'],
	] as const) {
		assert.throws(
			() => judge(kind, params, nothing),
			(error: Error) => error.message === says,
		);
	}
});

const workloads: [name: string, isRight: boolean][] = [
	['deployment/api', true],
	['replicaset/a', true],
	['statefulset/a-b.c', true],
	['daemonset/0', true],
	['job/a1', true],
	['cronjob/a', true],
	['pod/a', false],
	['xdeployment/api', false],
	['deployment/api/x', false],
	['deployment/', false],
	['deployment/-a', false],
	['deployment/a-', false],
	['deployment/A', false],
	['Deployment/a', false],
];

test('a workload is named by its kind and its name', () => {
	const { params } = facts.kindOf('pulled-workload');
	for (const [workload, isRight] of workloads) {
		const read = params.safeParse({ namespace: 'default', workload, image: facts.image });
		assert.is(read.success, isRight, workload);
		if (!read.success)
			assert.is(read.error.issues[0]?.message, 'must be kind/name, the kind in lower case: deployment/api');
	}
});

test('every kind says in a sentence what it is about', () => {
	for (const { kind, summary } of checkKinds) assert.match(summary, /^(A|An|The) .*[a-z]\.$/, kind);
});

test('every kind refuses what it does not know, and what has another type', () => {
	const right: Record<string, object> = {
		'pull-secret': { namespace: 'a', name: 'b', registry: 'c' },
		'pulled-pod': asked,
		'pulled-workload': { namespace: 'a', workload: 'job/a', image: facts.image },
		'refused-pod': asked,
		'account-pull-secret': { namespace: 'a', account: 'b', secret: 'c' },
		resource: { apiVersion: 'v1', resource: 'Pod', namespace: 'a', name: 'b' },
	};
	assert.equal(Object.keys(right).sort(), checkKinds.map(({ kind }) => kind).sort());
	for (const { kind, params } of checkKinds) {
		assert.ok(params.safeParse(right[kind]).success, kind);
		assert.not.ok(params.safeParse({ ...right[kind], further: 1 }).success, kind);
		for (const key of Object.keys(right[kind] ?? {}))
			assert.not.ok(params.safeParse({ ...right[kind], [key]: 7 }).success, `${kind} ${key}`);
	}
});

test('what a pull may be asked for besides', () => {
	const { params } = facts.kindOf('pulled-pod');
	const read = (more: object) => params.safeParse({ ...asked, ...more });
	const allowed = [
		...['pod', 'service-account', 'any'].map((through) => ({ through })),
		...['Always', 'IfNotPresent', 'Never'].map((policy) => ({ policy })),
		...['tag', 'digest'].map((reference) => ({ reference })),
		...[{ container: 'a' }, { secret: 'a' }, { fresh: true }],
	];
	for (const more of allowed) assert.ok(read(more).success, JSON.stringify(more));
	for (const key of ['through', 'policy', 'reference', 'container', 'secret', 'fresh'])
		assert.not.ok(read({ [key]: key === 'fresh' ? 'yes' : 7 }).success, key);
	for (const key of ['through', 'policy', 'reference']) assert.not.ok(read({ [key]: '' }).success, key);
	const plain = read({});
	assert.is(plain.success && (plain.data as { through: string }).through, 'any');
});

test('a Pod or a workload whose registry has no log passes with a word about it', () => {
	const note = 'The registry keeps no log that can be read here, so the pull itself was not looked up.';
	const notes = (kind: string, params: object, seen: object) =>
		facts.check(kind, params).note(seen as never, facts.context);
	const workload = { namespace: 'default', workload: 'job/a', image: facts.image };
	const legacy = pull({
		secrets: [{ container: 'app', lookups: [found({ type: 'kubernetes.io/dockercfg' })] }],
	});
	assert.equal(notes('pulled-pod', asked, { pull: pull(), log: { log: null } }), [note]);
	assert.equal(notes('pulled-pod', asked, { pull: pull(), log: facts.served }), []);
	assert.equal(notes('pulled-pod', asked, { pull: null, log: null }), []);
	assert.match(notes('pulled-pod', asked, { pull: legacy, log: facts.served })[0] ?? '', /legacy/);
	assert.equal(notes('refused-pod', asked, { pull: pull(), controls: facts.controls }), [], 'a kind without notes');
	assert.equal(notes('pulled-workload', workload, { workload: { pods: [] }, log: { log: null } }), [note]);
	assert.equal(notes('pulled-workload', workload, { workload: null, log: null }), []);
	assert.match(
		notes('pulled-workload', workload, { workload: { pods: [legacy] }, log: facts.served })[0] ?? '',
		/legacy/,
	);
});

test.run();
