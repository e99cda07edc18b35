/** What admission does over several requests, which single dry runs do not show. */

import * as assert from 'uvu/assert';
import type { StatusError } from '../../../src/emulator/status-error.ts';
import { suite } from '../../harness.ts';
import { bases } from './cases.ts';
import { startSmallApi } from './small-api.ts';

const test = suite('admission over time');

test('a quota lets Pods in until it is used up, and again when one has ended', () => {
	const api = startSmallApi();
	api.createNamespace('lab');
	const quota = { ...bases['resourcequotas'], metadata: { name: 'two' } };
	api.create({ type: 'resourcequotas', namespace: 'lab' }, quota);
	const create = (name: string) => api.create({ type: 'pods', namespace: 'lab' }, named('pods', name));
	create('a');
	create('b');
	const error = refused(() => create('c'));
	assert.is(error.code, 403);
	assert.is(
		error.message,
		'pods "c" is forbidden: exceeded quota: two, requested: pods=1, used: pods=2, limited: pods=2',
	);
	const ended = { ...api.get({ type: 'pods', namespace: 'lab', name: 'a' }) };
	const call = { type: 'pods', namespace: 'lab', name: 'a', subresource: 'status' };
	api.replace(call, { ...ended, status: { ...(ended['status'] as object), phase: 'Succeeded' } });
	assert.is(create('c').metadata.name, 'c');
});

test('a dry run uses nothing up', () => {
	const api = startSmallApi();
	api.createNamespace('lab');
	api.create({ type: 'resourcequotas', namespace: 'lab' }, { ...bases['resourcequotas'], metadata: { name: 'two' } });
	for (const name of ['a', 'b', 'c'])
		api.create({ type: 'pods', namespace: 'lab', isDryRun: true }, named('pods', name));
});

test('each Service has an address and node ports of its own', () => {
	const api = startSmallApi();
	api.createNamespace('lab');
	const service = (name: string, spec: object) => ({
		...named('services', name),
		spec: { ...(bases['services']?.['spec'] as object), ...spec },
	});
	const create = (name: string, spec: object = {}) =>
		api.create({ type: 'services', namespace: 'lab' }, service(name, spec))['spec'] as Record<string, unknown>;
	const [first, second] = [create('a', { type: 'NodePort' }), create('b', { type: 'NodePort' })];
	assert.is.not(first['clusterIP'], second['clusterIP']);
	assert.match(String(first['clusterIP']), /^10\.96\./);
	assert.is.not(JSON.stringify(first['ports']), JSON.stringify(second['ports']));
	const error = refused(() => create('c', { clusterIP: first['clusterIP'] }));
	assert.is(
		error.message,
		`Service "c" is invalid: spec.clusterIPs: Invalid value: ["${first['clusterIP']}"]: failed to allocate IP ${first['clusterIP']}: provided IP is already allocated`,
	);
});

test('a Service that becomes another type gives back what it no longer needs', () => {
	const api = startSmallApi();
	api.createNamespace('lab');
	const target = { type: 'services', namespace: 'lab', name: 'web' };
	const { spec, ...rest } = named('services', 'web');
	const made = api.create(target, { ...rest, spec: { ...(spec as object), type: 'NodePort' } });
	const change = (fields: object) => {
		const live = api.get(target) as Record<string, unknown>;
		return api.replace(target, { ...live, spec: { ...(live['spec'] as object), ...fields } })['spec'];
	};
	const { clusterIP } = made['spec'] as { clusterIP: string };
	const common = {
		ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
		selector: { app: 'web' },
		sessionAffinity: 'None',
	};
	assert.equal(change({ type: 'ClusterIP' }), {
		...common,
		type: 'ClusterIP',
		clusterIP,
		clusterIPs: [clusterIP],
		internalTrafficPolicy: 'Cluster',
		ipFamilies: ['IPv4'],
		ipFamilyPolicy: 'SingleStack',
	});
	assert.equal(change({ type: 'ExternalName', externalName: 'a.b' }), {
		...common,
		type: 'ExternalName',
		externalName: 'a.b',
	});
});

