/** The door to the API server: kubeconfigs, connections, errors. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { openCluster } from '../../src/kube/client.ts';
import { findConnection } from '../../src/kube/connection.ts';
import { isNotFound, KubeError } from '../../src/kube/kube-error.ts';
import { loadKubeconfig } from '../../src/kube/kubeconfig.ts';
import { InterruptedError, LabError } from '../../src/model/error.ts';
import { suite } from '../harness.ts';

interface Door {
	folder: string;
	server: http.Server;
	sockets: Set<Socket>;
	headers: http.IncomingHttpHeaders[];
	kubeconfig: string;
}

const test = suite<Door>('the door to the API server');

test.before.each(async (door) => {
	door.folder = await mkdtemp(join(tmpdir(), 'kube-'));
	door.sockets = new Set();
	door.headers = [];
	door.server = http.createServer((request, response) => {
		door.headers.push(request.headers);
		if (request.url === '/silent') return;
		if (request.url === '/missing') {
			response.writeHead(404, { 'content-type': 'application/json' });
			return void response.end(JSON.stringify({ kind: 'Status', reason: 'NotFound', message: 'pods "x" not found' }));
		}
		if (request.url === '/gateway') {
			response.writeHead(502, { 'content-type': 'text/html' });
			return void response.end('<h1>Bad Gateway</h1>');
		}
		response.setHeader('date', 'Thu, 01 Jan 2026 00:00:00 GMT');
		response.end(JSON.stringify({ url: request.url }));
	});
	door.server.on('connection', (socket) => door.sockets.add(socket));
	await new Promise<void>((resolve) => door.server.listen(0, '127.0.0.1', resolve));
	door.kubeconfig = join(door.folder, 'kubeconfig');
	await writeKubeconfig(door, `http://127.0.0.1:${(door.server.address() as AddressInfo).port}/k8s`);
});
test.after.each(async ({ server, folder }) => {
	server.closeAllConnections();
	server.close();
	await rm(folder, { recursive: true });
});

async function writeKubeconfig({ kubeconfig }: Door, server: string): Promise<void> {
	await writeFile(
		kubeconfig,
		JSON.stringify({
			clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
			users: [{ name: 'u', user: { token: 'let-me-in' } }],
			contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
		}),
	);
}

async function catchError(action: () => Promise<unknown>): Promise<unknown> {
	try {
		await action();
	} catch (error) {
		return error;
	}
	throw new Error('it went well');
}

test("keeps the server's path, the user's token, and one connection", async (door) => {
	const client = await openCluster({ kubeconfig: door.kubeconfig, context: 'c' });
	for (let count = 0; count < 5; count++) assert.equal(await client.get('/version?x=1'), { url: '/k8s/version?x=1' });
	client.close();
	assert.is(door.sockets.size, 1);
	assert.is(door.headers[0]?.authorization, 'Bearer let-me-in');
});

test("tells the server's time", async (door) => {
	const client = await openCluster({ kubeconfig: door.kubeconfig, context: 'c' });
	await client.get('/version');
	assert.ok(Math.abs(client.date.getTime() - Date.parse('2026-01-01T00:00:00Z')) < 2000);
	client.close();
});

test('an error of the API server keeps its reason and its words', async (door) => {
	await writeKubeconfig(door, `http://127.0.0.1:${(door.server.address() as AddressInfo).port}`);
	const client = await openCluster({ kubeconfig: door.kubeconfig, context: 'c' });
	const missing = await catchError(() => client.get('/missing'));
	assert.instance(missing, KubeError);
	assert.ok(isNotFound(missing));
	assert.is((missing as KubeError).message, 'pods "x" not found');
	const gateway = await catchError(() => client.get('/gateway'));
	assert.is((gateway as KubeError).status, 502);
	assert.match((gateway as KubeError).message, /answered with 502/);
	client.close();
});

test('a server that says nothing is given up, and can be interrupted before', async (door) => {
	await writeKubeconfig(door, `http://127.0.0.1:${(door.server.address() as AddressInfo).port}`);
	const client = await openCluster({ kubeconfig: door.kubeconfig, context: 'c' });
	const silent = await catchError(() => client.get('/silent', { timeout: 200 }));
	assert.instance(silent, LabError);
	assert.match((silent as LabError).message, /no answer within 0\.2 s/);
	const controller = new AbortController();
	setTimeout(() => controller.abort(new InterruptedError()), 50);
	assert.instance(await catchError(() => client.get('/silent', { signal: controller.signal })), InterruptedError);
	client.close();
});

test('a kubeconfig that cannot be used is named', async (door) => {
	const open = (context: string, kubeconfig = door.kubeconfig) =>
		catchError(() => openCluster({ kubeconfig, context }));
	const code = async (error: Promise<unknown>) => ((await error) as LabError).code;
	assert.is(await code(open('c', '/nowhere/kubeconfig')), 'kubeconfig-missing');
	assert.is(await code(open('d')), 'context-missing');
	assert.match(((await open('d')) as LabError).remedy, /It has: c\./);
	await writeFile(door.kubeconfig, 'clusters: [');
	assert.is(await code(open('c')), 'kubeconfig-broken');
	await writeFile(
		door.kubeconfig,
		JSON.stringify({ clusters: [], users: [], contexts: [{ name: 'c', context: { cluster: 'x', user: 'y' } }] }),
	);
	assert.is(await code(open('c')), 'kubeconfig-broken');
	const torn = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');
	await writeFile(
		door.kubeconfig,
		JSON.stringify({
			clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': torn } }],
			users: [{ name: 'u', user: { 'client-certificate-data': torn, 'client-key-data': torn } }],
			contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
		}),
	);
	assert.match(((await open('c')) as LabError).message, /its certificates cannot be used/);
});

test('a kubeconfig of the embedded cluster means the same to whoever reads it the short way', async ({
	kubeconfig,
}) => {
	const access = { kubeconfig, context: 'c' };
	const pem = (text: string) => Buffer.from(text).toString('base64');
	const cluster = { server: 'https://127.0.0.1:1', 'certificate-authority-data': pem('ca') };
	const user = { 'client-certificate-data': pem('certificate'), 'client-key-data': pem('key') };
	const write = (moreOfCluster: object, moreOfUser: object) =>
		writeFile(
			kubeconfig,
			JSON.stringify({
				clusters: [{ name: 'c', cluster: { ...cluster, ...moreOfCluster } }],
				users: [{ name: 'u', user: { ...user, ...moreOfUser } }],
				contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
			}),
		);
	await write({}, {});
	assert.equal(await findConnection(access), await loadKubeconfig(access));
	// Whatever else stands in it counts.
	await write({ 'tls-server-name': 'kubernetes' }, {});
	assert.is((await findConnection(access)).tls.servername, 'kubernetes');
	await write({}, { token: 'let-me-in' });
	assert.is((await findConnection(access)).headers['Authorization'], 'Bearer let-me-in');
});

test.run();
