import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/emulator/object.ts';
import { suite } from '../../harness.ts';
import { type Server, startServer } from './requests.ts';

interface Settings extends KubeObject {
	data?: Record<string, string>;
}

const test = suite('objects over HTTP');
const maps = '/api/v1/namespaces/default/configmaps';
let server: Server;

test.before(async () => {
	server = await startServer();
});
test.after(() => server.stop());

test('a list in pages is the list of one moment, whatever changes meanwhile', async () => {
	for (let each = 0; each < 9; each++) await server.ask(maps, { body: { metadata: { name: `page-${each}` } } });
	const whole = await server.ask(maps);
	const first = await server.ask(`${maps}?limit=4`);
	await server.ask(`${maps}/page-5`, { method: 'DELETE' });
	await server.ask(maps, { body: { metadata: { name: 'page-7a' } } });
	const names: string[] = [];
	let page = first;
	for (;;) {
		names.push(...page.body.items.map((item: { metadata: { name: string } }) => item.metadata.name));
		assert.is(page.body.metadata.resourceVersion, first.body.metadata.resourceVersion);
		const token = page.body.metadata.continue;
		if (!token) break;
		page = await server.ask(`${maps}?limit=4&continue=${token}`);
	}
	assert.equal(
		names,
		whole.body.items.map((item: { metadata: { name: string } }) => item.metadata.name),
	);
	assert.is(first.body.metadata.remainingItemCount, names.length - 4);
});

test('a list whose moment has been forgotten is expired, and may go on from now; a watch says so in its stream', async () => {
	for (const name of ['old-a', 'old-b', 'old-c']) await server.ask(maps, { body: { metadata: { name } } });
	const first = await server.ask(`${maps}?limit=1`);
	const { resourceVersion, continue: token } = first.body.metadata;
	for (let each = 0; each < 2500; each++) {
		server.emulator.client.update<Settings>('configmaps', 'default', 'old-a', (map) => ({
			...map,
			data: { each: String(each) },
		}));
	}
	const expired = await server.ask(`${maps}?limit=1&continue=${token}`);
	assert.is(expired.status, 410);
	assert.is(expired.body.reason, 'Expired');
	assert.match(
		expired.body.message,
		/^The provided continue parameter is too old to display a consistent list result\. /,
	);
	const next = await server.ask(`${maps}?limit=1&continue=${expired.body.metadata.continue}`);
	assert.is(next.status, 200);
	assert.ok(next.body.items[0].metadata.name > first.body.items[0].metadata.name);
	assert.is.not(next.body.metadata.resourceVersion, resourceVersion);
	const exact = await server.ask(`${maps}?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`);
	assert.is(exact.status, 410);
	assert.is(exact.body.message, 'The resourceVersion for the provided list is too old.');
	const watched = await server.ask(`${maps}?watch=1&resourceVersion=${resourceVersion}&timeoutSeconds=1`);
	assert.is(watched.status, 200);
	assert.is(watched.body.type, 'ERROR');
	assert.is(watched.body.object.code, 410);
	assert.match(watched.body.object.message, new RegExp(`^too old resource version: ${resourceVersion} \\(\\d+\\)$`));
});

test('a dry run answers as if, and keeps nothing', async () => {
	const { revision } = { revision: (await server.ask(maps)).body.metadata.resourceVersion };
	const made = await server.ask(`${maps}?dryRun=All`, { body: { metadata: { name: 'dry' } } });
	assert.is(made.status, 201);
	assert.ok(made.body.metadata.uid);
	assert.is((await server.ask(`${maps}/dry`)).status, 404);
	assert.is((await server.ask(maps)).body.metadata.resourceVersion, revision);
});

test('a PUT of an old state is a conflict, and of the same state no change', async () => {
	const { body: old } = await server.ask(maps, { body: { metadata: { name: 'put' }, data: { a: '1' } } });
	const { body: changed } = await server.ask(`${maps}/put`, { method: 'PUT', body: { ...old, data: { a: '2' } } });
	const again = await server.ask(`${maps}/put`, { method: 'PUT', body: { ...old, data: { a: '3' } } });
	assert.is(again.status, 409);
	assert.is(
		again.body.message,
		'Operation cannot be fulfilled on configmaps "put": the object has been modified; please apply your changes to the latest version and try again',
	);
	const same = await server.ask(`${maps}/put`, { method: 'PUT', body: changed });
	assert.is(same.body.metadata.resourceVersion, changed.metadata.resourceVersion);
});

test('a finalizer holds a deleted object until it is taken off', async () => {
	await server.ask(maps, { body: { metadata: { name: 'held', finalizers: ['example.com/hold'] } } });
	const deleted = await server.ask(`${maps}/held`, { method: 'DELETE' });
	assert.is(deleted.status, 200);
	assert.ok(deleted.body.metadata.deletionTimestamp);
	assert.is((await server.ask(`${maps}/held`)).status, 200);
	await server.ask(`${maps}/held`, {
		method: 'PATCH',
		body: { metadata: { finalizers: null } },
		headers: { 'content-type': 'application/merge-patch+json' },
	});
	assert.is((await server.ask(`${maps}/held`)).status, 404);
});

