/** The scripts as files: each can be read, has been recorded, and is normalised as it should be. */

import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { normalise } from './normalise.ts';
import { parseScript } from './script.ts';
import { listGolden, loadScripts, readGolden } from './shelf.ts';
import { describeDifference, readTranscript, renderCommand, renderOutput, renderTranscript } from './transcript.ts';

const test = suite('the scripts of kubectl commands');
const scripts = loadScripts();

const surroundings = {
	namespace: 'lab-01301301',
	otherNamespace: 'other-13013013',
	nodes: ['lab-node'],
	server: 'https://127.0.0.1:6443',
	folder: '/tmp/contract-x',
};

test('there are at least sixty, and each has a golden transcript of its own commands', async () => {
	assert.ok(scripts.length >= 60, `${scripts.length}`);
	for (const { name, steps } of scripts) {
		const text = await readGolden(name);
		assert.ok(text !== null, `${name} was never recorded`);
		const entries = steps.flatMap((step) =>
			step.kind === 'command' ? [{ command: renderCommand('$', step.text), output: '', exceptions: [] }] : [],
		);
		assert.ok(readTranscript(text ?? '', entries), `${name}: the golden transcript is of another script`);
	}
});

test('no golden transcript is left without a script', () => {
	assert.equal(
		listGolden(),
		scripts.map(({ name }) => name),
	);
});

test('no golden transcript tells of something that was awaited in vain', async () => {
	for (const { name } of scripts) assert.not.match((await readGolden(name)) ?? '', '[not within');
});

test('a line that is neither a command nor a comment is reported with its place', () => {
	assert.throws(() => parseScript('x', '# about\n\nkubectl get pods\n'), /^x:3: neither/);
	assert.throws(() => parseScript('x', '> continued\n'), /^x:1: nothing to continue/);
	assert.throws(() => parseScript('x', 'except embedded:\n$ true\n'), /neither/);
});

test('commands go on over lines, and exceptions belong to the next step', () => {
	const script = parseScript(
		'x',
		"# about\n$ cat <<'END'\n> one\n>\n> END\nexcept embedded: why\n$ true\nstill\n& watch\nstop\n",
	);
	assert.equal(script.steps, [
		{ kind: 'command', text: "cat <<'END'\none\n\nEND", exceptions: [] },
		{ kind: 'command', text: 'true', exceptions: [{ cluster: 'embedded', reason: 'why' }] },
		{ kind: 'still' },
		{ kind: 'background', text: 'watch' },
		{ kind: 'stop', exceptions: [] },
	]);
});

test('an exception hides the output of its step on its cluster, and of no other', () => {
	const entries = [
		{ command: '$ one', output: 'a\n', exceptions: [{ cluster: 'embedded', reason: 'why' }] },
		{ command: '$ two', output: 'b\n', exceptions: [] },
	];
	assert.is(renderTranscript(entries, 'embedded'), '$ one\n[not compared: why]\n\n$ two\nb\n');
	assert.is(renderTranscript(entries, 'kind'), '$ one\na\n\n$ two\nb\n');
	assert.equal(readTranscript(renderTranscript(entries), entries), entries);
	assert.is(readTranscript('$ three\n', entries), null);
});

test('stderr and exit codes are part of an output', () => {
	assert.is(renderOutput('out', 'wrong\nworse\n', 1), 'out⏎\n2> wrong\n2> worse\n[exit 1]\n');
	assert.is(renderOutput('', '', 0), '');
});

const samples: [string, string, string][] = [
	['names', 'lab-01301301/p on lab-node', 'NAMESPACE/p on NODE'],
	['columns', 'NAME   READY   AGE', 'NAME  READY  AGE'],
	['indentation', '    uid: 1   2  ', '    uid: 1  2'],
	['ages', 'p   1/1   2 (30s ago)   5m3s', 'p  1/1  2 (AGE ago)  AGE'],
	['repeated events', '5s (x5 over 60s)  kubelet', 'AGE  kubelet'],
	['quantities, which are no ages', 'cpu: 250m', 'cpu: 250m'],
	['tolerations, which are no ages', 'op=Exists for 300s', 'op=Exists for 300s'],
	['names of Pods of a Deployment', 'web-55bcbdf986-hq8qg', 'web-HASH-xxxxx'],
	['names of ReplicaSets', 'replicaset.apps/web-55bcbdf986 created', 'replicaset.apps/web-HASH created'],
	['labels with the hash of a template', 'app=web,pod-template-hash=55bcbdf986', 'app=web,pod-template-hash=HASH'],
	['names that only look random', 'kube-root-ca.crt my-registry-creds', 'kube-root-ca.crt my-registry-creds'],
	['times', 'creationTimestamp: "2026-11-23T05:04:00Z"', 'creationTimestamp: "TIME"'],
	['versions of objects', '"resourceVersion":"123"', '"resourceVersion":"RV"'],
	['addresses', 'IP: 10.244.0.5', 'IP: IP'],
	['the server', 'running at https://127.0.0.1:6443', 'running at https://SERVER'],
	[
		'durations of a pull',
		'pulled image "a" in 55ms (1.2s including waiting). Image size: 12 bytes.',
		'pulled image "a" in DURATION (DURATION including waiting). Image size: SIZE bytes.',
	],
	[
		'where a registry is',
		'HEAD request to http://lab-registry:5000/v2/myapp',
		'HEAD request to http://REGISTRY/v2/myapp',
	],
];
for (const [what, given, wanted] of samples) {
	test(`normalises ${what}`, () => assert.is(normalise(given, surroundings), wanted));
}

test('a difference names the command and the lines', () => {
	const was = '$ one\na\n\n$ two\nb\n';
	assert.is(describeDifference(was, '$ one\na\n\n$ two\nc\n'), '$ two\n  - b\n  + c');
	assert.is(describeDifference(was, was), '');
});

test.run();
