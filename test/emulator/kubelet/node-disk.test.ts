/** What a node knows of images outlives its process, however that ended. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { openNodeDisk } from '../../../src/emulator/kubelet/node-disk.ts';
import type { CredentialSource } from '../../../src/emulator/kubelet/pull-secrets.ts';
import { openPuller, type PulledImage } from '../../../src/emulator/kubelet/puller.ts';
import { LabError } from '../../../src/model/error.ts';
import { openRegistryClient } from '../../../src/oci/client.ts';
import { buildSampleImage } from '../../../src/oci/image.ts';
import { startRegistry } from '../../../src/oci/server/index.ts';
import { suite } from '../../harness.ts';

const test = suite<{ file: string }>('disk of a node', { timeout: 60 });
const folder = mkdtempSync(join(tmpdir(), 'node-disk-'));
const repository = 'registry.example.com/myapp';
const id = `sha256:${'1'.repeat(64)}`;
const source: CredentialSource = { uid: 'u', namespace: 'default', name: 'creds', hash: 'h' };
let count = 0;

test.before.each((context) => {
	context.file = join(folder, `node-${++count}.jsonl`);
});
test.after(() => rmSync(folder, { recursive: true }));

function describeImage(tag: string): PulledImage {
	return {
		id,
		reference: `${repository}:${tag}`,
		repoDigest: `${repository}@sha256:${'2'.repeat(64)}`,
		size: 1,
		config: { user: '', env: [], entrypoint: ['/hello'], command: [], workingDir: '/' },
		files: () => 'unknown',
	};
}

test('images, who may use them and what is in them are there again', ({ file }) => {
	const first = openNodeDisk(file);
	first.contents.setFiles(id, new Map([['/hello', { kind: 'program' }]]));
	first.contents.set('sha256:3', Buffer.from([0, 255]));
	first.images.add(describeImage('1.0'));
	first.images.add(describeImage('2.0'));
	first.records.write(id, repository, source);
	first.close();

	const { images, records, contents } = openNodeDisk(file);
	assert.is(images.find(`${repository}:1.0`)?.id, id);
	assert.is(images.find(`${repository}:1.0`)?.files('/hello'), 'program');
	assert.is(images.find(`${repository}:1.0`)?.files('/other'), 'absent');
	assert.equal(images.list(), first.images.list());
	assert.equal(contents.get('sha256:3'), Buffer.from([0, 255]));
	assert.is(
		records.isAccessible(id, repository, () => [source]),
		true,
	);
	assert.is(
		records.isAccessible(id, repository, () => [{ ...source, uid: 'v', hash: 'other' }]),
		false,
	);
	assert.is(
		records.isAccessible(id, repository, () => []),
		false,
	);
});

test('what was removed stays away', ({ file }) => {
	const first = openNodeDisk(file);
	first.images.add(describeImage('1.0'));
	first.images.remove(`${repository}:1.0`);
	first.images.add({
		...describeImage('1.0'),
		id: 'other',
		reference: 'a.example.com/x:1',
		repoDigest: 'a.example.com/x@y',
	});
	first.images.removeAllOf('a.example.com');
	first.close();
	assert.equal(openNodeDisk(file).images.list(), openNodeDisk(null).images.list());
});

test('nothing is written twice', ({ file }) => {
	const disk = openNodeDisk(file);
	for (let each = 0; each < 3; each++) {
		disk.images.add(describeImage('1.0'));
		disk.records.write(id, repository, source);
		disk.records.write(id, 'registry.example.com/other', null);
	}
	disk.close();
	assert.is(readFileSync(file, 'utf8').split('\n').length - 1, 3);
});

test('a last line that was cut short is dropped, and any other damage is told', ({ file }) => {
	const first = openNodeDisk(file);
	for (const tag of ['1.0', '2.0']) first.images.add(describeImage(tag));
	first.close();
	const whole = readFileSync(file);
	writeFileSync(file, whole.subarray(0, whole.length - 20));
	const again = openNodeDisk(file);
	assert.is(again.images.find(`${repository}:2.0`), null);
	again.images.add(describeImage('3.0'));
	again.close();
	assert.is(openNodeDisk(file).images.find(`${repository}:3.0`)?.id, id);

	writeFileSync(file, whole.toString().replace('1.0', '7.0'));
	assert.throws(
		() => openNodeDisk(file),
		(error: unknown) => error instanceof LabError && error.code === 'journal-damaged' && /^Line 1 /.test(error.message),
	);
});

test('after kill -9 nothing that was pulled is lost, and nothing of it is fetched again', async ({ file }) => {
	const credentials = { username: 'myuser', password: 'mypassword' };
	const methods: string[] = [];
	const registry = await startRegistry({
		users: { credentials: [credentials] },
		onRequest: ({ method }) => void methods.push(method),
	});
	const pusher = openRegistryClient({ endpoint: registry.url, credentials });
	await pusher.pushImage(await buildSampleImage({ environment: 'node-disk' }), 'myapp', '1.0');
	pusher.close();
	const script = fileURLToPath(new URL('pull-and-wait.ts', import.meta.url));
	const child = spawn(process.execPath, ['--import', 'tsx', script, file, registry.url], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await once(child.stdout, 'data');
	child.kill('SIGKILL');
	await once(child, 'exit');
	appendFileSync(file, '00000000 {"change":"ima');

	const disk = openNodeDisk(file);
	const held = disk.images.find(`${repository}:1.0`);
	assert.ok(held);
	methods.length = 0;
	const puller = openPuller({ routes: { 'registry.example.com': registry.url }, contents: disk.contents });
	const { files, ...pulled } = await puller.pull(`${repository}:1.0`, credentials);
	const { files: heldFiles, ...rest } = held as PulledImage;
	assert.equal(pulled, rest);
	const [program = ''] = pulled.config.entrypoint;
	assert.is(files(program), 'program');
	assert.is(heldFiles(program), 'program');
	assert.ok(methods.length > 0 && methods.every((method) => method === 'HEAD'), methods.join());
	puller.close();
	await registry.stop();
});

test.run();
