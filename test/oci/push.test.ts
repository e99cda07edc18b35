/** Pushing over real connections that break, to registries that are slow, busy, forgetful or wrong. */

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as assert from 'uvu/assert';
import type { Clock } from '../../src/model/clock.ts';
import { LabError } from '../../src/model/error.ts';
import { openRegistryClient } from '../../src/oci/client.ts';
import type { OciImage } from '../../src/oci/content.ts';
import { buildSampleImage } from '../../src/oci/image.ts';
import { mediaTypes } from '../../src/oci/media-types.ts';
import type { RegistryOptions } from '../../src/oci/session.ts';
import { suite } from '../harness.ts';
import { imageOf } from './image-of.ts';
import { type SmallRegistry, type SmallRegistryOptions, startSmallRegistry } from './small-registry.ts';

const test = suite('oci/push');
const image = await buildSampleImage({ environment: 'test-1' });

test('a push sends everything, the index last; a second one sends nothing', async () => {
	await withRegistry({}, async (registry) => {
		const first = await push(registry, image);
		assert.is(first.digest, image.index.descriptor.digest);
		assert.equal(
			first.manifests,
			image.manifests.map(({ descriptor }) => descriptor.digest),
		);
		assert.is(first.uploaded.length, 7);
		assert.is(registry.requests.at(-1), 'PUT /v2/team/app/manifests/1.0');
		assert.is(registry.manifests.get('team/app:1.0')?.mediaType, mediaTypes.index);

		registry.requests.length = 0;
		assert.equal((await push(registry, image)).uploaded, []);
		assert.ok(registry.requests.every((request) => request.startsWith('HEAD ')));
	});
});

test('what was pushed is pulled again, byte for byte', async () => {
	await withRegistry({}, async (registry) => {
		await push(registry, image);
		const pulled = await withClient(registry, {}, (client) => client.pullImage('team/app', '1.0'));
		assert.equal(pulled, image);
		const one = await withClient(registry, {}, (client) =>
			client.pullImage('team/app', image.manifests[0]?.descriptor.digest ?? ''),
		);
		assert.is(one.blobs.length, 2);
		assert.equal(one.manifests, []);
	});
});

test('503 twice, then it works; each wait is longer than the one before', async () => {
	const clock = stepClock();
	let refusals = 2;
	const intercept: Intercept = (request, response) => {
		if (request.method !== 'POST' || refusals-- <= 0) return false;
		response.writeHead(503).end();
		return true;
	};
	await withRegistry({ intercept }, async (registry) => {
		await push(registry, image, { clock });
		assert.is(registry.blobs.size, 4);
	});
	assert.equal(clock.slept, [200, 400]);
});

test('429 is obeyed: the time of Retry-After, in seconds or as a date', async () => {
	const clock = stepClock();
	const answers = ['3', new Date(clock.now().getTime() + 8_000).toUTCString()];
	const intercept: Intercept = (request, response) => {
		const retryAfter = request.method === 'PATCH' ? answers.shift() : undefined;
		if (retryAfter === undefined) return false;
		request.resume();
		response.writeHead(429, { 'retry-after': retryAfter }).end();
		return true;
	};
	await withRegistry({ intercept }, async (registry) => {
		await push(registry, image, { clock });
		assert.is(registry.blobs.size, 4);
	});
	assert.is(clock.slept[0], 3_000);
	assert.ok((clock.slept[1] ?? 0) > 3_000 && (clock.slept[1] ?? 0) <= 5_000, String(clock.slept));
});

test('a Retry-After of ten minutes is reported, not waited for', async () => {
	const clock = stepClock();
	await withRegistry({ intercept: always(429, { 'retry-after': '600' }) }, async (registry) => {
		const error = await failure(push(registry, image, { clock }));
		assert.is(error.code, 'registry-busy');
		assert.equal(clock.slept, []);
	});
});

test('a registry that is out of order is given up after five tries', async () => {
	const clock = stepClock();
	await withRegistry({ intercept: always(500) }, async (registry) => {
		const error = await failure(push(registry, image, { clock }));
		assert.is(error.code, 'registry-answer');
		assert.match(error.message, /HEAD \/v2\/team\/app\/blobs\/sha256:\w+ with 500/);
		assert.is(registry.requests.length, 5);
		assert.equal(clock.slept, [200, 400, 800, 1_600]);
	});
});

