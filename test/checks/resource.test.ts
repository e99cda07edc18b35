/** The check of any kind of object: fields, expressions, absence, and an author's mistakes. */

import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { describeIssues } from '../../src/lab/describe-issues.ts';
import type { ResourceFacts, SeenObject } from '../../src/model/evidence.ts';
import { type Reason, reasons } from '../../src/model/reason.ts';
import { suite } from '../harness.ts';
import * as facts from './facts.ts';

const test = suite('resource check');

const deployment = {
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: { name: 'web', namespace: 'shop' },
	spec: { replicas: 2, template: { spec: { containers: [{ name: 'app', image: facts.image }] } } },
};

const web = { apiVersion: 'apps/v1', resource: 'Deployment', namespace: 'shop', name: 'web' };

function found(objects: SeenObject[], change: Partial<ResourceFacts> = {}): ResourceFacts {
	return { isKindUnknown: false, isNamespaced: true, isNamespaceAbsent: false, objects, siblings: [], ...change };
}

const judge = (params: object, seen: ResourceFacts) =>
	facts.check('resource', { ...web, ...params }).judge({ found: seen }, facts.context);

const imageIs = {
	expression: `object.spec.template.spec.containers.all(c, c.image == '${facts.image}')`,
	message: 'Every container runs myapp.',
};

const cases: [reason: Reason | null, title: string, params: object, seen: ResourceFacts][] = [
	[null, 'there', {}, found([deployment])],
	[null, 'the fields are right', { match: { spec: { replicas: 2 } } }, found([deployment])],
	[null, 'the expression is true', { expressions: [imageIs] }, found([deployment])],
	['FieldOther', 'a field differs', { match: { spec: { replicas: 3 } } }, found([deployment])],
	[
		'FieldOther',
		'the expression is false',
		{ expressions: [imageIs, { expression: 'object.spec.replicas > 2' }] },
		found([deployment]),
	],
	[
		'FieldOther',
		'the expression has no value',
		{ expressions: [{ expression: 'object.spec.paused' }] },
		found([deployment]),
	],
	[
		'FieldOther',
		'the second of two selected differs',
		{ name: undefined, selector: { app: 'web' }, match: { spec: { replicas: 2 } } },
		found([deployment, { ...deployment, spec: {} }]),
	],
	[
		'NotObserved',
		'too large to be judged',
		{ expressions: [{ expression: 'object.spec.l.all(a, object.spec.l.all(b, a == b))' }] },
		found([{ ...deployment, spec: { l: Array.from({ length: 999 }, () => 1) } }]),
	],
	['ResourceMissing', 'not there', {}, found([])],
	['ResourceMissing', 'none is selected', { name: undefined, selector: { app: 'web' } }, found([])],
	[
		'ResourceMissing',
		'the kind is unknown',
		{ apiVersion: 'example.com/v1', resource: 'Widget' },
		found([], { isKindUnknown: true }),
	],
	['NamespaceMissing', 'no namespace', {}, found([], { isNamespaceAbsent: true })],
	['PodMissing', 'no Pod', { apiVersion: 'v1', resource: 'Pod' }, found([])],
	['ServiceAccountMissing', 'no account', { apiVersion: 'v1', resource: 'ServiceAccount' }, found([])],
	[
		'NamespaceMissing',
		'the namespace itself',
		{ apiVersion: 'v1', resource: 'Namespace' },
		found([], { isNamespaced: false }),
	],
	[null, 'absent, as it must be', { absent: true }, found([])],
	[null, 'absent, with its namespace', { absent: true }, found([], { isNamespaceAbsent: true })],
	[null, 'absent, with its kind', { absent: true }, found([], { isKindUnknown: true })],
	['ResourcePresent', 'there, where it must be absent', { absent: true }, found([deployment])],
	[
		'ResourcePresent',
		'one of several is still there',
		{ absent: true, name: undefined, selector: { app: 'web' } },
		found([deployment]),
	],
];

