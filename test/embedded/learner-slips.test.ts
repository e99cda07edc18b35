/** Whatever is wrong around the learner's commands: a clear line, the right exit code, and nothing is lost. */

import {
	chmodSync,
	chownSync,
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Learned } from '../../src/learning/progress.ts';
import { cli, type Ending, nobody, runProgram, runUnprivileged } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { reasonWithoutTerminal, runOnTerminal } from '../terminal/pty.ts';
import { bringUp, type EmbeddedEnvironment, planEnvironment } from './environment.ts';
import { here } from './here.ts';

const test = suite<{ environment: EmbeddedEnvironment }>("slips around the learner's commands", { timeout: 120 });
const lab = 'pulling-from-private-registries';
/** Not below the folder of this run, which no other account may enter. */
const folder = mkdtempSync('/tmp/kubeproctor-slips-');
const answers = join(folder, 'answers.yaml');
const homeOf = ({ env }: EmbeddedEnvironment) => env['KUBEPROCTOR_HOME'] ?? '';

test.before(async (context) => {
	writeFileSync(answers, 'base64: c\n');
	context.environment = planEnvironment('slips');
	await bringUp(context.environment, lab);
	await context.environment.kubectl('apply', '-f', `labs/${lab}/solution/store-credentials`);
	await context.environment.grade();
});
test.after(async ({ environment }) => {
	rmSync(folder, { recursive: true });
	await environment?.close();
});

/** Arguments → exit code, and what stderr says. Nothing goes to stdout. */
const slips: [args: string, code: number, says: RegExp][] = [
	['quiz nowhere', 2, /There is no lab nowhere\./],
	['lesson nowhere', 2, /There is no lab nowhere\./],
	['progress --reset nowhere --yes', 2, /There is no lab nowhere\./],
	['hint 9', 2, /has no task 9\..*There are: store-credentials/s],
	['hint store-credential', 2, /Did you mean store-credentials\?/],
	['solve 9', 2, /has no task 9\./],
	['reset 9', 2, /has no task 9\./],
	['reset', 2, /Which task is to be undone\?/],
	['reset 1 --all', 2, /do not go together/],
	['reset 1', 2, /Cannot ask here.*secret\/my-registry-creds.*--yes/s],
	['solve 2 --apply', 2, /Cannot ask here.*--yes/s],
	['progress --reset', 2, /Cannot ask here.*--yes/s],
	['quiz', 2, /Cannot ask here.*--answers FILE/s],
	[`quiz --answers ${folder}/nothing.yaml`, 2, /cannot be read.*nothing\.yaml/],
	[`quiz --answers ${folder}`, 2, /cannot be read/],
	['quiz --answers -', 2, /The answers are no map\./],
];

for (const [args, code, says] of slips) {
	test(`kubeproctor ${args.replace(folder, '…')}`, async ({ environment }) => {
		const before = await keep(environment);
		const ending = await here(environment).run(...args.split(' '));
		assert.equal([ending.code, ending.stdout], [code, ''], ending.stderr);
		assert.match(ending.stderr, says);
		assert.match(ending.stderr.split('\n')[0] ?? '', new RegExp(`^✘ .*exit ${code}$`));
		assert.not.match(ending.stderr, /\n\s+at /);
		assert.equal(await keep(environment), before);
	});
}

for (const args of ['hint', 'next', 'solve', 'reset 1', 'reset --all']) {
	test(`kubeproctor --name nowhere ${args}`, async ({ environment }) => {
		const all = [cli, '--name', 'nowhere', ...args.split(' ')];
		const { code, stdout, stderr } = await runProgram(process.execPath, all, environment.env);
		assert.equal([code, stdout], [3, '']);
		assert.match(stderr, /There is no environment nowhere\..*exit 3\n.*kubeproctor --name nowhere up/s);
	});
}

/** What each ends with, whatever happens around it. */
const works: [args: string, code: number][] = [
	['hint', 0],
	['next', 0],
	['progress', 0],
	[`quiz --answers ${answers}`, 1],
	['solve 2', 0],
	['lesson --part 1', 0],
];

