/** Where something does not answer at once, it is said within a second what is waited for, and for how long. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { cli, type Ending, runCli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { reasonWithoutTerminal, runOnTerminal } from '../terminal/pty.ts';
import { withoutControls } from '../terminal/talk.ts';
import { type EmbeddedEnvironment, openEmbedded } from './environment.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('waits', { timeout: 90 });
/** Milliseconds, beside what the program takes to start. */
const delay = 4_000;

test.before(async (context) => {
	context.environment = await openEmbedded('slow');
});
test.after(({ environment }) => environment?.close());

/** The API server, the registry and the control door answer, but late. */
async function whileFrozen<R>(environment: EmbeddedEnvironment, work: () => Promise<R>): Promise<R> {
	const { pid } = environment.record();
	process.kill(pid, 'SIGSTOP');
	const thaw = sleep(delay).then(() => process.kill(pid, 'SIGCONT'));
	try {
		return await work();
	} finally {
		await thaw;
	}
}

const api = String.raw`the API server at 127\.0\.0\.1:\d+`;
const door = 'the process of the embedded cluster';

/** Arguments → exit code, and what is said while it waits. */
const waits: [args: string[], code: number, says: string][] = [
	[['grade', '--timeout', '0'], 1, `Looking at the cluster: waiting for ${api}`],
	[['why', 'pod/none'], 1, `Looking at the Pod: waiting for ${api}`],
	[['status'], 0, `Looking at each part: waiting for (${api}|${door}|the registry at .*)`],
	[['rotate'], 0, `Changing the password: waiting for ${door}`],
	[['hint', '1'], 0, `Looking at the cluster: waiting for ${api}`],
	[['next'], 0, `Looking at the cluster: waiting for ${api}`],
	[['reset', '1', '--yes'], 0, `.*: waiting for (${api}|${door})`],
	[['solve', '1', '--apply', '--yes'], 0, `Looking at the cluster: waiting for ${api}`],
	[['up'], 0, 'Machine looks fit {2}asking what is there'],
];

for (const [args, code, says] of waits) {
	test(`${args.join(' ')}: ${says}`, async ({ environment }) => {
		const ending = await whileFrozen(environment, () => environment.run(...args));
		assert.is(ending.code, code, ending.stderr);
		assert.match(ending.stderr, new RegExp(`^… ${says} {2}[0-3]\\.\\d s$`, 'm'));
		assert.not.match(ending.stdout, '…');
	});
}

test('grade -o json says nothing but its document', async ({ environment }) => {
	const { stdout, stderr } = await whileFrozen(environment, () =>
		environment.run('grade', '-o', 'json', '--timeout', '0'),
	);
	assert.is(stderr, '');
	assert.is(JSON.parse(stdout).schemaVersion, 1);
});

test('grade: a slow registry is named', async ({ environment }) => {
	await environment.kubectl('delete', 'secret', 'my-registry-creds', '--ignore-not-found');
	await environment.kubectl(
		...['create', 'secret', 'docker-registry', 'my-registry-creds', '--docker-server=registry.example.com'],
		...['--docker-username=myuser', '--docker-password=wrong'],
	);
	const file = join(environment.folder, 'environment.json');
	const text = readFileSync(file, 'utf8');
	const { endpoint } = JSON.parse(text).registries[0] as { endpoint: string };
	const proxy = await openSlowProxy(Number(new URL(endpoint).port));
	try {
		writeFileSync(file, text.replaceAll(endpoint, `http://127.0.0.1:${proxy.port}`));
		const { stderr } = await environment.run('grade', '--timeout', '0');
		assert.match(stderr, /^… Looking at the cluster: waiting for the registry at 127\.0\.0\.1:\d+ {2}\d\.\d s$/m);
	} finally {
		writeFileSync(file, text);
		proxy.close();
	}
});

const onTerminal = 'on a terminal the line counts, and goes away';
if (reasonWithoutTerminal !== null) test.skip(onTerminal, reasonWithoutTerminal);
else
	test(onTerminal, async ({ environment }) => {
		const home = dirname(dirname(environment.folder));
		const command = `env KUBEPROCTOR_HOME=${home} ${process.execPath} ${cli} --name slow grade --timeout 0`;
		const { raw, lines } = await whileFrozen(environment, () => runOnTerminal(command, 80));
		const shown = [
			...withoutControls(raw).matchAll(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (Looking at the cluster: waiting for .+?) {2}(\d\.\d) s/g),
		];
		assert.ok(shown.length > 2, raw);
		assert.ok(Number(shown.at(-1)?.[2]) > Number(shown[0]?.[2]));
		assert.not.match(lines.join('\n'), 'Looking at the cluster');
	});

test('lint: how many labs are read', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'labs-'));
	for (let index = 0; index < 60; index += 1) {
		const lab = join(folder, `lab-${index}`);
		cpSync('labs/pulling-from-private-registries', lab, { recursive: true });
		const file = join(lab, 'lab.yaml');
		writeFileSync(file, readFileSync(file, 'utf8').replace(/^ {2}name: .*$/m, `  name: lab-${index}`));
	}
	const { stderr }: Ending = await runCli(['lint', folder]);
	rmSync(folder, { recursive: true });
	assert.match(stderr, /^… Reading 60 labs {2}\d\.\d s$/m);
});

test('down: which process has not ended', async ({ environment }) => {
	const { code, stderr } = await whileFrozen(environment, () => environment.run('down'));
	assert.is(code, 0);
	assert.match(
		stderr,
		/^… Removing environment slow: waiting for (process \d+ to end|the process of the embedded cluster) {2}[0-3]\.\d s$/m,
	);
});

test.run();

/** Passes everything on, but each connection's first bytes late. */
async function openSlowProxy(target: number): Promise<{ port: number; close(): void }> {
	const server = createServer((near) => {
		const far = createConnection(target, '127.0.0.1');
		setTimeout(() => near.pipe(far), delay);
		far.pipe(near);
		for (const socket of [near, far]) {
			socket.on('error', () => {
				near.destroy();
				far.destroy();
			});
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