for (const [reason, title, params, seen] of cases) {
	test(`${reason ?? 'passes'}: ${title}`, () => {
		const diagnosis = judge(params, seen);
		assert.is(diagnosis?.reason ?? null, reason);
		if (diagnosis === null) return;
		assert.ok(diagnosis.expected && diagnosis.remedy, 'expected and remedy');
		assert.is(diagnosis.isError ?? false, reason === 'NotObserved');
	});
}

test('every reason that it gives is one of those it names', () => {
	const named = facts.kindOf('resource').reasons;
	assert.equal([...new Set(cases.flatMap(([reason]) => reason ?? []))].sort(), [...named].sort());
	for (const reason of named) assert.ok(reason in reasons);
});

test('the field is named, with what it should be, what it is, and what to type', () => {
	const diagnosis = judge(
		{ match: { spec: { replicas: 3, template: { spec: { containers: [{ name: 'app', image: 'other' }] } } } } },
		found([deployment]),
	);
	assert.is(diagnosis?.message, 'Deployment shop/web has another value at spec.replicas than the task asks for.');
	assert.is(diagnosis?.expected, 'spec.replicas: 3');
	assert.is(diagnosis?.actual, 'spec.replicas: 2');
	assert.match(diagnosis?.remedy ?? '', 'kubectl -n shop edit deployment web');
	assert.is(diagnosis?.also?.[0]?.expected, 'spec.template.spec.containers[app].image: "other"');
	assert.match(diagnosis?.also?.[0]?.remedy ?? '', 'kubectl explain deployment.spec.template.spec.containers.image\n');
});

test("an expression's message and remedy are the author's", () => {
	const diagnosis = judge(
		{ expressions: [{ ...imageIs, expression: 'false', remedy: 'Do it.' }] },
		found([deployment]),
	);
	assert.match(diagnosis?.message ?? '', /web is not as the task asks for it: Every container runs myapp\.$/);
	assert.is(diagnosis?.remedy, 'Do it.');
});

const deleted = {
	...deployment,
	metadata: { ...deployment.metadata, deletionTimestamp: '2026-01-01T00:09:59Z' },
};
const unsettled: [isUnsettled: true | undefined, title: string, params: object, seen: SeenObject[]][] = [
	[true, 'a status that a controller writes', { match: { status: { readyReplicas: 2 } } }, [deployment]],
	[true, 'an expression about the status', { expressions: [{ expression: 'object.status.ready' }] }, [deployment]],
	[true, 'what is being deleted', { absent: true }, [deleted]],
	[undefined, 'what nobody has deleted', { absent: true }, [deployment, deleted]],
	[undefined, 'a spec', { match: { spec: { replicas: 3 } } }, [deployment]],
	[
		undefined,
		'an expression about the spec',
		{ expressions: [{ expression: 'object.spec.replicas > 2' }] },
		[deployment],
	],
	[
		undefined,
		'a status, while the spec is wrong as well',
		{ match: { status: { readyReplicas: 2 }, spec: { replicas: 3 } } },
		[deployment],
	],
	[
		undefined,
		'a status, while an expression about the spec is false as well',
		{ match: { status: { readyReplicas: 2 } }, expressions: [{ expression: 'object.spec.replicas > 2' }] },
		[deployment],
	],
	[
		undefined,
		'the status of one, while the spec of another is wrong',
		{ match: { status: { readyReplicas: 2 }, spec: { replicas: 2 } }, name: undefined, selector: { app: 'web' } },
		[deployment, { ...deployment, spec: {} }],
	],
];
for (const [isUnsettled, title, params, seen] of unsettled) {
	test(`${isUnsettled ? 'waited for' : 'told at once'}: ${title}`, () => {
		const diagnosis = judge(params, found(seen));
		assert.ok(diagnosis);
		assert.is(diagnosis.isUnsettled, isUnsettled);
	});
}

