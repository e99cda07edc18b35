/** Credentials: sent once, to the one registry, in a way that nobody else can read, and never repeated in a text. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import * as assert from 'uvu/assert';
import { LabError } from '../../src/model/error.ts';
import type { Credentials } from '../../src/model/registry.ts';
import { openRegistryClient } from '../../src/oci/client.ts';
import { buildSampleImage } from '../../src/oci/image.ts';
import { type ProbeResult, probeManifest } from '../../src/oci/probe.ts';
import { suite } from '../harness.ts';
import { type SmallRegistry, type SmallRegistryOptions, startSmallRegistry } from './small-registry.ts';

const test = suite('oci/probe');
const learner: Credentials = { username: 'myuser', password: 's3cret-pass' };
const basic = `Basic ${Buffer.from('myuser:s3cret-pass').toString('base64')}`;
const guard = { authorization: basic, challenge: 'Basic realm="private"' };
const image = await buildSampleImage({ environment: 'test-1' });

test('right credentials: asked once without, once with them', async () => {
	await withRegistry({ guard }, async (registry) => {
		await pushAs(registry, learner);
		registry.requests.length = registry.headers.length = 0;
		const result = answered(await probe(registry, '1.0', learner));
		assert.is(result.status, 200);
		assert.is(result.digest, image.index.descriptor.digest);
		assert.ok(result.wasChallenged);
		assert.equal(
			registry.headers.map(({ authorization }) => authorization),
			[undefined, basic],
		);
	});
});

test('wrong credentials: tried once, and what the registry says is handed on', async () => {
	await withRegistry({ guard }, async (registry) => {
		const result = answered(await probe(registry, '1.0', { username: 'myuser', password: 'no' }));
		assert.is(result.status, 401);
		assert.is(result.digest, null);
		assert.match(result.body, 'UNAUTHORIZED');
		assert.is(registry.requests.length, 2);
	});
});

test('no credentials, an absent tag, an open registry', async () => {
	await withRegistry({ guard }, async (registry) => {
		assert.is(answered(await probe(registry, '1.0', null)).status, 401);
		assert.is(registry.requests.length, 1);
		const absent = answered(await probe(registry, '9.9', learner));
		assert.is(absent.status, 404);
		assert.match(absent.body, 'MANIFEST_UNKNOWN');
	});
	await withRegistry({}, async (registry) => {
		const open = answered(await probe(registry, '1.0', { username: 'any', password: 'thing' }));
		assert.not(open.wasChallenged);
		assert.is(registry.headers[0]?.authorization, undefined);
	});
});

test('503 and 429 are answers, and are not asked for again', async () => {
	for (const status of [429, 500, 503]) {
		const intercept = (_request: http.IncomingMessage, response: http.ServerResponse) => {
			response.writeHead(status, { 'retry-after': '60' }).end('{"errors":[{"code":"TOOMANYREQUESTS"}]}');
			return true;
		};
		await withRegistry({ intercept }, async (registry) => {
			assert.is(answered(await probe(registry, '1.0', learner)).status, status);
			assert.is(registry.requests.length, 1);
		});
	}
});

test('nobody there, and somebody who breaks off', async () => {
	const registry = await startSmallRegistry();
	await registry.close();
	const gone = await probe(registry, '1.0', learner);
	assert.is(gone.outcome, 'unanswered');
	assert.match(messageOf(gone), 'ECONNREFUSED');
	const intercept = (request: http.IncomingMessage) => Boolean(request.socket.destroy());
	await withRegistry({ intercept }, async (broken) => {
		assert.is((await probe(broken, '1.0', learner)).outcome, 'unanswered');
	});
});

test('nothing is sent over plain HTTP beyond this machine', async () => {
	for (const endpoint of ['http://registry.example.com', 'http://10.0.0.7:5000', 'http://127.0.0.1.example.com']) {
		const result = await probeManifest({ endpoint }, 'app', '1.0', learner);
		assert.is(result.outcome, 'not-sent', endpoint);
		assert.match(messageOf(result), 'not encrypted');
	}
});

const address = Object.values(networkInterfaces())
	.flat()
	.find((candidate) => candidate?.family === 'IPv4' && !candidate.internal)?.address;

if (address === undefined) {
	test.skip('a push over plain HTTP beyond this machine', 'this machine has no address but its loopback');
} else {
	test('a push over plain HTTP beyond this machine', async () => {
		for (const challenge of ['Basic realm="x"', `Bearer realm="https://tokens.example.com/"`]) {
			const seen: (string | undefined)[] = [];
			const server = http.createServer((request, response) => {
				seen.push(request.headers.authorization);
				response.writeHead(401, { 'www-authenticate': challenge }).end();
			});
			const endpoint = `http://${address}:${await listen(server, address)}`;
			const error = await pushAs({ endpoint }, learner).catch((thrown: unknown) => thrown);
			await stop(server);
			assert.instance(error, LabError);
			assert.is((error as LabError).code, 'registry-insecure');
			assert.equal(seen, [undefined]);
		}
	});
}

test('a registry cannot ask for the password to be sent to a third party in the clear', async () => {
	const challenge = 'Bearer realm="http://tokens.example.com/token",service="x"';
	await withRegistry({ guard: { authorization: 'Bearer never', challenge } }, async (registry) => {
		assert.is((await probe(registry, '1.0', learner)).outcome, 'not-sent');
	});
});

test('Bearer: the credentials go to the token server, its token to the registry', async () => {
	const tokens = await startTokenServer();
	const challenge = `Bearer realm="${tokens.url}",service="registry.test"`;
	await withRegistry({ guard: { authorization: 'Bearer good-token', challenge } }, async (registry) => {
		await pushAs(registry, learner);
		assert.is(tokens.requests.length, 1, 'one token serves a whole push');
		assert.is(tokens.requests[0]?.searchParams.get('service'), 'registry.test');
		assert.is(tokens.requests[0]?.searchParams.get('scope'), 'repository:app:pull,push');

		assert.is(answered(await probe(registry, '1.0', learner)).status, 200);
		const wrong = answered(await probe(registry, '1.0', { username: 'myuser', password: 'no' }));
		assert.is(wrong.status, 401);
		assert.match(wrong.body, 'incorrect username or password');
		assert.not(registry.headers.some(({ authorization }) => authorization?.startsWith('Basic')));
	});
	await tokens.close();
});

test('a redirect to another host takes no credentials along', async () => {
	const elsewhere = await startSmallRegistry();
	const bytes = image.blobs[0]?.bytes ?? Buffer.alloc(0);
	const digest = image.blobs[0]?.descriptor.digest ?? '';
	elsewhere.blobs.set(digest, bytes);
	const intercept = (_request: http.IncomingMessage, response: http.ServerResponse, url: URL) => {
		if (!url.pathname.endsWith(digest) || _request.headers.authorization === undefined) return false;
		response.writeHead(307, { location: `${elsewhere.endpoint}${url.pathname}` }).end();
		return true;
	};
	await withRegistry({ guard, intercept }, async (registry) => {
		await pushAs(registry, learner);
		const client = openRegistryClient({ endpoint: registry.endpoint, credentials: learner });
		assert.equal((await client.pullImage('app', '1.0')).blobs[0]?.bytes, bytes);
		client.close();
		assert.ok(elsewhere.headers.length > 0);
		assert.ok(elsewhere.headers.every(({ authorization }) => authorization === undefined));
	});
	await elsewhere.close();
});

test('no error repeats the credentials, not even those that stand in the endpoint', async () => {
	await withRegistry({ guard: { ...guard, authorization: 'Basic other' } }, async (registry) => {
		const endpoint = registry.endpoint.replace('http://', 'http://myuser:s3cret-pass@');
		const client = openRegistryClient({ endpoint, credentials: learner });
		const error = await client.pushImage(image, 'app', '1.0').catch((thrown: unknown) => thrown);
		client.close();
		assert.instance(error, LabError);
		assert.is((error as LabError).code, 'registry-unauthorized');
		const text = `${(error as LabError).message} ${(error as LabError).remedy} ${(error as LabError).stack}`;
		assert.not.match(text, 's3cret');
		assert.is(registry.headers[0]?.authorization, undefined, 'what stands in the endpoint is not used either');
		assert.not.match(text, basic.slice('Basic '.length));
	});
});

test('TLS that cannot be trusted, and no TLS at all', async () => {
	const pem = readFileSync(new URL('untrusted.pem', import.meta.url));
	const server = https.createServer({ key: pem, cert: pem }, (_request, response) => response.end('{}'));
	const endpoint = `https://127.0.0.1:${await listen(server)}`;
	assert.match(messageOf(await probeManifest({ endpoint }, 'app', '1.0', learner)), 'self-signed certificate');
	assert.is(await pingFailure(endpoint), 'registry-tls');
	await stop(server);
	await withRegistry({}, async (registry) => {
		assert.is(await pingFailure(registry.endpoint.replace('http:', 'https:')), 'registry-tls');
	});
});

async function pingFailure(endpoint: string): Promise<string> {
	const client = openRegistryClient({ endpoint });
	const thrown = await client.ping().catch((error: unknown) => error);
	client.close();
	assert.instance(thrown, LabError);
	return (thrown as LabError).code;
}

function probe({ endpoint }: SmallRegistry, reference: string, credentials: Credentials | null): Promise<ProbeResult> {
	return probeManifest({ endpoint }, 'app', reference, credentials);
}

function answered(result: ProbeResult): Extract<ProbeResult, { outcome: 'answered' }> {
	if (result.outcome !== 'answered') throw new Error(`not answered: ${result.message}`);
	return result;
}

function messageOf(result: ProbeResult): string {
	return result.outcome === 'answered' ? '' : result.message;
}

async function pushAs({ endpoint }: { endpoint: string }, credentials: Credentials): Promise<void> {
	const client = openRegistryClient({ endpoint, credentials });
	try {
		await client.pushImage(image, 'app', '1.0');
	} finally {
		client.close();
	}
}

async function withRegistry(options: SmallRegistryOptions, action: (registry: SmallRegistry) => Promise<void>) {
	const registry = await startSmallRegistry(options);
	try {
		await action(registry);
	} finally {
		await registry.close();
	}
}

async function startTokenServer() {
	const requests: URL[] = [];
	const server = http.createServer((request, response) => {
		requests.push(new URL(request.url ?? '', 'http://tokens'));
		if (request.headers.authorization === basic) response.end('{"token":"good-token"}');
		else response.writeHead(401).end('{"details":"incorrect username or password"}');
	});
	const port = await listen(server);
	return { url: `http://127.0.0.1:${port}/token`, requests, close: () => stop(server) };
}

async function listen(server: http.Server | https.Server, host = '127.0.0.1'): Promise<number> {
	server.listen(0, host);
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

async function stop(server: http.Server | https.Server): Promise<void> {
	server.closeAllConnections();
	server.close();
	await once(server, 'close');
}

test.run();
