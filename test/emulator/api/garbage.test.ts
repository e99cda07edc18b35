/** What is no HTTP, or ends in the middle of it: it is refused or let go, and nobody else notices. */

import tls from 'node:tls';
import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { type Server, startServer } from './requests.ts';

const test = suite('garbage instead of requests');
const maps = '/api/v1/namespaces/default/configmaps';
const chunked = `POST ${maps} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
let server: Server;

test.before(async () => {
	server = await startServer();
});
test.after(() => server.stop());

/** Statuses of the answers, until the server closes the connection. `hangsUp`: we do so first, once all is sent. */
function send(bytes: string | Buffer, hangsUp = false): Promise<number[]> {
	const { authority, admin } = server.emulator.certificates;
	const { hostname: host, port } = new URL(server.emulator.url);
	const keys = { ca: authority.certificate, cert: admin.certificate, key: admin.key };
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		const socket = tls.connect({ host, port: Number(port), ...keys }, () => {
			socket.write(bytes, () => hangsUp && socket.destroy());
		});
		socket.on('data', (chunk) => chunks.push(chunk));
		// A reset is a closed connection.
		socket.on('error', () => {});
		socket.once('close', () => {
			const text = Buffer.concat(chunks).toString();
			resolve([...text.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, status]) => Number(status)));
		});
	});
}

async function assertAlive(): Promise<void> {
	assert.is((await server.ask(maps)).status, 200);
}

const refused: Record<string, [string | Buffer, number]> = {
	'a request line that is none': ['what is this\r\n\r\n', 400],
	'random bytes': [Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 167 + 13) % 256)), 400],
	'a method that nobody knows': [`FETCH ${maps} HTTP/1.1\r\nHost: x\r\n\r\n`, 400],
	'a version that nobody knows': [`GET ${maps} HTTP/9.7\r\nHost: x\r\n\r\n`, 400],
	'a header without a name': [`GET ${maps} HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n`, 400],
	'a header with a zero byte': [`GET ${maps} HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n`, 400],
	'no host': [`GET ${maps} HTTP/1.1\r\n\r\n`, 400],
	'headers without end': [`GET ${maps} HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
	'two lengths': [`POST ${maps} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400],
	'a length and chunks': [chunked.replace('\r\n\r\n', '\r\nContent-Length: 4\r\n\r\n0\r\n\r\n'), 400],
	'a length that is no number': [`POST ${maps} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`, 400],
	'a chunk whose size is no number': [`${chunked}zz\r\n{}\r\n`, 400],
	'a chunk that is longer than it says': [`${chunked}2\r\n{}{}{}\r\n0\r\n\r\n`, 400],
};

for (const [what, [bytes, status]] of Object.entries(refused)) {
	test(`${what} is refused`, async () => {
		assert.equal(await send(bytes), [status]);
		await assertAlive();
	});
}

test('garbage after a request is refused', async () => {
	const answers = await send(`GET /version HTTP/1.1\r\nHost: x\r\n\r\nwhat is this\r\n\r\n`);
	assert.is(answers.at(-1), 400);
	await assertAlive();
});

test('whoever hangs up in the middle has done nothing', async () => {
	const object = JSON.stringify({ metadata: { name: 'half' } });
	const half = object.slice(0, 10);
	const whole = `${maps} HTTP/1.1\r\nHost: x\r\n`;
	for (const bytes of [
		'GE',
		`GET ${maps}`,
		`GET ${whole}A`,
		`${chunked}${object.length.toString(16)}\r\n${half}`,
		`${chunked}${object.length.toString(16)}\r\n${object}\r\n`,
		`POST ${whole}Content-Type: application/json\r\nContent-Length: ${object.length}\r\n\r\n${half}`,
	]) {
		await send(bytes, true);
	}
	await assertAlive();
	assert.is((await server.ask(`${maps}/half`)).status, 404);
});

test('whoever hangs up before the answer disturbs nobody', async () => {
	const watch = `GET ${maps}?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n`;
	const list = `GET /openapi/v2 HTTP/1.1\r\nHost: x\r\n\r\n`;
	for (const bytes of [watch, list, list.repeat(50), watch + list]) await send(bytes, true);
	await assertAlive();
});

test('whoever sends what nobody reads, and closes then, gets the answer all the same', async () => {
	const body = { data: 'x'.repeat(3_000_000) };
	for (let round = 0; round < 20; round++) {
		const answer = await server.ask('/openapi/v3/apis/apps/v1', {
			method: 'PUT',
			body,
			headers: { connection: 'close' },
		});
		assert.is(answer.status, 200);
	}
	await assertAlive();
});

test('what is no TLS is let go', async () => {
	const answer = await fetch(server.emulator.url.replace('https', 'http')).catch((error: Error) => error);
	assert.instance(answer, Error);
	await assertAlive();
});

test.run();
