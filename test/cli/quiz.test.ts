/** `quiz` as a learner takes it: at a terminal, and from a file. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Learned } from '../../src/learning/progress.ts';
import { suite } from '../harness.ts';
import { reasonWithoutTerminal, runOnTerminal } from '../terminal/pty.ts';
import { cli, runProgram } from './run-cli.ts';

const test = suite('quiz command');
const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-quiz-'));
const home = join(folder, 'home');
const labs = join(folder, 'labs');
const env = { KUBEPROCTOR_HOME: home, KUBEPROCTOR_LABS: labs };
const answers = join(folder, 'answers.yaml');
const quiz = `apiVersion: kubeproctor.dev/v1
kind: Quiz
metadata: { name: short }
spec:
  questions:
    - id: first
      ask: Which one?
      kind: single
      choices: { a: This one., b: That one. }
      answer: b
      explain: That one it is.
    - id: second
      ask: Which ones?
      kind: multiple
      choices: { a: Red., b: Green., c: Blue. }
      answer: [a, c]
      explain: Not the green one.
    - id: third
      ask: What is it called?
      kind: typed
      answer: [kubelet]
      explain: The kubelet does it.
`;

test.before(() => {
	const lab = join(labs, 'short');
	cpSync('labs/pulling-from-private-registries', lab, { recursive: true });
	writeFileSync(join(lab, 'quiz.yaml'), quiz);
});
test.after(() => rmSync(folder, { recursive: true }));

onTerminal('asks, explains, and asks the wrong ones again', async () => {
	const down = '\u001b[B';
	const keys: [prompt: string, keys: string][] = [
		['Your answer:', '\r'],
		['All that are right:', ` ${down}${down} \r`],
		['Your answer:', 'Kubelet\r'],
		['Once more the one that was wrong?', 'y\r'],
		['Your answer:', `${down}\r`],
	];
	let seen = 0;
	const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	const command = ['env', '-u', 'CI', ...variables, process.execPath, cli, 'quiz', 'short'].join(' ');
	const { code, raw } = await runOnTerminal(command, 80, (raw) => {
		const [prompt, pressed] = keys[0] ?? ['', ''];
		const at = prompt === '' ? -1 : raw.indexOf(prompt, seen);
		if (at === -1) return null;
		// What a prompt draws again once it is answered is no new one.
		seen = raw.length;
		keys.shift();
		return pressed;
	});
	assert.is(code, 0, raw);
	assert.equal(keys, []);
	assert.match(raw, /✘ Not right\..*It is b: /);
	assert.match(raw, 'Not the green one.');
	assert.match(raw, '2 of 3 right.');
	assert.match(raw, '1 of 1 right.');
	assert.equal([readKept()?.right, readKept()?.questions, readKept()?.wrong], [2, 3, ['first']]);
});

test('takes the answers from a file, and keeps the score', async () => {
	writeFileSync(answers, 'first: b\nsecond: [c, a]\nthird: kube-proxy\n');
	const { code, stdout } = await run('--answers', answers);
	assert.is(code, 1);
	assert.match(stdout, /✔ first\n.*\n\n✔ second\n.*\n\n✘ third\n/);
	assert.match(stdout, '2 of 3 right.');
	assert.equal(readKept()?.wrong, ['third']);
});

test('-o json has the score, and without answers the questions alone', async () => {
	writeFileSync(answers, '{"first": "b", "second": ["c", "a"], "third": "kubelet"}');
	const { code, stdout } = await run('--answers', answers, '-o', 'json');
	const result = JSON.parse(stdout) as { score: unknown; questions: { answers: string[] }[] };
	assert.equal([code, result.score], [0, { right: 3, questions: 3 }]);
	const asked = JSON.parse((await run('-o', 'json')).stdout) as { questions: Record<string, unknown>[] };
	assert.equal(Object.keys(asked.questions[0] ?? {}), ['id', 'ask', 'kind', 'choices']);
});

test('where nobody can be asked it says how else', async () => {
	const { code, stdout, stderr } = await run();
	assert.equal([code, stdout], [2, '']);
	assert.match(stderr, '--answers FILE');
});

for (const [what, text, says] of [
	['that is no YAML', 'first: [', 'must be YAML or JSON'],
	['that is empty', '', 'The answers are no map.'],
	['with a question that there is not', 'frist: b', 'Did you mean first?'],
] as const) {
	test(`a file ${what} is refused, and the score stays`, async () => {
		const before = readKept();
		writeFileSync(answers, text);
		const { code, stdout, stderr } = await run('--answers', answers);
		assert.equal([code, stdout], [2, '']);
		assert.match(stderr, says);
		assert.equal(readKept(), before);
	});
}

test.run();

function run(...args: string[]) {
	return runProgram(process.execPath, [cli, 'quiz', 'short', ...args], env);
}

function readKept() {
	return (JSON.parse(readFileSync(join(home, 'progress.json'), 'utf8')) as Learned).labs['short']?.quiz;
}

function onTerminal(name: string, body: () => Promise<void>): void {
	if (reasonWithoutTerminal === null) test(name, body);
	else test.skip(name, reasonWithoutTerminal);
}
