/** `watch` on an embedded environment: what a learner does with kubectl shows at once, whatever happens meanwhile. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { sendOrder } from '../../src/providers/embedded-control.ts';
import { cli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { openTerminal, reasonWithoutTerminal, type Terminal, type TerminalOptions } from '../terminal/pty.ts';
import { bringUp, type EmbeddedEnvironment, openEmbedded } from './environment.ts';
import { ended } from './surroundings.ts';

const lab = 'pulling-from-private-registries';
const solution = `labs/${lab}/solution`;
const makeSecret = [
	...['create', 'secret', 'docker-registry', 'my-registry-creds', '--docker-server=registry.example.com'],
	...['--docker-username=myuser', '--docker-password=mypassword'],
];

const test = suite<{ environment: EmbeddedEnvironment }>('watch', { timeout: 90 });

test.before(async (context) => {
	context.environment = await openEmbedded('watched');
});
test.before.each(async ({ environment }) => {
	for (const [namespace, type] of [
		['default', 'pods,secrets'],
		['staging', 'pods'],
	] as const) {
		await environment.kubectl('-n', namespace, 'delete', type, '--all', '--wait');
	}
	await environment.kubectl('patch', 'serviceaccount', 'default', '-p', '{"imagePullSecrets": null}');
});
test.after(({ environment }) => environment?.close());

interface Line {
	type: 'task' | 'cluster';
	number?: number;
	before?: string | null;
	task?: { outcome: string; checks: { diagnosis?: { reason: string } }[] };
	isLost?: boolean;
	score?: { earned: number };
}

interface Watching {
	child: ChildProcess;
	text(): string;
	lines(): Line[];
	/** Resolves once what has been written satisfies it. */
	until(isSo: (watching: Watching) => boolean): Promise<void>;
	ended: Promise<number | null>;
}

