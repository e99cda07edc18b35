import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as assert from 'uvu/assert';
import { openPuller } from '../../../src/emulator/kubelet/puller.ts';
import { composeCommand, foreseeRun } from '../../../src/emulator/kubelet/run.ts';
import { openRegistryClient } from '../../../src/oci/client.ts';
import { buildSampleImage } from '../../../src/oci/image.ts';
import { startRegistry } from '../../../src/oci/server/index.ts';
import { suite } from '../../harness.ts';
import { canary } from '../../runner/canary.ts';
import { buildImage } from './node.ts';

const test = suite('pulling as a node');
const credentials = { username: 'myuser', password: canary };
const host = 'registry.example.com';

async function failure(pull: Promise<unknown>): Promise<string> {
	try {
		await pull;
	} catch (error) {
		return (error as Error).message;
	}
	throw new Error('it was pulled');
}

const head = (image: string) => `failed to pull and unpack image "${image}": failed to resolve reference "${image}": `;

/** Answers everything with that status. */
async function startStub(status: number, headers: Record<string, string> = {}) {
	const server = http
		.createServer((_request, response) => response.writeHead(status, headers).end())
		.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

test('takes of an index what its platform needs, and tells size and digest as a node does', async () => {
	const registry = await startRegistry({ users: { credentials: [credentials] } });
	const pusher = openRegistryClient({ endpoint: registry.url, credentials });
	const puller = openPuller({ routes: { [host]: registry.url } });
	try {
		const image = await buildSampleImage({ environment: 'test' });
		const { digest } = await pusher.pushImage(image, 'myapp', '1.0');
		const pulled = await puller.pull(`${host}/myapp:1.0`, credentials);
		assert.is(pulled.repoDigest, `${host}/myapp@${digest}`);
		const [manifest] = image.manifests;
		const { config, layers } = JSON.parse(String(manifest?.bytes));
		// On a real node: 774 for the index, 397, 653 and 2560 made 4384.
		assert.is(pulled.size, image.index.bytes.length + (manifest?.bytes.length ?? 0) + config.size + layers[0].size);
		assert.is(pulled.id, config.digest);
		assert.equal(composeCommand({ name: 'a', image: '' }, pulled), ['/greet']);
		assert.is(pulled.files('/greet'), 'program');

		const before = registry.records.length;
		await puller.pull(`${host}/myapp:1.0`, credentials);
		const more = registry.records.slice(before).map(({ method, status }) => `${method} ${status}`);
		assert.equal(more, ['HEAD 401', 'HEAD 200']);
	} finally {
		puller.close();
		pusher.close();
		await registry.stop();
	}
});

test('says what a registry says no with', async () => {
	for (const [status, text] of [
		[403, '403 Forbidden'],
		[429, '429 Too Many Requests'],
		[500, '500 Internal Server Error'],
		[503, '503 Service Unavailable'],
		[401, '401 Unauthorized'],
	] as const) {
		const stub = await startStub(status);
		const puller = openPuller({ routes: { [host]: stub.url } });
		const image = `${host}/myapp:1.0`;
		assert.is(
			await failure(puller.pull(image, credentials)),
			`${head(image)}unexpected status from HEAD request to ${stub.url}/v2/myapp/manifests/1.0?ns=${host}: ${text}`,
		);
		puller.close();
		await stub.close();
	}
});

test('an empty password is none', async () => {
	const stub = await startStub(401, { 'www-authenticate': 'Basic realm="r"' });
	const puller = openPuller({ routes: { [host]: stub.url } });
	const message = await failure(puller.pull(`${host}/myapp`, { username: 'myuser', password: '' }));
	assert.is(
		message,
		`${head(`${host}/myapp:latest`)}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
	);
	puller.close();
	await stub.close();
});

test("says in Go's words why nothing answers, and nothing of the query", async () => {
	const stub = await startStub(200);
	await stub.close();
	const { host: address } = new URL(stub.url);
	const puller = openPuller({ routes: { [host]: stub.url, 'tls.example.com': stub.url.replace('http:', 'https:') } });
	assert.is(
		await failure(puller.pull(`${host}/myapp:1.0`, null)),
		`${head(`${host}/myapp:1.0`)}failed to do request: Head "${stub.url}/v2/myapp/manifests/1.0?ns=%5BREDACTED%5D": dial tcp ${address}: connect: connection refused`,
	);
	assert.is(
		await failure(puller.pull('nx.invalid/myapp:1', null)),
		`${head('nx.invalid/myapp:1')}failed to do request: Head "https://nx.invalid/v2/myapp/manifests/1": dial tcp: lookup nx.invalid on 127.0.0.11:53: no such host`,
	);
	puller.close();
});

test('a host that cannot be is a pull that fails, and so is a realm', async () => {
	const puller = openPuller({ routes: { [host]: 'http://127.0.0.1:1' } });
	for (const [image, url, fault] of [
		['localhost:70000/myapp:1.0', 'localhost:70000/v2/myapp/manifests/1.0', 'address 70000: invalid port'],
		['1.2.3.999/a/b:1', '1.2.3.999/v2/a/b/manifests/1', 'lookup 1.2.3.999 on 127.0.0.11:53: no such host'],
		['999.1.1.1:80/a:1', '999.1.1.1:80/v2/a/manifests/1', 'lookup 999.1.1.1 on 127.0.0.11:53: no such host'],
		['my_host.local/a:1', 'my_host.local/v2/a/manifests/1', 'lookup my_host.local on 127.0.0.11:53: no such host'],
	] as const) {
		const words = `failed to do request: Head "https://${url}": dial tcp: ${fault}`;
		assert.is(await failure(puller.pull(image, null)), `${head(image)}${words}`);
	}
	puller.close();
	const stub = await startStub(401, { 'www-authenticate': 'Bearer realm="http://["' });
	const misled = openPuller({ routes: { [host]: stub.url } });
	assert.is(
		await failure(misled.pull(`${host}/myapp:1.0`, credentials)),
		`${head(`${host}/myapp:1.0`)}failed to authorize: invalid token auth challenge realm: parse "http://["`,
	);
	misled.close();
	await stub.close();
});

test('asks loopback by TLS first, and names a host as the image does', async () => {
	const registry = await startRegistry({ users: null });
	const client = openRegistryClient({ endpoint: registry.url, credentials: null });
	await client.pushImage(await buildImage(['/bin/app']), 'myapp', '1.0');
	client.close();
	const puller = openPuller({ routes: {} });
	const { host: address, port } = new URL(registry.url);
	assert.is((await puller.pull(`${address}/myapp:1.0`, null)).reference, `${address}/myapp:1.0`);
	await registry.stop();
	const refused = async (host: string, dialled: string) =>
		assert.is(
			await failure(puller.pull(`${host}/myapp:1.0`, null)),
			`${head(`${host}/myapp:1.0`)}failed to do request: Head "https://${host}/v2/myapp/manifests/1.0": dial tcp ${dialled}: connect: connection refused`,
		);
	await refused(address, address);
	await refused(`localhost:${port}`, `[::1]:${port}`);
	assert.is(
		await failure(puller.pull('NX.Invalid/myapp:1', null)),
		`${head('NX.Invalid/myapp:1')}failed to do request: Head "https://NX.Invalid/v2/myapp/manifests/1": dial tcp: lookup NX.Invalid on 127.0.0.11:53: no such host`,
	);
	puller.close();
});

test('speaks TLS where nobody said that it should not', async () => {
	const stub = await startStub(200);
	const puller = openPuller({ routes: { [host]: stub.url.replace('http:', 'https:') } });
	assert.match(
		await failure(puller.pull(`${host}/myapp:1.0`, null)),
		/: http: server gave HTTP response to HTTPS client$/,
	);
	puller.close();
	await stub.close();
});

test('what is not there is NotFound, with the code in front', async () => {
	const registry = await startRegistry({ users: null });
	const puller = openPuller({ routes: { [host]: registry.url } });
	const image = `${host}/myapp:none`;
	assert.is(
		await failure(puller.pull(image, null)),
		`rpc error: code = NotFound desc = ${head(image)}${image}: not found`,
	);
	puller.close();
	await registry.stop();
});

test('knows which commands an image can run', async () => {
	const registry = await startRegistry({ users: null });
	const pusher = openRegistryClient({ endpoint: registry.url });
	const puller = openPuller({ routes: { [host]: registry.url } });
	await pusher.pushImage(await buildImage(['/bin/app', '/usr/bin/sh']), 'tools', '1');
	const image = await puller.pull(`${host}/tools:1`, null);
	const run = (...command: string[]) => {
		const outcome = foreseeRun({ name: 'c', image: '', command }, image, 'c');
		return outcome.kind === 'not-started' ? outcome.message.replace(/^.*process: /, '') : outcome;
	};
	assert.is(run('/no/such'), 'exec: "/no/such": stat /no/such: no such file or directory');
	assert.is(run('nope'), 'exec: "nope": executable file not found in $PATH');
	assert.equal(run('app'), { kind: 'runs', after: null, exitCode: 0 });
	assert.equal(run('sh', '-c', 'echo hello; sleep 2 && exit 3'), { kind: 'runs', after: 2000, exitCode: 3 });
	assert.equal(run('sh', '-c', 'while true; do sleep 1; done'), { kind: 'runs', after: null, exitCode: 0 });
	puller.close();
	pusher.close();
	await registry.stop();
});

test.run();
