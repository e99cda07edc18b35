/** Other people's clients and their tests against our registry: Docker, Skopeo, Podman, and the conformance program of the OCI. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import * as assert from 'uvu/assert';
import { buildSampleImage } from '../../../src/oci/image.ts';
import { type RunningRegistry, startRegistry } from '../../../src/oci/server/index.ts';
import { learner } from '../../contracts/registry/cases.ts';
import { suite } from '../../harness.ts';
import { withClient } from '../../oci/server/registry.ts';

const test = suite('cluster/oci-server/clients', { timeout: 300 });
const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-test-'));
const image = await buildSampleImage({ environment: 'test-1' });
const { digest } = image.index.descriptor;
const { username, password } = learner;
let registry: RunningRegistry;
let host = '';

test.before(async () => {
	registry = await startRegistry({ users: { credentials: [learner] }, storage: { folder: join(folder, 'registry') } });
	host = new URL(registry.url).host;
	await withClient(registry.url, (client) => client.pushImage(image, 'team/app', '1.0'));
});

test.after(async () => {
	await registry.stop();
	rmSync(folder, { recursive: true });
});

test('docker logs in, pulls, runs and pushes', async () => {
	const config = join(folder, 'docker');
	mkdirSync(config);
	const docker = (args: string[], input = '') =>
		execa('docker', ['--config', config, ...args], { input, reject: false });
	const reference = `${host}/team/app:1.0`;
	const copy = `${host}/docker/app:1.0`;
	try {
		const wrong = await docker(['login', '--username', username, '--password-stdin', host], 'wrong');
		assert.match(wrong.stderr, '401 Unauthorized');
		assert.match((await docker(['pull', reference])).stderr, 'no basic auth credentials');
		assert.match(
			(await docker(['login', '--username', username, '--password-stdin', host], password)).stdout,
			'Login Succeeded',
		);
		assert.match((await docker(['pull', reference])).stdout, `Digest: ${digest}`);
		assert.match((await docker(['pull', `${host}/team/app:9.9`])).stderr, /not found|manifest unknown/);
		assert.match((await docker(['run', '--rm', '--entrypoint', '/absent', reference])).stderr, 'no such file');
		await docker(['tag', reference, copy]);
		const pushed = /digest: (sha256:\w+)/.exec((await docker(['push', copy])).stdout)?.[1];
		const { index } = await withClient(registry.url, (client) => client.pullImage('docker/app', '1.0'));
		assert.is(index.descriptor.digest, pushed);
		assert.match((await docker(['push', copy])).stdout, /Layer already exists/);
	} finally {
		await docker(['rmi', reference, copy]);
	}
});

whereInstalled('skopeo', 'skopeo logs in, inspects, copies every platform, lists and deletes', async () => {
	const skopeo = async (...args: string[]) => (await execa('skopeo', args)).stdout;
	const auth = ['--authfile', join(folder, 'skopeo.json')];
	const plain = '--tls-verify=false';
	await skopeo('login', ...auth, plain, '--username', username, '--password', password, host);
	const inspected = JSON.parse(await skopeo('inspect', ...auth, plain, `docker://${host}/team/app:1.0`));
	assert.equal([inspected.Digest, inspected.RepoTags], [digest, ['1.0']]);

	const copy = `docker://${host}/skopeo/app:2`;
	const both = ['--src-tls-verify=false', '--dest-tls-verify=false'];
	await skopeo('copy', '--all', '--preserve-digests', ...auth, ...both, `docker://${host}/team/app:1.0`, copy);
	const copied = await withClient(registry.url, (client) => client.pullImage('skopeo/app', '2'));
	assert.equal([copied.index.descriptor.digest, copied.manifests.length], [digest, 2]);
	assert.equal(JSON.parse(await skopeo('list-tags', ...auth, plain, `docker://${host}/skopeo/app`)).Tags, ['2']);
	await skopeo('delete', ...auth, plain, copy);
	assert.equal(JSON.parse(await skopeo('list-tags', ...auth, plain, `docker://${host}/skopeo/app`)).Tags, []);
});

whereInstalled('podman', 'podman logs in, pulls and pushes', async () => {
	// Podman takes no more than fifty letters for its runroot.
	const runRoot = mkdtempSync('/tmp/podman-');
	const roots = ['--root', join(folder, 'podman'), '--runroot', runRoot, '--storage-driver', 'vfs'];
	const podman = (...args: string[]) => execa('podman', [...roots, ...args], { reject: false });
	const auth = ['--tls-verify=false', '--authfile', join(folder, 'podman.json')];
	const refused = await podman('pull', '--tls-verify=false', '--creds', `${username}:wrong`, `${host}/team/app:1.0`);
	assert.match(refused.stderr, 'unauthorized: authentication required');
	assert.match((await podman('login', ...auth, '-u', username, '-p', password, host)).stdout, 'Login Succeeded');
	assert.is((await podman('pull', ...auth, `${host}/team/app:1.0`)).exitCode, 0);
	assert.is((await podman('push', ...auth, `${host}/team/app:1.0`, `${host}/podman/app:1`)).exitCode, 0);
	const { manifests, blobs } = await withClient(registry.url, (client) => client.pullImage('podman/app', '1'));
	assert.equal([manifests.length, blobs.length], [0, 2]);
	await podman('rmi', '--all', '--force');
	rmSync(runRoot, { recursive: true });
});

whereInstalled('go', 'the conformance program of the OCI passes every row that is enabled', async () => {
	const program = 'github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260831232431-97274622c111';
	const { stdout } = await execa('go', ['run', program], {
		cwd: folder,
		env: {
			CGO_ENABLED: '0',
			OCI_REGISTRY: host,
			OCI_USERNAME: username,
			OCI_PASSWORD: password,
			OCI_TLS: 'disabled',
			OCI_VERSION: '1.1',
		},
	});
	const counts = Object.fromEntries(
		[...stdout.matchAll(/^ {2}(Skip|Pass|FAIL|Error)\.+: +(\d+)$/gm)].map(([, name, count]) => [name, Number(count)]),
	);
	assert.equal([counts['FAIL'], counts['Error'], counts['Skip']], [0, 0, 0]);
	assert.ok((counts['Pass'] ?? 0) > 800);
});

function whereInstalled(program: string, name: string, callback: () => Promise<void>): void {
	if (
		execaSync(program, ['version'], { reject: false }).failed &&
		execaSync(program, ['--version'], { reject: false }).failed
	) {
		test.skip(name, `${program} is not installed`);
	} else {
		test(name, callback);
	}
}

test.run();