test('generation counts what was wished for, not what was reported', async () => {
	const deployments = '/apis/apps/v1/namespaces/default/deployments';
	const labels = { app: 'web' };
	const spec = {
		replicas: 0,
		selector: { matchLabels: labels },
		template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'registry.invalid/a:1' }] } },
	};
	const headers = { 'content-type': 'application/merge-patch+json' };
	const patch = (path: string, body: unknown) => server.ask(path, { method: 'PATCH', body, headers });
	const made = await server.ask(deployments, { body: { metadata: { name: 'web' }, spec } });
	assert.is(made.body.metadata.generation, 1);
	const status = await patch(`${deployments}/web/status`, { status: { replicas: 0 }, spec: { paused: true } });
	assert.is(status.body.metadata.generation, 1);
	assert.is(status.body.spec.paused, undefined);
	const scaled = await patch(`${deployments}/web/scale`, { spec: { replicas: 1 } });
	assert.is(scaled.body.kind, 'Scale');
	assert.is((await server.ask(`${deployments}/web`)).body.metadata.generation, 2);
	await server.ask(`${deployments}/web`, { method: 'DELETE' });
});

test('events are the same through both of their groups', async () => {
	const regarding = { kind: 'Pod', namespace: 'default', name: 'web' };
	const event = {
		metadata: { name: 'web.1' },
		regarding,
		reason: 'Tested',
		note: 'said so',
		type: 'Normal',
		action: 'Test',
		eventTime: '2026-01-01T00:00:00.000000Z',
		reportingController: 'example.com/test',
		reportingInstance: 'test-1',
	};
	const made = await server.ask('/apis/events.k8s.io/v1/namespaces/default/events', { body: event });
	assert.is(made.status, 201, made.text);
	const core = await server.ask('/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dweb');
	assert.is(core.body.items[0].message, 'said so');
	assert.is(core.body.items[0].involvedObject.name, 'web');
	assert.is(core.body.items[0].note, undefined);
});

test('a token is who its ServiceAccount is, until that is gone', async () => {
	const accounts = '/api/v1/namespaces/default/serviceaccounts';
	await server.ask(accounts, { body: { metadata: { name: 'robot' } } });
	const { body } = await server.ask(`${accounts}/robot/token`, { body: {} });
	const headers = { authorization: `Bearer ${body.status.token}` };
	const me = await server.ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
		body: {},
		headers,
		isAnonymous: true,
	});
	assert.is(me.body.status.userInfo.username, 'system:serviceaccount:default:robot');
	const pods = await server.ask('/api/v1/namespaces/default/pods', { headers, isAnonymous: true });
	assert.is(pods.status, 403);
	assert.match(pods.body.message, /^pods is forbidden: User "system:serviceaccount:default:robot" cannot list/);
	const forged = `${body.status.token.slice(0, -4)}AAAA`;
	const other = { authorization: `Bearer ${forged}` };
	assert.is((await server.ask('/api/v1/pods', { headers: other, isAnonymous: true })).status, 401);
	await server.ask(`${accounts}/robot`, { method: 'DELETE' });
	assert.is((await server.ask('/api/v1/pods', { headers, isAnonymous: true })).status, 401);
});

test('a role lets somebody else do what it says', async () => {
	const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
	const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
	await server.ask(`${rbac}/roles`, { body: { metadata: { name: 'reader' }, rules } });
	const as = { headers: { 'impersonate-user': 'bob' } };
	assert.is((await server.ask(maps, as)).status, 403);
	const bound = await server.ask(`${rbac}/rolebindings`, {
		body: {
			metadata: { name: 'bob-reads' },
			roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
			subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob' }],
		},
	});
	assert.is(bound.status, 201, bound.text);
	assert.is((await server.ask(maps, as)).status, 200);
	assert.is((await server.ask('/api/v1/configmaps', as)).status, 403);
});

test('what is told of whom somebody acts for may be escaped, also wrongly', async () => {
	const headers = { 'impersonate-user': 'bob', 'impersonate-extra-a%2fb': 'c', 'impersonate-extra-d%zz': 'e' };
	const me = await server.ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {}, headers });
	assert.is(me.status, 201, me.text);
	assert.equal(me.body.status.userInfo.extra, { 'a/b': ['c'], 'd%zz': ['e'] });
});

test('big answers are zipped for whoever takes them so', async () => {
	const value = 'x'.repeat(200_000);
	await server.ask(maps, { body: { metadata: { name: 'big' }, data: { value } } });
	const plain = await server.ask(`${maps}/big`);
	assert.is(plain.headers['content-encoding'], undefined);
	const zipped = await server.ask(`${maps}/big`, { headers: { 'accept-encoding': 'gzip' } });
	assert.is(zipped.headers['content-encoding'], 'gzip');
	assert.ok(Number(zipped.headers['content-length']) < 10_000);
});

test('a body beyond the limit is refused, and the server lives on', async () => {
	const reply = await server.ask(maps, { body: 'x'.repeat(4 * 1024 * 1024) });
	assert.is(reply.status, 413);
	assert.is(reply.body.reason, 'RequestEntityTooLarge');
	assert.is((await server.ask('/readyz')).text, 'ok');
});

test.run();