for (const [args, code] of works) {
	const name = args.replace(folder, '…');

	test(`${name} into a pipe that is closed`, async ({ environment }) => {
		const script = `{ sleep 0.2; "$0" "$1" --name ${environment.name} ${args}; echo "exit $?" >&2; } | true`;
		const { stderr } = await runProgram('bash', ['-c', script, process.execPath, cli], environment.env);
		assert.match(stderr, new RegExp(`exit ${code}\\n$`));
		assert.not.match(stderr, /EPIPE|✘/);
	});

	test(`${name} without stdin`, async ({ environment }) => {
		const script = `"$0" "$1" --name ${environment.name} ${args} <&-`;
		const ending = await runProgram('bash', ['-c', script, process.execPath, cli], environment.env);
		assert.is(ending.code, code, ending.stderr);
	});
}

for (const [args, code] of works.filter(([each]) => !/^(solve|lesson)/.test(each))) {
	const name = args.replace(folder, '…');

	test(`${name} with a broken progress file`, async ({ environment }) => {
		const home = homeOf(environment);
		const text = '{"schemaVersion": 1, "labs": {';
		writeFileSync(join(home, 'progress.json'), text);
		const ending = await environment.run(...args.split(' '));
		assert.is(ending.code, code, ending.stderr);
		const aside = readdirSync(home).find((file) => file.startsWith('progress.broken-')) ?? '';
		assert.match(ending.stderr, aside);
		assert.is(readFileSync(join(home, aside), 'utf8'), text);
		rmSync(join(home, aside));
	});

	test(`${name} in a home that is read-only`, async ({ environment }) => {
		const home = mkdtempSync(join(folder, 'home-'));
		cpSync(homeOf(environment), home, { recursive: true });
		rmSync(join(home, 'progress.json'), { force: true });
		const { code: ended, stderr } = await runSealed(home, ['--name', environment.name, ...args.split(' ')]);
		assert.is(ended, code, stderr);
		if (args !== 'progress') assert.is(stderr.split('Your progress is not kept').length, 2, stderr);
	});
}

test('reset and solve, which hold an environment, say that a read-only home cannot be written', async ({
	environment,
}) => {
	for (const args of [
		['reset', '1', '--yes'],
		['solve', '2', '--apply', '--yes'],
	]) {
		const home = mkdtempSync(join(folder, 'home-'));
		cpSync(homeOf(environment), home, { recursive: true });
		const { code, stderr } = await runSealed(home, ['--name', environment.name, ...args]);
		assert.is(code, 3, stderr);
		assert.match(stderr, /cannot be written.*KUBEPROCTOR_HOME/s);
	}
	assert.is((await environment.grade('--task', '1')).code, 0);
});

if (reasonWithoutTerminal === null) {
	test('a quiz whose terminal has come to its end is left, and the old score stays', async ({ environment }) => {
		await environment.run('quiz', '--answers', answers);
		const before = await keep(environment);
		const variables = Object.entries(environment.env).flatMap(([name, value]) =>
			name === 'CI' ? [] : [`${name}=${value}`],
		);
		const command = ['env', '-u', 'CI', ...variables, process.execPath, cli, '--name', environment.name, 'quiz'];
		const { code, raw } = await runOnTerminal(command.join(' '), 80, (text) =>
			text.includes('Your answer:') ? '\u0004' : null,
		);
		assert.is(code, 2, raw);
		assert.match(raw, 'The input came to its end before this was answered');
		assert.equal(await keep(environment), before);
	});
} else {
	test.skip('a quiz whose terminal has come to its end', reasonWithoutTerminal);
}

test.run();

/** What must not be lost: the learner's objects, the score and what was passed. */
async function keep(environment: EmbeddedEnvironment): Promise<unknown> {
	const objects = await environment.kubectl('get', 'secrets,pods', '-o', 'name');
	let learned: Learned | null = null;
	try {
		learned = JSON.parse(readFileSync(join(homeOf(environment), 'progress.json'), 'utf8')) as Learned;
	} catch {
		// Nothing has been kept yet.
	}
	return [objects, learned?.labs[lab]?.quiz ?? null, learned?.labs[lab]?.tasks ?? null];
}

/** As an account that may read `home` and not write it. */
async function runSealed(home: string, args: string[]): Promise<Ending> {
	const paths = [home, ...readdirSync(home, { recursive: true, encoding: 'utf8' }).map((name) => join(home, name))];
	for (const path of paths.toReversed()) {
		if (process.getuid?.() === 0) chownSync(path, nobody, nobody);
		chmodSync(path, statSync(path).isDirectory() ? 0o500 : 0o400);
	}
	chmodSync(folder, 0o755);
	try {
		return await runUnprivileged(process.execPath, [cli, ...args], { KUBEPROCTOR_HOME: home, CI: '1' });
	} finally {
		for (const path of paths) chmodSync(path, 0o700);
	}
}
