/** The texts of real nodes, and the cause that each has. */

import * as assert from 'uvu/assert';
import { causeOfPullError, causeOfWaiting, type PullCause } from '../../src/pull/cause.ts';
import { suite } from '../harness.ts';

const image = 'registry.example.com/myapp:1.0';
const inKind = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": `;
const inContainerd = `failed to pull and unpack image "${image}": failed to resolve image: `;
const url = 'http://reg:5000/v2/myapp/manifests/1.0?ns=registry.example.com';

const texts: [PullCause, string][] = [
	// containerd 2.1 in kind, Kubernetes 1.35
	[
		'no-credentials',
		`${inKind}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
	],
	['credentials-rejected', `${inKind}unexpected status from HEAD request to ${url}: 401 Unauthorized`],
	['forbidden', `${inKind}unexpected status from HEAD request to ${url}: 403 Forbidden`],
	['rate-limited', `${inKind}unexpected status from HEAD request to ${url}: 429 Too Many Requests`],
	['failing', `${inKind}unexpected status from HEAD request to ${url}: 500 Internal Server Error`],
	['failing', `${inContainerd}unexpected status from HEAD request to ${url}: 503 Service Unavailable`],
	['not-found', `rpc error: code = NotFound desc = ${inKind}${image}: not found`],
	[
		'dns',
		`${inKind}failed to do request: Head "https://nx.invalid/v2/myapp/manifests/1": dial tcp: lookup nx.invalid on 127.0.0.11:53: no such host`,
	],
	['unreachable', `${inKind}failed to do request: Head "${url}": dial tcp 127.0.0.1:5309: connect: connection refused`],
	['unreachable', `${inKind}failed to do request: Head "${url}": dial tcp 172.18.0.9:5000: i/o timeout`],
	[
		'tls',
		`${inKind}failed to do request: Head "https://reg:5000/v2/": http: server gave HTTP response to HTTPS client`,
	],
	[
		'tls',
		`${inKind}failed to do request: Head "https://reg/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
	],
	['malformed', `Back-off pulling image "${image}": ErrImagePull: illegal base64 data at input byte 4`],
	['platform', `failed to pull and unpack image "${image}": no match for platform in manifest: not found`],
	[
		'name',
		'Failed to apply default image tag "registry.example.com/MyApp:1": couldn\'t parse image name "registry.example.com/MyApp:1": invalid reference format: repository name (MyApp) must be lowercase',
	],
	['throttled', 'pull QPS exceeded'],
	['never', `Container image "${image}" is not present with pull policy of Never`],
	// several credentials: the one that got furthest gives the cause
	[
		'credentials-rejected',
		`[${inKind}unexpected status from HEAD request to ${url}: 401 Unauthorized, ${inKind}authorization failed: no basic auth credentials]`,
	],
	[
		'not-found',
		`[${inKind}unexpected status from HEAD request to ${url}: 401 Unauthorized, rpc error: code = NotFound desc = ${inKind}${image}: not found]`,
	],
	// containerd before 1.7.8
	['denied', `${inKind}pulling from host reg:5000 failed with status code [manifests 1.0]: 401 Unauthorized`],
	// CRI-O
	[
		'denied',
		`initializing source docker://${image}: reading manifest 1.0 in registry.example.com/myapp: authentication required`,
	],
	[
		'not-found',
		`initializing source docker://${image}: reading manifest 9.9 in registry.example.com/myapp: manifest unknown`,
	],
	['forbidden', `initializing source docker://${image}: reading manifest 1.0 in registry.example.com/myapp: denied`],
	['rate-limited', `initializing source docker://${image}: reading manifest 1.0: toomanyrequests: slow down`],
	['failing', `initializing source docker://${image}: received unexpected HTTP status: 502 Bad Gateway`],
	// cri-dockerd
	['no-credentials', 'Error response from daemon: Head "http://H/v2/myapp/manifests/1.0": no basic auth credentials'],
	['denied', 'Error response from daemon: unauthorized: authentication required'],
	['not-found', 'Error response from daemon: manifest for H/myapp:9.9 not found: manifest unknown: manifest unknown'],
	['other', 'the disk is on fire'],
];

const test = suite('cause of a refused pull');

for (const [cause, text] of texts) test(`${cause}: ${text.slice(-60)}`, () => assert.is(causeOfPullError(text), cause));

test("is not misled by the image's own name", () => {
	const name = 'registry.example.com/x509-certificate:429 Too Many Requests';
	const text = `failed to resolve reference "${name}": authorization failed: no basic auth credentials`;
	assert.is(causeOfPullError(text), 'no-credentials');
});

test('of a back-off is that of the pull before it', () => {
	const [, text = ''] = texts[0] ?? [];
	const waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${text}` };
	assert.is(causeOfWaiting(waiting), 'no-credentials');
});

test('of a Secret that cannot be read is in the waiting reason itself', () => {
	const words = 'illegal base64 data at input byte 0';
	assert.is(causeOfWaiting({ reason: words, message: words }), 'malformed');
});

test('is none where the container waits for something else', () => {
	for (const reason of [
		'ContainerCreating',
		'PodInitializing',
		'CrashLoopBackOff',
		'RunContainerError',
		'CreateContainerConfigError',
	]) {
		assert.is(causeOfWaiting({ reason, message: 'back-off 5m0s restarting failed container' }), null);
	}
});

test.run();