test('a slip in the name is told', () => {
	const diagnosis = judge({}, found([], { siblings: ['wep', 'other'] }));
	assert.is(diagnosis?.message, 'There is no Deployment web in namespace shop, but there is wep.');
});

test('an expression is read the first time as well as again', () => {
	const expression = `'${randomUUID()}' != '' && object.spec.replicas > 2`;
	for (const replicas of [2, 3, 2]) {
		const diagnosis = judge({ expressions: [{ expression }] }, found([{ ...deployment, spec: { replicas } }]));
		assert.is(diagnosis?.reason, replicas > 2 ? undefined : 'FieldOther');
	}
});

test('versions, kinds and labels of every form are taken', () => {
	const { params } = facts.kindOf('resource');
	for (const apiVersion of ['v1', 'apps/v1', 'v1beta1', 'networking.k8s.io/v2alpha3', 'my-group.example.com/v1'])
		assert.ok(params.safeParse({ ...web, apiVersion }).success, apiVersion);
	for (const resource of ['Pod', 'ConfigMap', 'IPAddress', 'A1'])
		assert.ok(params.safeParse({ ...web, resource }).success);
	for (const value of ['', 'a', 'web', 'Web.1-x_y', '1.2.3']) {
		const selector = { app: value, 'app.kubernetes.io/name': value };
		assert.ok(params.safeParse({ ...web, name: undefined, selector }).success, value);
	}
});

const refused: [title: string, params: object, message: RegExp][] = [
	['neither name nor selector', { name: undefined }, /either a name or a selector/],
	['name and selector', { selector: { app: 'web' } }, /either a name or a selector/],
	['an empty selector', { name: undefined, selector: {} }, /either a name or a selector/],
	['a kind in small letters', { resource: 'deployments' }, /must be a kind/],
	['no version', { apiVersion: 'apps' }, /must be a version/],
	[
		'a broken expression',
		{ expressions: [{ expression: 'object.spec.\n  replicas >> 2' }] },
		/line 2, column \d+ of the expression/,
	],
	['a broken pattern', { expressions: [{ expression: "object.kind.matches('(')" }] }, /not one of RE2/],
	['a kind with more after it', { resource: 'Deployment/x' }, /must be a kind/],
	['a kind with something before it', { resource: 'apps/Deployment' }, /must be a kind/],
	['a version with more after it', { apiVersion: 'apps/v1/x' }, /must be a version/],
	['a version with something before it', { apiVersion: 'x apps/v1' }, /must be a version/],
	['a key of no label', { name: undefined, selector: { 'a b': 'c' } }, /must be the key of a label/],
	['a key of a label, and more', { name: undefined, selector: { 'a=b': 'c' } }, /must be the key of a label/],
	['a label that begins with a dot', { name: undefined, selector: { app: '.web' } }, /must be the value of a label/],
	['a label that ends with a dash', { name: undefined, selector: { app: 'web-' } }, /must be the value of a label/],
	['a label that is two', { name: undefined, selector: { app: 'web,tier=a' } }, /must be the value of a label/],
	[
		'expressions about what must be absent',
		{ absent: true, expressions: [{ expression: 'true' }] },
		/neither fields to match nor expressions/,
	],
	['fields of what must be absent', { absent: true, match: { spec: {} } }, /neither fields to match nor expressions/],
	['an unknown key', { expressions: [{ expression: 'true', mesage: 'x' }] }, /mesage/],
];

for (const [title, params, message] of refused) {
	test(`refused: ${title}`, () => {
		const kind = facts.kindOf('resource');
		const data = { ...web, ...params };
		const read = kind.params.safeParse(data);
		assert.not.ok(read.success);
		if (read.success) return;
		const told = describeIssues(read.error.issues, kind.params, data);
		assert.match(told.map((issue) => issue.message).join('\n'), message);
	});
}

test.run();
