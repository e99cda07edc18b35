/** What kind is told, by what its nodes are known again, and what an engine's words mean. */

import * as assert from 'uvu/assert';
import { findEngineProblem } from '../../src/providers/engine.ts';
import { readMark, writeKindConfig } from '../../src/providers/kind-config.ts';
import { writeHosts } from '../../src/providers/node-hosts.ts';
import { findImageNames } from '../../src/providers/node-images.ts';
import { suite } from '../harness.ts';

const test = suite('providers/kind');

test('every node carries the mark, where it is found again', () => {
	const config = JSON.parse(writeKindConfig('lab-1a2b3c4d', 2)) as {
		nodes: { role: string; labels: Record<string, string>; extraMounts: { containerPath: string }[] }[];
	};
	assert.equal(
		config.nodes.map(({ role }) => role),
		['control-plane', 'worker', 'worker'],
	);
	for (const node of config.nodes) {
		assert.equal(node.labels, { 'kubeproctor.dev/environment': 'lab-1a2b3c4d' });
		assert.is(readMark(['/var', ...node.extraMounts.map((mount) => mount.containerPath)]), 'lab-1a2b3c4d');
	}
	assert.is(readMark(['/var', '/lib/modules']), null);
});

test('the names of a registry are found among those of all images, and the last name of one takes its id along', () => {
	const index = 'application/vnd.oci.image.index.v1+json';
	const [one, two, other] = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`);
	const list = [
		'REF TYPE DIGEST SIZE PLATFORMS LABELS',
		`registry.example.com/myapp:1.0         ${index} ${one}   3.1 KiB linux/amd64,linux/arm64/v8 io.cri-containerd.image=managed`,
		`registry.example.com/myapp@${one}      ${index} ${one}   3.1 KiB linux/amd64,linux/arm64/v8 io.cri-containerd.image=managed`,
		`sha256:1111                            ${index} ${one}   3.1 KiB linux/amd64,linux/arm64/v8 io.cri-containerd.image=managed`,
		`docker.io/library/tool:2               ${index} ${two}   1.9 MiB linux/amd64 -`,
		`registry.example.com/tool:2            ${index} ${two}   1.9 MiB linux/amd64 -`,
		`sha256:2222                            ${index} ${two}   1.9 MiB linux/amd64 -`,
		`registry.example.com:5000/myapp:1.0    ${index} ${other} 1.9 MiB linux/amd64 -`,
		`sha256:3333                            ${index} ${other} 1.9 MiB linux/amd64 -`,
		'',
	].join('\n');
	assert.equal(findImageNames(list, ['registry.example.com', 'registry.partner.example']), [
		...['registry.example.com/myapp:1.0', `registry.example.com/myapp@${one}`, 'sha256:1111'],
		'registry.example.com/tool:2',
	]);
	assert.equal(findImageNames(list, ['registry.example.org']), []);
	assert.equal(findImageNames('', ['registry.example.com']), []);
});

/** Docker 20.10 and 28, podman 5, nerdctl 2. */
const words: [string, string | null][] = [
	[
		'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
		'engine-not-running',
	],
	[
		'error during connect: Get "http://docker.example/v1.24/info": dial tcp: lookup docker.example: no such host',
		'engine-not-running',
	],
	[
		'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`',
		'engine-not-running',
	],
	[
		'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix',
		'engine-forbidden',
	],
	['Error response from daemon: Get "http://localhost:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', null],
	['Error: No such container: kubeproctor-registry', null],
];

for (const [text, code] of words) {
	test(`${code ?? 'about something else'}: ${text.slice(0, 60)}`, () => {
		assert.is(findEngineProblem('docker', text)?.code ?? null, code);
	});
}

test('a node is told of several hosts in one go', () => {
	const script = writeHosts(
		new Map([
			['registry.example.com', 'server = "http://r:5000"\n[host]\n'],
			['localhost:41873', 'x'],
		]),
	);
	assert.match(script, "mkdir -p '/etc/containerd/certs.d/registry.example.com'");
	assert.match(script, "cat > '/etc/containerd/certs.d/localhost:41873/hosts.toml' <<'END'\nx\nEND\n");
});

test.run();
