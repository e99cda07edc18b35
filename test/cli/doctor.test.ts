/** `doctor` on machines that lack something: what it finds, what it says to do, and when that is exit 3. */

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import type { Precondition } from '../../src/model/precondition.ts';
import { adviseOn, detectPlatform } from '../../src/providers/platform.ts';
import { examineClock, examineNode, leastNode } from '../../src/providers/preconditions.ts';
import { findKubectl } from '../contracts/kubectl/find-kubectl.ts';
import { suite } from '../harness.ts';
import { findProgram } from '../terminal/talk.ts';
import { cli, type Ending, runCli, runUnprivileged } from './run-cli.ts';

interface Answer {
	isFit: boolean;
	providers: { embedded: boolean; kind: boolean };
	preconditions: Precondition[];
}

const test = suite<{ folder: string }>('doctor');

test.before((context) => {
	context.folder = mkdtempSync(path.join(tmpdir(), 'kubeproctor-doctor-'));
	mkdirSync(path.join(context.folder, 'empty'));
	mkdirSync(path.join(context.folder, 'kubectl'));
});
test.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** On a machine that has Node and, where it is wanted, kubectl. */
async function runBare(folder: string, env: Record<string, string> = {}, ...args: string[]): Promise<Ending> {
	return runCli(['doctor', ...args], { PATH: path.join(folder, 'empty'), ...env });
}

async function withKubectl(folder: string): Promise<string> {
	const link = path.join(folder, 'kubectl', 'kubectl');
	rmSync(link, { force: true });
	symlinkSync(await findKubectl(), link);
	return path.dirname(link);
}

function read({ stdout }: Ending): Answer & { find(id: string): Precondition } {
	const answer = JSON.parse(stdout) as Answer;
	const find = (id: string) => answer.preconditions.find((each) => each.id === id) as Precondition;
	return { ...answer, find };
}

test('with an empty PATH no lab can be done, and it is said how to get what is missing', async ({ folder }) => {
	const ending = await runBare(folder, {}, '-o', 'json');
	assert.equal([ending.code, ending.stderr], [3, '']);
	const { isFit, providers, find } = read(ending);
	assert.is(isFit, false);
	assert.equal(providers, { embedded: false, kind: false });
	for (const id of ['kubectl', 'kind', 'engine']) {
		assert.is(find(id).state, 'missing', id);
		assert.match(find(id).remedy ?? '', /https:|install/);
	}
	for (const id of ['system', 'node', 'home', 'loopback', 'clock']) assert.is(find(id).state, 'fine', id);
	assert.is(find('memory').state, 'unknown');
});

test('with kubectl alone labs can be done, on the embedded cluster', async ({ folder }) => {
	const PATH = await withKubectl(folder);
	const ending = await runBare(folder, { PATH }, '-o', 'json');
	assert.is(ending.code, 0);
	const { providers, find } = read(ending);
	assert.equal(providers, { embedded: true, kind: false });
	assert.match(find('kubectl').found, /^1\.\d+\./);
	const shown = await runBare(folder, { PATH });
	assert.is(shown.code, 0);
	assert.match(shown.stdout, /^✔ kubectl +1\.\d+/m);
	assert.match(shown.stdout, /^✘ Container engine +There is no container engine/m);
	assert.match(shown.stdout, /^– Memory +not looked at$/m);
	assert.match(shown.stdout, /on the embedded cluster: up --provider embedded\.\n$/);
	assert.ok(shown.stdout.split('\n').every((line) => line.length <= 80));
});

const docker = findProgram('docker');
const words = 'an engine that does not answer is told with its own words';
if (docker === undefined) test.skip(words, 'docker is not installed');
else
	test(words, async ({ folder }) => {
		const bin = path.join(folder, 'stopped');
		mkdirSync(bin);
		symlinkSync(docker, path.join(bin, 'docker'));
		const { find } = read(await runBare(folder, { PATH: bin, DOCKER_HOST: 'unix:///nowhere.sock' }, '-o', 'json'));
		assert.is(find('engine').state, 'missing');
		assert.match(find('engine').found, /^docker does not answer: .*unix:\/\/\/nowhere\.sock/);
	});

test('a home that cannot be written is exit 3, and nothing is left of the try', async ({ folder }) => {
	const PATH = await withKubectl(folder);
	const ending = await runBare(folder, { PATH, KUBEPROCTOR_HOME: '/dev/null/home' }, '-o', 'json');
	assert.is(ending.code, 3);
	assert.is(read(ending).find('home').state, 'missing');
	assert.match(read(ending).find('home').remedy ?? '', 'KUBEPROCTOR_HOME');

	const home = path.join(folder, 'home');
	mkdirSync(home);
	assert.is((await runBare(folder, { PATH, KUBEPROCTOR_HOME: home })).code, 0);
	assert.equal(readdirSync(home), []);
	const absent = path.join(folder, 'not/yet/there');
	assert.is((await runBare(folder, { PATH, KUBEPROCTOR_HOME: absent })).code, 0);
	assert.equal(readdirSync(folder).includes('not'), false);
});

test('a home of somebody else is exit 3', async ({ folder }) => {
	const PATH = await withKubectl(folder);
	const home = path.join(folder, 'of-root');
	mkdirSync(home);
	chmodSync(home, 0o500);
	chmodSync(folder, 0o755);
	const env = { KUBEPROCTOR_HOME: home, PATH: `${PATH}:${process.env['PATH']}` };
	const ending = await runUnprivileged(process.execPath, [cli, 'doctor', '-o', 'json'], env);
	assert.is(ending.code, 3, ending.stderr);
	assert.match(read(ending).find('home').found, 'EACCES');
});

test('a Node that is too old, and a clock that stands in the past', () => {
	assert.is(examineNode('20.19.0').problem, null);
	assert.is(examineNode('22.0.0').problem, null);
	for (const old of ['20.18.9', '18.20.8']) assert.match(examineNode(old).problem?.message ?? '', 'too old: 20.19');
	const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
	assert.is(engines.node, `>=${leastNode.join('.')}`);
	assert.is(examineClock(Date.now()).problem, null);
	assert.is(examineClock(0).problem?.code, 'clock-wrong');
});

test('what to do is said as the platform has it', () => {
	assert.is(detectPlatform('darwin', ''), 'macos');
	assert.is(detectPlatform('win32', ''), 'windows');
	assert.is(detectPlatform('linux', '5.15.167.4-microsoft-standard-WSL2'), 'wsl');
	assert.is(detectPlatform('linux', '6.1.0-42-amd64'), 'linux');
	const problem = (code: string) => ({ code, message: '', remedy: 'its own' });
	assert.is(adviseOn(problem('kubectl-absent'), 'macos'), 'brew install kubectl');
	assert.is(adviseOn(problem('kubectl-too-old'), 'windows'), 'winget install -e --id Kubernetes.kubectl');
	assert.match(adviseOn(problem('engine-not-running'), 'wsl'), 'WSL integration');
	assert.is(adviseOn(problem('engine-not-running'), 'linux'), 'sudo systemctl start docker');
	assert.is(adviseOn(problem('home-full'), 'linux'), 'its own');
	assert.is(adviseOn(problem('engine-broken'), 'linux'), 'its own');
});

test.run();