function watch(environment: EmbeddedEnvironment, ...args: string[]): Watching {
	const child = spawn(process.execPath, [cli, '--name', environment.name, 'watch', ...args], {
		env: { ...process.env, ...environment.env },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let text = '';
	let look = () => {};
	child.stdout.setEncoding('utf8').on('data', (more: string) => {
		text += more;
		look();
	});
	const watching: Watching = {
		child,
		text: () => text,
		lines: () =>
			text
				.split('\n')
				.slice(0, -1)
				.map((line) => JSON.parse(line) as Line),
		until: (isSo) =>
			new Promise((resolve, reject) => {
				const timer = setTimeout(() => reject(new Error(`it did not come:\n${text}`)), 20_000);
				look = () => {
					if (!isSo(watching)) return;
					clearTimeout(timer);
					resolve();
				};
				look();
			}),
		ended: new Promise((resolve, reject) => child.on('error', reject).on('close', resolve)),
	};
	return watching;
}

const describeLine = ({ number, before, task }: Line) => {
	const reasons = (task?.checks ?? []).flatMap(({ diagnosis }) => diagnosis?.reason ?? []);
	return [`${number}: ${before} → ${task?.outcome}`, ...reasons].join(' ');
};

test('-o json: a line for each change, and for nothing else', async ({ environment }) => {
	const watching = watch(environment, '-o', 'json');
	await watching.until(({ lines }) => lines().length === 4);
	assert.equal(watching.lines().map(describeLine), [
		'1: null → fail PullSecretMissing',
		'2: null → skip',
		'3: null → fail PodMissing',
		'4: null → skip',
	]);
	await environment.kubectl('create', 'configmap', 'of-no-account');
	await environment.kubectl(...makeSecret);
	await watching.until(({ lines }) => lines().length === 7);
	await environment.kubectl('label', 'secret', 'my-registry-creds', 'colour=blue');
	await environment.kubectl('delete', 'secret', 'my-registry-creds');
	await watching.until(({ lines }) => lines().length === 10);
	watching.child.kill('SIGINT');
	assert.is(await watching.ended, 0);
	assert.equal(watching.lines().slice(4).map(describeLine), [
		'1: fail → pass',
		'2: skip → fail PodMissing',
		'4: skip → fail ServiceAccountWithoutPullSecret PodMissing',
		'1: pass → fail PullSecretMissing',
		'2: fail → skip',
		'4: fail → skip',
	]);
	await environment.kubectl('delete', 'configmap', 'of-no-account');
});

test('--exit-when-passed ends with 0 when the last task is done, and not before', async ({ environment }) => {
	const watching = watch(environment, '--exit-when-passed', '-o', 'json');
	await watching.until(({ lines }) => lines().length >= 4);
	for (const task of readdirSync(solution).sort((a, b) => order.indexOf(a) - order.indexOf(b))) {
		assert.is(watching.child.exitCode, null, `it ended before ${task}`);
		for (const file of readdirSync(join(solution, task)).sort())
			await environment.kubectl('apply', '-f', join(solution, task, file));
	}
	assert.is(await watching.ended, 0);
	assert.is(watching.lines().at(-1)?.score?.earned, 100);
	const { stdout } = await environment.run('progress', '-o', 'json');
	assert.equal((JSON.parse(stdout) as { labs: { score: object }[] }).labs[0]?.score, { earned: 100, possible: 100 });
});

const order = ['store-credentials', 'pull-with-a-pod-secret', 'see-it-refused', 'attach-to-the-service-account'];

test('--exit-when-passed and Ctrl-C: it has not passed', async ({ environment }) => {
	const watching = watch(environment, '--exit-when-passed', '-o', 'json');
	await watching.until(({ lines }) => lines().length >= 4);
	watching.child.kill('SIGINT');
	assert.is(await watching.ended, 130);
});

test('into a pipe: plain lines, with a word beside each mark, and no control characters', async ({ environment }) => {
	const watching = watch(environment);
	await watching.until(({ text }) => text().includes('0 of 100 points.\n'));
	await environment.kubectl(...makeSecret);
	await watching.until(({ text }) => text().includes('20 of 100 points.\n'));
	watching.child.kill('SIGINT');
	assert.is(await watching.ended, 0);
	assert.equal(
		watching
			.text()
			.split('\n')
			.filter((line) => line.includes('1. Store')),
		[
			"✘ to do: 1. Store the registry's credentials, 20 points. There is no Secret my-registry-creds in namespace default. (PullSecretMissing)",
			"✔ done: 1. Store the registry's credentials, 20 of 20 points",
		],
	);
	assert.not.match(watching.text(), /[^\P{Cc}\n]/u);
});

test('ends when nobody reads any more', async ({ environment }) => {
	const script = '{ "$0" "$@"; echo "exit $?" >&2; } | head -1';
	const watching = spawn('bash', ['-c', script, process.execPath, cli, '--name', environment.name, 'watch'], {
		env: { ...process.env, ...environment.env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let complaints = '';
	watching.stderr.setEncoding('utf8').on('data', (text: string) => {
		complaints += text;
	});
	const closed = new Promise((resolve) => watching.on('close', resolve));
	await new Promise((resolve) => watching.stdout.once('data', resolve));
	await environment.kubectl(...makeSecret);
	await closed;
	assert.is(complaints.replaceAll(/^… .*\n/gm, ''), 'exit 0\n');
});

test('costs no processor time while nothing happens', async ({ environment }) => {
	const watching = watch(environment, '-o', 'json');
	await watching.until(({ lines }) => lines().length === 4);
	// The program's own start still has its echo, such as the collection of what it left behind.
	await pause(2000);
	const before = readTicks(watching.child.pid ?? 0);
	await pause(5000);
	const used = readTicks(watching.child.pid ?? 0) - before;
	watching.child.kill('SIGINT');
	await watching.ended;
	// Of 500; a program that asks the cluster twice a second uses 20 and more.
	assert.ok(used <= 5, `it used ${used} hundredths of a second in five seconds`);
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Processor time, in hundredths of a second. */
function readTicks(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ');
	return Number(fields[11]) + Number(fields[12]);
}

test('a registry that was down and answers again is seen without a change in the cluster', async ({ environment }) => {
	const outage = (body?: unknown) =>
		sendOrder(environment.record(), 'PUT', 'registries/registry.example.com/outage', body);
	await environment.acts.stopRegistry('registry.example.com');
	const watching = watch(environment, '-o', 'json');
	await watching.until(({ lines }) => lines().length === 4);
	await environment.kubectl(...makeSecret);
	await watching.until(({ lines }) => describeLine(lines().at(-1) as Line).includes('error'));
	await outage(null);
	await watching.until(({ lines }) => lines().some((line) => describeLine(line) === '1: error → pass'));
	watching.child.kill('SIGINT');
	await watching.ended;
});

test('a reset is told, and what is done after it is seen', async ({ environment }) => {
	await environment.kubectl(...makeSecret);
	const watching = watch(environment, '-o', 'json');
	await watching.until(({ lines }) => lines().length === 4);
	await bringUp(environment, lab, '--reset');
	await watching.until(({ lines }) => lines().some((line) => describeLine(line).startsWith('1: pass → fail')));
	await environment.kubectl(...makeSecret);
	await watching.until(
		({ lines }) => describeLine(lines().findLast(({ number }) => number === 1) as Line) === '1: fail → pass',
	);
	watching.child.kill('SIGINT');
	assert.is(await watching.ended, 0);
});

onTerminal('draws the tasks in place, and anew in another width', async (terminal, { kubectl }) => {
	await terminal.waitFor(' 0 / 100');
	await kubectl(...makeSecret);
	await terminal.waitFor(' 20 / 100');
	await terminal.rest();
	assert.equal(terminal.scrollback(), [
		'Pulling from private registries with imagePullSecrets                   20 / 100',
		'',
		"✔ 1  Store the registry's credentials                                    20 / 20",
		'✘ 2  Pull with the Secret, from the Pod                               to do / 30',
		'     There is no Pod private-pod in namespace default. (PodMissing)',
		'✘ 3  See a pull refused                                               to do / 25',
		'     There is no Pod no-creds-pod in namespace staging. (PodMissing)',
		'✘ 4  Let the ServiceAccount do it                                     to do / 25',
		'     ServiceAccount default/default does not hand my-registry-creds on to new',
		'     Pods. (ServiceAccountWithoutPullSecret)',
		'     There is no Pod sa-pod in namespace default. (PodMissing)',
		'',
		'Watching watched; Ctrl-C ends it.',
	]);
	assert.not.ok(terminal.hasCursor());
	await terminal.resize(40, 30);
	await terminal.waitFor(/^Pulling from private registries$/m);
	await terminal.rest();
	assert.ok(
		terminal.screen().every((line) => line.length <= 40),
		terminal.screen().join('\n'),
	);
	await terminal.resize(80, 10);
	await terminal.waitFor(/Watching watched; Ctrl-C ends it\.$/);
	await kubectl('delete', 'secret', 'my-registry-creds');
	await terminal.waitFor('Do store-credentials first.');
	terminal.press('\u0003');
	assert.is(await terminal.ended, 0);
	assert.ok(terminal.hasCursor());
});

onTerminal(
	'gives the terminal back on Ctrl-Z, and goes on with fg',
	async (terminal, { kubectl, command }) => {
		await terminal.waitFor('shell$');
		terminal.press(`${command}\r`);
		await terminal.waitFor(' 0 / 100');
		terminal.press('\u001a');
		await terminal.waitFor('Stopped');
		assert.ok(terminal.hasCursor());
		await kubectl(...makeSecret);
		terminal.press('fg\r');
		await terminal.waitFor(' 20 / 100');
		assert.not.ok(terminal.hasCursor());
		terminal.press('\u0003');
		await terminal.waitFor(/^shell\$$/m);
		assert.ok(terminal.hasCursor());
		terminal.press('exit\r');
		await terminal.ended;
	},
	"env PS1='shell$ ' bash --norc --noprofile -i",
);

onTerminal('tells that the cluster is lost, and that it is there again', async (terminal, { environment, kubectl }) => {
	await terminal.waitFor(' 0 / 100');
	const { pid } = environment.record();
	process.kill(pid, 'SIGKILL');
	await terminal.waitFor('does not answer');
	await terminal.waitFor('kubeproctor --name watched up starts what is stopped');
	await ended(pid);
	await bringUp(environment);
	await terminal.waitFor('Watching watched; Ctrl-C ends it.');
	await kubectl(...makeSecret);
	await terminal.waitFor(' 20 / 100');
	terminal.press('\u0003');
	assert.is(await terminal.ended, 0);
});

test('another lab than the one that is set up is a mistake, and so is no environment', async ({ environment }) => {
	const other = await environment.run('watch', 'two-registries');
	assert.is(other.code, 2);
	assert.match(other.stderr, 'is set up for the lab pulling-from-private-registries, not for two-registries');
	const none = await environment.run('watch', '--name', 'nowhere');
	assert.is(none.code, 3);
	assert.match(none.stderr, 'There is no environment nowhere.');
});

test.run();

interface Hands {
	environment: EmbeddedEnvironment;
	kubectl(...args: string[]): Promise<string>;
	/** What starts `watch`. */
	command: string;
}

function onTerminal(
	name: string,
	body: (terminal: Terminal, hands: Hands) => Promise<void>,
	start?: string,
	options: TerminalOptions = { columns: 80 },
): void {
	if (reasonWithoutTerminal !== null) {
		test.skip(name, reasonWithoutTerminal);
		return;
	}
	test(name, async ({ environment }) => {
		const { CI: _ci, ...env } = environment.env;
		const command = `${process.execPath} ${cli} --name ${environment.name} watch`;
		const terminal = openTerminal(start ?? command, { ...options, env });
		try {
			await body(terminal, { environment, kubectl: environment.kubectl, command });
		} finally {
			terminal.close();
		}
	});
}