test('nothing is made in a namespace that is on its way out', () => {
	const api = startSmallApi();
	api.createNamespace('lab');
	api.delete({ type: 'namespaces', name: 'lab' });
	const error = refused(() => api.create({ type: 'secrets', namespace: 'lab' }, named('secrets', 'late')));
	assert.is(error.code, 403);
	assert.is(
		error.message,
		'secrets "late" is forbidden: unable to create new content in namespace lab because it is being terminated',
	);
	assert.equal(error.details?.causes, [
		{
			reason: 'NamespaceTerminating',
			message: 'namespace lab is being terminated',
			field: 'metadata.namespace',
		},
	]);
});

for (const name of ['default', 'kube-system', 'kube-public'])
	test(`${name} is never deleted`, () => {
		const error = refused(() => startSmallApi().delete({ type: 'namespaces', name }));
		assert.is(error.message, `namespaces "${name}" is forbidden: this namespace may not be deleted`);
	});

test('a Pod inherits the pull secrets that its account has when it is made, unless it lists some', () => {
	const api = startSmallApi();
	api.createNamespace('lab');
	const create = (name: string, imagePullSecrets?: object[]) => {
		const pod = named('pods', name);
		const spec = { ...(pod['spec'] as object), ...(imagePullSecrets && { imagePullSecrets }) };
		return (api.create({ type: 'pods', namespace: 'lab' }, { ...pod, spec })['spec'] as Record<string, unknown>)[
			'imagePullSecrets'
		];
	};
	assert.is(create('before'), undefined);
	const account = { type: 'serviceaccounts', namespace: 'lab', name: 'default' };
	api.replace(account, { ...api.get(account), imagePullSecrets: [{ name: 'regcred' }] });
	assert.equal(create('after'), [{ name: 'regcred' }]);
	assert.equal(create('own', [{ name: 'mine' }]), [{ name: 'mine' }]);
	const before = api.get({ type: 'pods', namespace: 'lab', name: 'before' });
	assert.not.ok(JSON.stringify(before).includes('imagePullSecrets'));
});

test('a Secret that is sealed stays as it is', () => {
	const api = startSmallApi();
	api.createNamespace('lab');
	const target = { type: 'secrets', namespace: 'lab', name: 'sealed' };
	const sealed = api.create(target, { ...named('secrets', 'sealed'), immutable: true });
	const error = refused(() => api.replace(target, { ...sealed, data: { a: 'Yw==' }, immutable: false }));
	assert.is(
		error.message,
		'Secret "sealed" is invalid: [immutable: Forbidden: field is immutable when `immutable` is set, data: Forbidden: field is immutable when `immutable` is set]',
	);
});

test('a stricter policy warns of the Pods that break it', () => {
	const api = startSmallApi();
	api.createNamespace('lab');
	for (const name of ['a', 'b']) api.create({ type: 'pods', namespace: 'lab' }, named('pods', name));
	const warnings: string[] = [];
	const target = { type: 'namespaces', name: 'lab' };
	const live = api.get(target);
	const labels = { ...live?.metadata.labels, 'pod-security.kubernetes.io/enforce': 'restricted' };
	api.replace({ ...target, warnings }, { ...live, metadata: { ...live?.metadata, labels } });
	assert.equal(warnings, [
		'existing pods in namespace "lab" violate the new PodSecurity enforce level "restricted:latest"',
		'a (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
	]);
});

test.run();

function named(type: string, name: string): Record<string, unknown> {
	return { ...bases[type], metadata: { name } };
}

function refused(action: () => unknown): StatusError {
	try {
		action();
	} catch (error) {
		return error as StatusError;
	}
	throw new Error('it was accepted');
}
