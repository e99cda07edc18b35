/** Bodies of requests: good ones of many kinds, as JSON, YAML and protobuf, and what is left of them after an accident. */

import { readFileSync } from 'node:fs';
import type { Random } from './random.ts';

const file = new URL('../../../fixtures/kubernetes-protobuf.json', import.meta.url);
const goldens = JSON.parse(readFileSync(file, 'utf8')) as { protobuf: string; json: unknown }[];

const metadata = { name: 'fuzz', labels: { app: 'fuzz' } };
const template = { metadata: { labels: { app: 'fuzz' } }, spec: { containers: [{ name: 'c', image: 'x/y:1' }] } };
const selector = { matchLabels: { app: 'fuzz' } };

/** Some of every kind that something acts on. */
const objects: unknown[] = [
	{ apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec },
	{ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { a: 'Yg==' } },
	{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } },
	{ apiVersion: 'v1', kind: 'ServiceAccount', metadata, imagePullSecrets: [{ name: 'x' }] },
	{ apiVersion: 'v1', kind: 'Namespace', metadata },
	{ apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'fuzz' }, ports: [{ port: 80 }] } },
	{ apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } },
	{ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '5' } } },
	{ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 2, selector, template } },
	{ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: { selector, template } },
	{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { serviceName: 's', selector, template } },
	{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: { selector, template } },
	{
		apiVersion: 'batch/v1',
		kind: 'Job',
		metadata,
		spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
	},
	{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['a'], expirationSeconds: 600 } },
	{ apiVersion: 'policy/v1', kind: 'Eviction', metadata, deleteOptions: { gracePeriodSeconds: 0 } },
	{ apiVersion: 'v1', kind: 'Binding', metadata, target: { kind: 'Node', name: 'kubeproctor-control-plane' } },
	{ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas: 3 } },
	{ apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, propagationPolicy: 'Foreground' },
	{ kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } },
	{ metadata: { labels: { a: 'b' }, finalizers: ['x.io/y'] }, spec: { replicas: 1 } },
	...goldens.map(({ json }) => json),
];

const patches: unknown[] = [
	[{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }],
	[{ op: 'test', path: '/metadata/name', value: 'fuzz' }],
	[{ op: 'move', from: '/metadata', path: '/metadata/labels/x' }],
	[{ op: 'copy', from: '', path: '/spec' }],
	[{ op: 'remove', path: '/spec' }],
	{
		spec: {
			template: {
				spec: {
					containers: [
						{ name: 'c', image: 'z' },
						{ $patch: 'delete', name: 'd' },
					],
				},
			},
		},
	},
	{ spec: { $patch: 'replace' }, metadata: { $retainKeys: ['name'], $setElementOrder: 1 } },
	{ data: null, metadata: null, spec: null, status: null },
];

const junk: unknown[] = [
	null,
	true,
	0,
	-1,
	1.5,
	1e308,
	-1e19,
	2 ** 53,
	'',
	' ',
	'x'.repeat(300),
	'\u0000',
	'\ud800',
	'🦊',
	'../..',
	'%zz',
	'1Gi',
	'-5m',
	'9'.repeat(40),
	'2020-01-01T00:00:00Z',
	'99999-99-99T99:99:99Z',
	[],
	{},
	[null],
	[[]],
	[{}],
	{ '': '' },
	{ name: null },
	{ constructor: { prototype: 1 } },
	JSON.parse('{"__proto__":{"a":1}}'),
	{ toString: 1, hasOwnProperty: 2 },
];

export interface Body {
	bytes: Buffer;
	type: string;
}

const plainTypes = [
	'application/json',
	'application/yaml',
	'application/json; charset=utf-8',
	'',
	'text/plain',
	'*/*',
	';',
];
const patchTypes = [
	'application/json-patch+json',
	'application/merge-patch+json',
	'application/strategic-merge-patch+json',
	'application/apply-patch+yaml',
];

export function makeBody(random: Random, method: string): Body {
	if (random.oneIn(8)) return makeProtobuf(random);
	const type = method === 'PATCH' && !random.oneIn(20) ? random.pick(patchTypes) : random.pick(plainTypes);
	if (random.oneIn(12)) return { type, bytes: makeWild(random) };
	const good = random.pick(method === 'PATCH' && random.oneIn(2) ? patches : objects);
	const value = random.oneIn(4) ? good : damage(random, structuredClone(good), 1 + random.below(4));
	const text = JSON.stringify(value) ?? '';
	return { type, bytes: Buffer.from(random.oneIn(15) ? text.slice(0, random.below(text.length)) : text) };
}

function makeProtobuf(random: Random): Body {
	const bytes = Buffer.from(random.pick(goldens).protobuf, 'base64');
	for (let count = random.below(5); count > 0; count--) bytes[random.below(bytes.length)] = random.below(256);
	const length = random.oneIn(4) ? random.below(bytes.length) : bytes.length;
	return { type: 'application/vnd.kubernetes.protobuf', bytes: bytes.subarray(0, length) };
}

function makeWild(random: Random): Buffer {
	const depth = random.pick([10, 1000, 9_000, 100_000]);
	return random.pick([
		() => Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256))),
		() => Buffer.from('['.repeat(depth) + ']'.repeat(depth)),
		() => Buffer.from(`${'{"metadata":'.repeat(depth)}1${'}'.repeat(depth)}`),
		() => Buffer.from(JSON.stringify({ metadata, data: { a: 'x'.repeat(random.pick([1e5, 2e6, 10e6])) } })),
		() =>
			Buffer.from(
				'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: *c\n',
			),
		() => Buffer.from('---\n- : ? !!js/function >\n\t%TAG\n'),
		() => Buffer.alloc(0),
		() => Buffer.from('{"metadata":{"name":"a","name":"b"},"a":1,"a":2}'),
		() => Buffer.from('\ufeff{}'),
	])();
}

/** Puts something else where a random value was, or takes it away. */
function damage(random: Random, value: unknown, times: number): unknown {
	let root = value;
	for (let count = 0; count < times; count++) root = damageOnce(random, root);
	return root;
}

function damageOnce(random: Random, value: unknown): unknown {
	if (value === null || typeof value !== 'object' || random.oneIn(6)) return structuredClone(random.pick(junk));
	const keys = Object.keys(value);
	const key = random.pick(keys.length === 0 ? ['spec'] : keys);
	const fields = value as Record<string, unknown>;
	const chance = random.below(8);
	if (chance === 0) delete fields[key];
	else if (chance === 1) fields[`${key}x`] = structuredClone(random.pick(junk));
	else fields[key] = damageOnce(random, fields[key]);
	return value;
}
