/** What the real server refuses for being too deep, too much or too slow, in its words. */

import https from 'node:https';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { type Server, startServer } from './requests.ts';

const test = suite('limits of requests');
const maps = '/api/v1/namespaces/default/configmaps';
const deep = (depth: number) => '{"metadata":'.repeat(depth) + 1 + '}'.repeat(depth);
const patchAs = (type: string) => ({ method: 'PATCH', headers: { 'content-type': `application/${type}+json` } });
let server: Server;

test.before(async () => {
	server = await startServer();
	await server.ask(maps, { body: { metadata: { name: 'map' } } });
});
test.after(() => server.stop());

test('a body that nests without end is refused', async () => {
	const { status, body } = await server.ask(maps, { body: deep(100_000) });
	assert.is(status, 400);
	assert.is(
		body.message,
		`the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character '{' exceeded max depth ({"metadata":{"metadata":{"meta ...)`,
	);
});

test('so is YAML, which would end the process', async () => {
	for (const body of [deep(100_000), '- '.repeat(100_000)]) {
		const { status } = await server.ask(maps, { body, headers: { 'content-type': 'application/yaml' } });
		assert.is(status, 400);
	}
});

test('so is a patch, and what a patch would make', async () => {
	const given = await server.ask(`${maps}/map`, { ...patchAs('merge-patch'), body: deep(12_000) });
	assert.is(given.body.message, "error decoding patch: invalid character '{' exceeded max depth");
	const grow = { op: 'copy', from: '/metadata', path: '/metadata/x' };
	const made = await server.ask(`${maps}/map`, { ...patchAs('json-patch'), body: Array(2000).fill(grow) });
	assert.is(made.status, 422);
});

test('a patch has no more than ten thousand operations', async () => {
	const body = Array(10_001).fill({ op: 'test', path: '/kind', value: 'ConfigMap' });
	const answer = await server.ask(`${maps}/map`, { ...patchAs('json-patch'), body });
	assert.is(answer.status, 413);
	assert.is(
		answer.body.message,
		'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
	);
});

test('operations of a patch are objects of text', async () => {
	const told = async (operations: unknown) =>
		(await server.ask(`${maps}/map`, { ...patchAs('json-patch'), body: operations })).body.message;
	const decoding = 'error decoding patch: json: cannot unmarshal number into Go';
	assert.is(await told([1]), `${decoding} value of type handlers.jsonPatchOp`);
	assert.is(await told([{ op: 'add', path: 3 }]), `${decoding} struct field jsonPatchOp.path of type string`);
	assert.is(await told([null]), 'the server rejected our request due to an error in our request');
});

test('ten megabytes are too many', async () => {
	const { status, body } = await server.ask(maps, { body: { data: { a: 'x'.repeat(10_000_000) } } });
	assert.is(status, 413);
	assert.is(body.message, 'Request entity too large: limit is 3145728');
});

test('an object that says null is one that says nothing', async () => {
	const { status, body } = await server.ask('/api/v1/namespaces/default/pods', { body: 'null' });
	assert.is(status, 422);
	assert.match(body.message, 'spec.containers: Required value');
});

test('whoever does not send the rest of the body in time is told so', async () => {
	const { authority, admin } = server.emulator.certificates;
	const options = { ca: authority.certificate, cert: admin.certificate, key: admin.key, method: 'POST' };
	const text = await new Promise<string>((resolve, reject) => {
		const request = https.request(`${server.emulator.url}${maps}?timeout=200ms`, options, async (response) => {
			let answer = `${response.statusCode} ${response.headers['content-type']} `;
			for await (const chunk of response) answer += chunk;
			resolve(answer);
			request.destroy();
		});
		request.on('error', reject);
		request.write('{"meta');
	});
	assert.is(
		text,
		'504 text/plain; charset=utf-8 {"metadata":{},"status":"Failure","message":"Timeout: request did not complete within the allotted timeout","reason":"Timeout","details":{},"code":504}\n',
	);
});

test('a timeout that is no duration is refused', async () => {
	for (const [text, fault] of [
		['x', 'invalid duration "x"'],
		['5', 'missing unit in duration "5"'],
	]) {
		const { status, body } = await server.ask(`${maps}?timeout=${text}`);
		assert.is(status, 400);
		assert.is(body.message, `invalid timeout specified in the request URL - time: ${fault}`);
	}
	assert.is((await server.ask(`${maps}?timeout=0`)).status, 200);
	assert.is((await server.ask(`${maps}?timeout=32s`)).status, 200);
});

test('nobody gets in but over 127.0.0.1', async () => {
	const { hostname, port } = new URL(server.emulator.url);
	assert.is(hostname, '127.0.0.1');
	const elsewhere = Object.values(networkInterfaces()).flatMap((addresses = []) =>
		addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
	);
	for (const host of ['127.0.0.2', '::1', ...elsewhere]) {
		const socket = connect({ host, port: Number(port), timeout: 2000 });
		const isOpen = await new Promise((resolve) => {
			socket.once('connect', () => resolve(true));
			socket.once('error', () => resolve(false));
			socket.once('timeout', () => resolve(false));
		});
		socket.destroy();
		assert.is(isOpen, false, host);
	}
});

test('health is told check by check to whoever asks for it', async () => {
	const lines = async (path: string) => (await server.ask(path)).text.split('\n');
	assert.equal(await lines('/livez'), ['ok']);
	assert.equal(await lines('/readyz/etcd'), ['ok']);
	assert.is((await server.ask('/readyz/nosuch')).text, '404 page not found\n');
	const ready = await lines('/readyz?verbose&exclude=ping&exclude=nosuch');
	assert.equal(ready.slice(0, 5), [
		'[+]ping excluded: ok',
		'[+]log ok',
		'[+]etcd ok',
		'[+]etcd-readiness ok',
		'[+]informer-sync ok',
	]);
	assert.equal(ready.slice(-4), [
		'[+]shutdown ok',
		'warn: some health checks cannot be excluded: no matches for "nosuch"',
		'readyz check passed',
		'',
	]);
	assert.is((await lines('/healthz?verbose')).length, 34);
});

test.run();
