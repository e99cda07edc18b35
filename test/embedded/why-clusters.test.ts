/** Which cluster `why` asks, and what it says of Pods that are not plain: two environments, and kubeconfigs of one's own. */

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Explanation } from '../../src/model/explanation.ts';
import { cli, type Ending, runProgram } from '../cli/run-cli.ts';
import { pullingPod, pullSecret, role, untilRefused } from '../cluster/lab/pulling.ts';
import { suite } from '../harness.ts';
import { bringUp, type EmbeddedEnvironment, planEnvironment } from './environment.ts';

type Told = Explanation & { cluster: { environment: string | null; context: string; kubeconfig: string } };

const test = suite('why of many clusters', { timeout: 180 });
const host = 'registry.example.com';
const home = mkdtempSync(join(tmpdir(), 'kubeproctor-home-'));
let one: EmbeddedEnvironment;
let two: EmbeddedEnvironment;

test.before(async () => {
	one = planEnvironment('why-one', home);
	two = planEnvironment('why-two', home);
	await Promise.all([bringUp(one), bringUp(two)]);
	await one.kubectl('create', 'namespace', 'shop');
	await one.kubectl('create', 'serviceaccount', 'limited');
	await one.apply([pullSecret('creds', 'mypassword'), pullSecret('wrong', 'nonsense')]);
	await one.kubectl('patch', 'serviceaccount', 'default', '-p', '{"imagePullSecrets": [{"name": "wrong"}]}');
	await one.apply([
		pullingPod('heir'),
		pullingPod('own', { imagePullSecrets: [{ name: 'wrong' }] }),
		pullingPod('first', {
			imagePullSecrets: [{ name: 'creds' }],
			initContainers: [{ name: 'setup', image: `${host}/myapp:9.9` }],
		}),
		...role('limited', [{ apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get'] }]),
	]);
	await two.apply([pullingPod('elsewhere')]);
	for (const name of ['heir', 'own', 'first']) await untilRefused(one.read, name);
	await untilRefused(two.read, 'elsewhere');
});
test.after(async () => {
	await two.run('down');
	await one.close();
});

/* --------------------------------------------------------- which cluster */

test('without an environment it asks the current context of KUBECONFIG', async () => {
	const { told, code } = await why('heir', { KUBECONFIG: kubeconfigOf(one) }, []);
	assert.equal([code, told.cluster.environment], [1, null]);
	assert.is(told.cluster.kubeconfig, kubeconfigOf(one));
	assert.is(told.diagnosis?.reason, 'CredentialsRejected');
});

test('or that of ~/.kube/config', async () => {
	const folder = mkdtempSync(join(home, 'user-'));
	mkdirSync(join(folder, '.kube'));
	writeFileSync(join(folder, '.kube', 'config'), readFileSync(kubeconfigOf(one)), { mode: 0o600 });
	const { told } = await why('heir', { HOME: folder, KUBECONFIG: '' }, []);
	assert.is(told.cluster.kubeconfig, join(folder, '.kube', 'config'));
});

test('--context is looked for in every file of KUBECONFIG, and --kubeconfig in one', async () => {
	const contexts = writeContexts(two, { blue: 'default', green: 'shop' });
	const KUBECONFIG = [join(home, 'absent'), kubeconfigOf(one), contexts].join(':');
	const blue = await why('elsewhere', { KUBECONFIG }, ['--context', 'blue']);
	assert.equal([blue.told.cluster.context, blue.told.diagnosis?.reason], ['blue', 'PullSecretNotReferenced']);
	const alone = await why('elsewhere', { KUBECONFIG: kubeconfigOf(one) }, ['--kubeconfig', contexts]);
	assert.is(alone.told.cluster.context, 'blue', 'its current context');
});

test("the context's namespace is the Pod's, unless -n names another one", async () => {
	const contexts = writeContexts(one, { shop: 'shop' });
	const there = await why('heir', { KUBECONFIG: contexts }, []);
	assert.equal([there.told.pod.namespace, there.told.diagnosis?.reason], ['shop', 'PodMissing']);
	assert.is((await why('heir', { KUBECONFIG: contexts }, ['-n', 'default'])).told.pod.namespace, 'default');
});

const refused: [what: string, code: number, message: RegExp, args: string[], env: () => Record<string, string>][] = [
	[
		'a context that is not there',
		3,
		/has no context red\. .*It has: blue\./,
		['--context', 'red'],
		() => ({ KUBECONFIG: writeContexts(two, { blue: 'default' }) }),
	],
	['no kubeconfig at all', 3, /There is no kubeconfig at/, [], () => ({ KUBECONFIG: join(home, 'absent') })],
	[
		'no current context',
		2,
		/has no current context\. .*--context CONTEXT/,
		[],
		() => ({ KUBECONFIG: writeContexts(two, { blue: 'default' }, '') }),
	],
];
for (const [what, expected, message, args, env] of refused) {
	test(`${what} is told`, async () => {
		const { code, stdout, stderr } = await run({ ...env() }, ['pod/heir', ...args]);
		assert.equal([code, stdout], [expected, '']);
		assert.match(stderr.replaceAll(/\s+/g, ' '), message);
	});
}

test('of several environments it asks the one that is named', async () => {
	const env = { KUBEPROCTOR_HOME: home, KUBECONFIG: join(home, 'absent') };
	const named = await whyWith(env, ['--name', 'why-one', 'why', 'pod/heir']);
	assert.equal(
		[named.told.cluster.environment, named.told.secrets[0]?.entries[0]?.trial?.outcome],
		['why-one', 'rejected'],
	);
	const ofShell = await whyWith({ ...env, KUBEPROCTOR_NAME: 'why-two' }, ['why', 'pod/elsewhere']);
	assert.is(ofShell.told.cluster.environment, 'why-two');
});

test('or the one that kubectl points at, and else any other cluster', async () => {
	const pointed = await why('heir', { KUBEPROCTOR_HOME: home, KUBECONFIG: kubeconfigOf(one) }, []);
	assert.equal(
		[pointed.told.cluster.environment, pointed.told.secrets[0]?.entries[0]?.trial?.outcome],
		['why-one', 'rejected'],
	);
	const contexts = writeContexts(two, { blue: 'default' });
	const other = await why('elsewhere', { KUBEPROCTOR_HOME: home, KUBECONFIG: contexts }, []);
	assert.equal([other.told.cluster.environment, other.told.cluster.kubeconfig], [null, contexts]);
});

/* ------------------------------------------------------------- which Pod */

test('an inherited list is told as such', async () => {
	const { told } = await whyOf(one, 'heir');
	assert.equal(told.list, { names: ['wrong'], origin: 'inherited', serviceAccount: 'default' });
	const { stdout } = await one.run('why', 'pod/heir');
	assert.match(stdout, 'spec.imagePullSecrets, inherited from ServiceAccount default');
	assert.match(stdout, '(kubeproctor --name why-one credentials --password shows the password.)');
	assert.is((await whyOf(one, 'own')).told.list?.origin, 'own');
});

test('an init container is the first that is not ready', async () => {
	const { told, code } = await whyOf(one, 'first');
	assert.equal([code, told.diagnosis?.reason], [1, 'ImageNotFound']);
	assert.equal([told.container?.name, told.container?.kind], ['setup', 'init']);
	const { stdout } = await one.run('why', 'pod/first');
	assert.match(stdout, `container setup: ${host}/myapp:9.9`);
});

test('what it was not allowed to read is said, each thing by its name', async () => {
	const limited = await writeLimited();
	const { told, code } = await why('heir', { KUBECONFIG: limited }, []);
	assert.equal([code, told.diagnosis?.reason], [1, 'CredentialsRejected'], 'which needs none of it');
	const node = 'Node why-one-control-plane';
	assert.equal(told.unread.map(({ what }) => what).sort(), [node, 'ServiceAccount default'].sort());
	for (const { message } of told.unread)
		assert.match(message, /is forbidden: User "system:serviceaccount:default:limited"/);
	const { stdout } = await run({ KUBECONFIG: limited }, ['pod/heir']);
	for (const what of [node, 'ServiceAccount default']) assert.match(stdout, `${what}: this user may not`);
});

test('credentials are sent to a registry that is not ours where that is allowed, once', async () => {
	const { port } = new URL(one.record().registries[host] ?? '');
	await one.apply([
		pullSecret('loopback', 'mypassword', `127.0.0.1:${port}`),
		pullingPod('loopback', { imagePullSecrets: [{ name: 'loopback' }] }, `127.0.0.1:${port}/myapp:1.0`),
	]);
	await one.kubectl('wait', '--for=condition=Ready', 'pod/loopback', '--timeout=60s');
	const outcome = async (...args: string[]) => {
		const { told, code } = await why('loopback', { KUBECONFIG: kubeconfigOf(one) }, args);
		return [code, told.secrets[0]?.entries[0]?.trial?.outcome];
	};
	assert.equal(await outcome(), [0, 'not-tried']);
	assert.equal(await outcome('--try-credentials'), [0, 'accepted']);
});

test.run();

/* -------------------------------------------------------------------- help */

function kubeconfigOf({ folder }: EmbeddedEnvironment): string {
	return join(folder, 'kubeconfig');
}

/** As somebody runs it who has no environment, unless `env` says otherwise. */
function run(env: Record<string, string>, args: string[]): Promise<Ending> {
	const nowhere = join(home, 'nowhere');
	return runProgram(process.execPath, [cli, 'why', ...args], { CI: '1', KUBEPROCTOR_HOME: nowhere, ...env });
}

function why(name: string, env: Record<string, string>, args: string[]) {
	return parse(run(env, [`pod/${name}`, '-o', 'json', ...args]));
}

function whyWith(env: Record<string, string>, args: string[]) {
	return parse(runProgram(process.execPath, [cli, ...args, '-o', 'json'], { CI: '1', ...env }));
}

function whyOf(environment: EmbeddedEnvironment, name: string) {
	return parse(environment.run('why', `pod/${name}`, '-o', 'json'));
}

async function parse(ending: Promise<Ending>): Promise<{ code: number | null; told: Told }> {
	const { code, stdout, stderr } = await ending;
	if (stdout === '') throw new Error(`why ended with ${code}:\n${stderr}`);
	return { code, told: JSON.parse(stdout) as Told };
}

interface Kubeconfig {
	contexts: { name: string; context: { namespace?: string } }[];
	users: { name: string; user: object }[];
	'current-context': string;
}

/** A kubeconfig of one's own: contexts by name, each with its namespace; the first of them is current. */
function writeContexts(environment: EmbeddedEnvironment, contexts: Record<string, string>, current?: string): string {
	return rewrite(environment, (config) => {
		const [only] = config.contexts;
		config.contexts = Object.entries(contexts).map(([name, namespace]) => ({
			name,
			context: { ...only?.context, namespace },
		}));
		config['current-context'] = current ?? Object.keys(contexts)[0] ?? '';
	});
}

async function writeLimited(): Promise<string> {
	const token = (await one.kubectl('create', 'token', 'limited')).trim();
	return rewrite(one, (config) => {
		for (const user of config.users) user.user = { token };
	});
}

let files = 0;

function rewrite(environment: EmbeddedEnvironment, change: (config: Kubeconfig) => void): string {
	const config = JSON.parse(readFileSync(kubeconfigOf(environment), 'utf8')) as Kubeconfig;
	change(config);
	const file = join(home, `kubeconfig-${files++}.json`);
	writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
	return file;
}