const large = imageOf(randomBytes(300_000));

test('a connection that breaks within a chunk: on from the byte that the registry names', async () => {
	await withRegistry({ intercept: breakOff(1, 1) }, async (registry) => {
		await push(registry, large, { clock: stepClock() }, 100_000);
		assert.equal(
			[...registry.blobs.values()].find(({ length }) => length === 300_000),
			large.blobs[1]?.bytes,
		);
		const starts = registry.headers.flatMap((headers) => headers['content-range']?.split('-')[0] ?? []);
		assert.is(starts[0], '0');
		assert.ok(Number(starts[2]) >= 100_000, starts.join());
		assert.is(registry.requests.filter((request) => request.startsWith('POST ')).length, 2);
	});
});

test('a registry that forgets a broken upload: from the beginning', async () => {
	await withRegistry({ intercept: breakOff(1, 1), keepsTornChunks: false }, async (registry) => {
		await push(registry, large, { clock: stepClock() }, 100_000);
		assert.is(registry.blobs.size, 2);
		assert.is(registry.requests.filter((request) => request.startsWith('POST ')).length, 3);
	});
});

test('a registry that breaks every upload is given up', async () => {
	await withRegistry({ intercept: breakOff(0, Number.POSITIVE_INFINITY), keepsTornChunks: false }, async (registry) => {
		const error = await failure(push(registry, large, { clock: stepClock() }, 100_000));
		assert.ok(error.code.startsWith('registry-'), error.code);
		assert.is(registry.manifests.size, 0);
		assert.ok(registry.requests.length < 50);
	});
});

test('a commit whose answer is lost was a commit', async () => {
	let lost = 1;
	const intercept: Intercept = (request, response, url) => {
		if (request.method === 'PUT' && url.searchParams.has('digest') && lost-- > 0)
			response.end = () => response.destroy();
		return false;
	};
	await withRegistry({ intercept }, async (registry) => {
		await push(registry, image, { clock: stepClock() });
		assert.is(registry.blobs.size, 4);
		assert.is(registry.requests.filter((request) => request.startsWith('POST ')).length, 4);
	});
});

for (const what of ['blobs', 'manifests']) {
	test(`another digest than the one that was sent is an error, for ${what}`, async () => {
		const intercept: Intercept = (request, response, url) => {
			if (request.method !== 'PUT' || !url.pathname.includes(`/${what}/`)) return false;
			request.resume();
			response.writeHead(201, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end();
			return true;
		};
		await withRegistry({ intercept }, async (registry) => {
			assert.is((await failure(push(registry, image))).code, 'registry-digest');
		});
	});
}

test('a registry that refuses every commit is given up after three beginnings', async () => {
	const intercept: Intercept = (request, response) => {
		if (request.method !== 'PUT') return false;
		response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}');
		return true;
	};
	await withRegistry({ intercept }, async (registry) => {
		assert.match((await failure(push(registry, image))).message, /with 400: DIGEST_INVALID\.$/);
		assert.is(registry.requests.filter((request) => request.startsWith('POST ')).length, 3);
	});
});

test('a registry that takes chunks and never gets on is given up', async () => {
	const intercept: Intercept = (request, response, url) => {
		if (request.method !== 'PATCH' || !isLarge(request)) return false;
		request.resume();
		response.writeHead(202, { location: url.pathname + url.search, range: '0-99999' }).end();
		return true;
	};
	await withRegistry({ intercept }, async (registry) => {
		await failure(push(registry, large, { clock: stepClock() }, 100_000));
		assert.ok(registry.requests.length < 50);
	});
});

test('a place that cannot be is told as such', async () => {
	const intercept: Intercept = (request, response) => {
		if (request.method !== 'POST') return false;
		response.writeHead(202, { location: 'http://[' }).end();
		return true;
	};
	await withRegistry({ intercept }, async (registry) => {
		assert.match((await failure(push(registry, image))).message, 'names a place that cannot be: "http://["');
	});
});

test('a redirect in a circle ends', async () => {
	const intercept: Intercept = (_request, response, url) => {
		response.writeHead(307, { location: url.pathname }).end();
		return true;
	};
	await withRegistry({ intercept }, async (registry) => {
		assert.match((await failure(push(registry, image))).message, 'with 307');
		assert.is(registry.requests.length, 6);
	});
});

