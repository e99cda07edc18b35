/** What is written down of a pull Secret holds no password, wherever somebody typed one. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { type KubeClient, openCluster } from '../../src/kube/client.ts';
import { systemClock } from '../../src/model/clock.ts';
import { openAccess } from '../../src/observers/index.ts';
import { lookUpSecret } from '../../src/observers/secret-facts.ts';
import { type RunningRegistry, startRegistry } from '../../src/oci/server/index.ts';
import { suite } from '../harness.ts';
import { canary } from '../runner/canary.ts';

interface Context {
	folder: string;
	emulator: Emulator;
	registry: RunningRegistry;
	client: KubeClient;
}

const host = 'registry.example.com';
const image = `${host}/myapp:1.0`;
const right = canary;
const typed = 'a-typed-password';
const test = suite<Context>('facts of a Secret', { timeout: 60 });

test.before(async (context) => {
	context.folder = await mkdtemp(join(tmpdir(), 'secret-facts-'));
	context.emulator = await startEmulator();
	context.registry = await startRegistry({ users: { credentials: [{ username: 'myuser', password: right }] } });
	const kubeconfig = join(context.folder, 'kubeconfig');
	await writeFile(kubeconfig, context.emulator.kubeconfig, { mode: 0o600 });
	context.client = await openCluster({ kubeconfig, context: 'kubeproctor' });
});
test.after(async ({ folder, emulator, registry, client }) => {
	client.close();
	await emulator.stop();
	await registry.stop();
	await rm(folder, { recursive: true });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
let count = 0;

/** The facts of a Secret with these `auths`. */
async function lookUp({ client, registry }: Context, auths: unknown, type = 'kubernetes.io/dockerconfigjson') {
	const name = `s${count++}`;
	const key = type === 'kubernetes.io/dockercfg' ? '.dockercfg' : '.dockerconfigjson';
	const content = JSON.stringify(type === 'kubernetes.io/dockercfg' ? auths : { auths });
	await client.request('POST', '/api/v1/namespaces/default/secrets', {
		body: { metadata: { name }, type, data: { [key]: base64(content) } },
	});
	const credentials = { username: 'myuser', password: right };
	const access = openAccess({
		client,
		registries: [
			{
				...{ host, endpoint: registry.url, username: 'myuser', ownership: 'ours', credentials },
				...{ mayTryCredentials: true, pullLog: async () => null },
			},
		],
		images: [{ registry: host, repository: 'myapp', tag: '1.0', digest: `sha256:${'a'.repeat(64)}`, manifests: [] }],
		...{ controlNamespace: 'kubeproctor', clock: systemClock, signal: new AbortController().signal },
	});
	return lookUpSecret(access, 'default', name, image);
}

const cases: [where: string, auths: unknown, type?: string][] = [
	['in its field', { [host]: { username: 'myuser', password: typed } }],
	['in auth', { [host]: { auth: base64(`myuser:${typed}`) } }],
	['of a Secret of the legacy type', { [host]: { auth: base64(`myuser:${typed}`) } }, 'kubernetes.io/dockercfg'],
	['of a Secret of no such type', { [host]: { auth: base64(`myuser:${typed}`) } }, 'Opaque'],
	['before the host', { [`myuser:${typed}@${host}`]: { username: 'myuser', password: right } }],
	[
		'before the host, with a scheme',
		{ [`https://myuser:${typed}@${host}/v2/`]: { username: 'myuser', password: 'x' } },
	],
	['before the host of an entry that cannot be read', { [`https://myuser:${typed}@${host}`]: { auth: '!' } }],
	['where the user belongs', { [host]: { username: typed, password: typed } }],
	[
		'where the user of another entry belongs',
		{ a: { username: typed, password: 'x' }, b: { username: 'u', password: typed } },
	],
	['where the server belongs', { [typed]: { username: 'myuser', password: typed } }],
	['the other way round in auth', { [host]: { auth: base64(`${typed}:${typed}`) } }],
	['in auth without a colon', { [host]: { auth: base64(typed) } }],
	['in auth, not encoded', { [host]: { auth: typed } }],
	['in an entry that is no object', { [host]: typed }],
	['as a list', [typed]],
];
for (const [where, auths, type] of cases) {
	test(`typed ${where}`, async (context) => {
		const text = JSON.stringify(await lookUp(context, auths, type));
		for (const form of [typed, base64(typed), base64(`myuser:${typed}`), right]) assert.not.match(text, form);
	});
}

test("the registry's own password, typed where user or server belongs", async (context) => {
	const { secret } = await lookUp(context, { [host]: { username: right, password: 'x' }, [right]: {} });
	assert.equal(
		secret?.entries.map((entry) => [entry.host, entry.username]),
		[
			[host, '(the password)'],
			['(the password)', null],
		],
	);
});

test('white space around a user or a password is told, and hides no password', async (context) => {
	const { secret } = await lookUp(context, {
		[host]: { auth: base64(`myuser:${right}\n`) },
		[`${host}/a`]: { username: ' myuser', password: right },
		[`${host}/b`]: { username: `${right}\n`, password: right },
		[`${host}/c`]: { username: 'myuser', password: right },
	});
	const found = new Map(secret?.entries.map((entry) => [entry.host, [entry.username, entry.blankIn]]));
	assert.equal(Object.fromEntries(found), {
		[host]: ['myuser', 'password'],
		[`${host}/a`]: [' myuser', 'username'],
		[`${host}/b`]: ['(the password)', 'username'],
		[`${host}/c`]: ['myuser', null],
	});
});

test('a user is named as it is written, also as an address', async (context) => {
	const { secret } = await lookUp(context, { [host]: { username: 'me@example.com', password: typed } });
	assert.is(secret?.entries[0]?.username, 'me@example.com');
	assert.is(secret?.entries[0]?.trial?.outcome, 'rejected', 'it was tried with what is hidden');
});

test.run();
