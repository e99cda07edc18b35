/** `why` on a real node: in its own words, for an init container, an inherited list, and a password that is refused. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Explanation } from '../../src/model/explanation.ts';
import { suite } from '../harness.ts';
import { openWorld, runTool } from './cli.ts';
import { pullingPod, pullSecret, untilRefused } from './lab/pulling.ts';

const test = suite('cluster/why', { timeout: 300 });
const world = await openWorld();
const kubeconfig = join(world.folder, 'kubeconfig');
const host = 'registry.example.com';

test.before(async () => {
	const { code, stderr } = await world.run(['up', '--provider', 'kind']);
	assert.is(code, 0, stderr);
	await apply([
		pullSecret('creds', 'mypassword'),
		pullSecret('wrong', 'nonsense'),
		{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'heir' }, imagePullSecrets: [{ name: 'wrong' }] },
	]);
	await apply([
		pullingPod('good', { imagePullSecrets: [{ name: 'creds' }] }),
		pullingPod('inherits', { serviceAccountName: 'heir' }),
		pullingPod('first', {
			imagePullSecrets: [{ name: 'creds' }],
			initContainers: [{ name: 'setup', image: `${host}/myapp:9.9` }],
		}),
	]);
	await kubectl('wait', '--for=condition=Ready', 'pod/good', '--timeout=60s');
	for (const name of ['inherits', 'first']) await untilRefused(read, name);
});
test.after(async () => {
	await world.run(['down']);
	await world.close();
});

test('a Pod that runs is fine', async () => {
	const { code, told } = await why('good');
	assert.equal([code, told.outcome, told.diagnosis], [0, 'fine', null]);
});

test('a password that is refused, on an inherited list', async () => {
	const { code, told } = await why('inherits');
	assert.equal([code, told.diagnosis?.reason], [1, 'CredentialsRejected']);
	assert.equal(told.list, { names: ['wrong'], origin: 'inherited', serviceAccount: 'heir' });
	assert.is(told.secrets[0]?.entries[0]?.trial?.outcome, 'rejected');
	assert.match(told.container?.waiting?.message ?? '', '401 Unauthorized');
});

test('an init container whose tag is not there', async () => {
	const { code, told } = await why('first');
	assert.equal([code, told.diagnosis?.reason], [1, 'ImageNotFound']);
	assert.equal([told.container?.name, told.container?.kind], ['setup', 'init']);
	assert.match(told.diagnosis?.actual ?? '', /: not found/);
});

test("by a kubeconfig of one's own it believes the node, and sends nothing anywhere", async () => {
	const { code, told } = await why('inherits', '--kubeconfig', kubeconfig);
	assert.equal([code, told.diagnosis?.reason], [1, 'CredentialsRejected']);
	assert.is(told.secrets[0]?.entries[0]?.trial?.outcome, 'not-tried');
});

test('whoever may only look at Pods is told what could not be read', async () => {
	await kubectl('create', 'serviceaccount', 'limited');
	await kubectl('create', 'role', 'limited', '--verb=get', '--resource=pods');
	await kubectl('create', 'rolebinding', 'limited', '--role=limited', '--serviceaccount=default:limited');
	const token = (await kubectl('create', 'token', 'limited')).trim();
	const config = JSON.parse(await kubectl('config', 'view', '--raw', '-o', 'json'));
	for (const user of config.users) user.user = { token };
	const limited = join(world.folder, 'limited.json');
	await writeFile(limited, JSON.stringify(config), { mode: 0o600 });
	const { code, told } = await why('inherits', '--kubeconfig', limited);
	assert.equal([code, told.diagnosis?.reason], [3, 'NotObserved']);
	assert.equal(told.unread.map(({ what }) => what).sort(), [
		`Node ${world.name}-control-plane`,
		'Secret wrong',
		'ServiceAccount heir',
	]);
});

test.run();

async function why(name: string, ...args: string[]): Promise<{ code: number | null; told: Explanation }> {
	const { code, stdout, stderr } = await world.run(['why', `pod/${name}`, '-o', 'json', ...args]);
	if (stdout === '') throw new Error(stderr);
	assert.not.match(stdout, 'nonsense');
	return { code, told: JSON.parse(stdout) };
}

function kubectl(...args: string[]): Promise<string> {
	return runTool('kubectl', args, { KUBECONFIG: kubeconfig });
}

async function read(path: string): Promise<unknown> {
	return JSON.parse(await kubectl('get', '--raw', path));
}

async function apply(items: object[]): Promise<void> {
	const file = join(world.home, 'objects.json');
	await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), { mode: 0o600 });
	await kubectl('apply', '-f', file);
}