test('bytes that are not what their digest says are not pulled', async () => {
	await withRegistry({}, async (registry) => {
		await push(registry, image);
		const digest = image.blobs[1]?.descriptor.digest ?? '';
		registry.blobs.set(digest, Buffer.alloc(2_560));
		const pull = () => withClient(registry, {}, (client) => client.pullImage('team/app', '1.0'));
		assert.is((await failure(pull())).code, 'registry-digest');
		registry.blobs.set(digest, Buffer.alloc(1_000_000));
		assert.match((await failure(pull())).message, /longer than 2560 bytes/);
	});
});

test('a registry that says nothing is given up', async () => {
	await withRegistry({ intercept: () => true }, async (registry) => {
		const error = await failure(push(registry, image, { clock: stepClock(), patience: 50 }));
		assert.is(error.code, 'registry-unreachable');
		assert.match(error.message, /no answer within 0\.05 s/);
	});
});

test('a slow registry is waited for', async () => {
	const intercept: Intercept = (_request, response) => {
		response.writeHead(200, { 'content-length': 8 });
		let sent = 0;
		const timer = setInterval(() => {
			response.write('x');
			if (++sent < 8) return;
			clearInterval(timer);
			response.end();
		}, 40);
		return true;
	};
	await withRegistry({ intercept }, async (registry) => {
		await withClient(registry, { patience: 200 }, (client) => client.ping());
	});
});

test('nobody there', async () => {
	const registry = await startSmallRegistry();
	await registry.close();
	const error = await failure(push(registry, image, { clock: stepClock() }));
	assert.is(error.code, 'registry-unreachable');
	assert.match(error.message, /ECONNREFUSED/);
});

test('whoever asks to stop is heard at once, within a request and between two', async () => {
	for (const intercept of [() => true, always(503)]) {
		await withRegistry({ intercept }, async (registry) => {
			const stop = new AbortController();
			const reason = new Error('stop');
			setTimeout(() => stop.abort(reason), 50);
			const thrown = await push(registry, image, { signal: stop.signal }).catch((error: unknown) => error);
			assert.is(thrown, reason);
		});
	}
});

type Intercept = NonNullable<SmallRegistryOptions['intercept']>;

function always(status: number, headers: Record<string, string> = {}): Intercept {
	return (_request: IncomingMessage, response: ServerResponse) => {
		response.writeHead(status, headers).end();
		return true;
	};
}

function isLarge({ headers }: IncomingMessage): boolean {
	return Number(headers['content-length']) > 10_000;
}

/** Lets so many chunks through, then breaks so many off after their first bytes. */
function breakOff(whole: number, broken: number): Intercept {
	let passed = 0;
	let torn = 0;
	return (request) => {
		if (request.method !== 'PATCH' || !isLarge(request)) return false;
		if (passed++ < whole || torn++ >= broken) return false;
		request.once('data', () => request.socket.destroy());
		return false;
	};
}

async function withRegistry(options: SmallRegistryOptions, action: (registry: SmallRegistry) => Promise<void>) {
	const registry = await startSmallRegistry(options);
	try {
		await action(registry);
	} finally {
		await registry.close();
	}
}

async function withClient<T>(
	{ endpoint }: SmallRegistry,
	options: Partial<RegistryOptions>,
	action: (client: ReturnType<typeof openRegistryClient>) => Promise<T>,
): Promise<T> {
	const client = openRegistryClient({ endpoint, ...options });
	try {
		return await action(client);
	} finally {
		client.close();
	}
}

function push(registry: SmallRegistry, what: OciImage, options: Partial<RegistryOptions> = {}, chunkSize?: number) {
	return withClient(registry, options, (client) => client.pushImage(what, 'team/app', '1.0', { chunkSize }));
}

async function failure(action: Promise<unknown>): Promise<LabError> {
	const thrown = await action.then(
		() => null,
		(error: unknown) => error,
	);
	assert.instance(thrown, LabError);
	return thrown as LabError;
}

/** Sleeping takes no time on it, and is written down. */
function stepClock(): Clock & { slept: number[] } {
	const slept: number[] = [];
	let now = Date.UTC(2026, 0, 1);
	return {
		slept,
		now: () => new Date(now),
		async sleep(ms) {
			slept.push(ms);
			now += ms;
		},
	};
}

test.run();
