/** What was learnt is kept: by many at once, from a broken file, and where nothing can be written. */

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { longestPause, noteReport, noteWork, ProgressFile, taskOf } from '../../src/learning/progress.ts';
import type { Report } from '../../src/model/report.ts';
import type { Outcome } from '../../src/model/verdict.ts';
import { suite } from '../harness.ts';

const test = suite('learning/progress');
const folder = await mkdtemp(join(tmpdir(), 'kubeproctor-progress-'));
const begun = new Date('2026-11-27T10:00:00Z');
let home: string;
let count = 0;
let said: string[];
let file: ProgressFile;

test.before.each(() => {
	home = join(folder, `${++count}`);
	said = [];
	file = openFile();
});
test.after(() => rm(folder, { recursive: true }));

test('is empty where nothing was done, and makes nothing by being read', async () => {
	assert.equal(await file.read(), { schemaVersion: 1, labs: {} });
	assert.equal(await readdir(folder), []);
	assert.equal(said, []);
});

test('is kept for this account only, and read again', async () => {
	const fresh = await file.change((learned) => noteReport(learned, report({ one: 'pass', two: 'fail' }), begun));
	assert.equal(fresh, ['one']);
	assert.is((await stat(file.path)).mode & 0o777, 0o600);
	assert.is((await stat(home)).mode & 0o777, 0o700);
	const { labs } = await openFile().read();
	assert.equal(labs['lab']?.tasks['one'], { passedAt: begun.toISOString(), points: 10, hints: {} });
	assert.is(labs['lab']?.currentTask, 'two');
	assert.equal(await readdir(home), ['progress.json']);
});

test('a task passes for the first time once, and stays passed when it fails later', async () => {
	const later = new Date(begun.getTime() + 1000);
	await file.change((learned) => noteReport(learned, report({ one: 'pass' }), begun));
	const fresh = await file.change((learned) => noteReport(learned, report({ one: 'pass', two: 'pass' }), later));
	assert.equal(fresh, ['two']);
	await file.change((learned) => noteReport(learned, report({ one: 'fail', two: 'pass' }), later));
	const lab = (await file.read()).labs['lab'];
	assert.is(lab?.tasks['one']?.passedAt, begun.toISOString());
	assert.is(lab?.currentTask, 'one');
	await file.change((learned) => noteReport(learned, report({ one: 'pass', two: 'pass' }), later));
	assert.is((await file.read()).labs['lab']?.currentTask, null);
});

test('time is counted from deed to deed, but not over a long pause', async () => {
	const deeds = [0, 60_000, 90_000, 90_000 + longestPause + 1, 90_000 + longestPause + 2001];
	for (const offset of deeds) {
		await file.change((learned) => noteWork(learned, 'lab', new Date(begun.getTime() + offset)));
	}
	assert.is((await file.read()).labs['lab']?.seconds, 92);
});

test('changes at the same time lose nothing, within a process and between processes', async () => {
	const script = `
		import { noteWork, ProgressFile, taskOf } from './src/learning/progress.ts';
		const file = new ProgressFile(process.argv[1], (text) => { throw new Error(text); });
		for (let turn = 0; turn < 10; turn++)
			await file.change((learned) => taskOf(noteWork(learned, 'lab', new Date()), process.argv[2] + '-' + turn));`;
	const processes = ['a', 'b', 'c', 'd'].map((name) => {
		const args = ['--import', 'tsx', '--input-type=module', '-e', script, home, name];
		const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
		return new Promise((resolve) => child.on('close', resolve));
	});
	const here = Array.from({ length: 20 }, (_, turn) =>
		openFile().change((learned) => taskOf(noteWork(learned, 'lab', new Date()), `here-${turn}`)),
	);
	assert.equal(await Promise.all(processes), [0, 0, 0, 0]);
	await Promise.all(here);
	assert.is(Object.keys((await file.read()).labs['lab']?.tasks ?? {}).length, 60);
	assert.equal(await readdir(home), ['progress.json']);
	assert.equal(said, []);
});

test('a lock that a dead process left is taken over', async () => {
	await mkdir(home);
	await writeFile(`${file.path}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, began: '1' }));
	await file.change((learned) => noteWork(learned, 'lab', begun));
	assert.equal(Object.keys((await openFile().read()).labs), ['lab']);
});

for (const [what, text] of Object.entries({
	'torn text': '{"schemaVersion": 1, "labs": {"lab"',
	'another shape': '{"schemaVersion": 1, "labs": {"lab": {"seconds": "many"}}}',
	'no text at all': '',
})) {
	test(`${what} is put aside, told, and begun anew`, async () => {
		await mkdir(home);
		await writeFile(file.path, text);
		assert.equal((await file.read()).labs, {});
		const [aside = ''] = await readdir(home);
		assert.match(aside, /^progress\.broken-.*\.json$/);
		assert.is(await readFile(join(home, aside), 'utf8'), text);
		assert.is(said.length, 1);
		assert.match(said[0] ?? '', aside);
	});
}

test('what a newer version wrote is left alone', async () => {
	const text = '{"schemaVersion": 2, "labs": {}}';
	await mkdir(home);
	await writeFile(file.path, text);
	await file.change((learned) => noteWork(learned, 'lab', begun));
	assert.is(await readFile(file.path, 'utf8'), text);
	assert.match(said.join('\n'), 'newer kubeproctor');
});

test('where it cannot be written it is told once, and remembered until the end', async () => {
	await writeFile(home, 'a file where a folder should be');
	const here = new ProgressFile(join(home, 'below'), (text) => said.push(text));
	await here.change((learned) => noteWork(learned, 'lab', begun));
	await here.change((learned) => noteWork(learned, 'other', begun));
	assert.equal(Object.keys((await here.read()).labs), ['lab', 'other']);
	assert.is(said.length, 1);
	assert.match(said[0] ?? '', 'Set KUBEPROCTOR_HOME');
});

test.run();

function openFile(): ProgressFile {
	return new ProgressFile(home, (text) => said.push(text));
}

function report(outcomes: Record<string, Outcome>): Report {
	return {
		schemaVersion: 1,
		lab: { id: 'lab', title: 'A lab' },
		environment: { name: 'any', provider: 'embedded', kubernetesVersion: '1.35.4' },
		collectedAt: begun.toISOString(),
		score: { earned: 0, possible: 20, ungraded: 0 },
		tasks: Object.entries(outcomes).map(([id, outcome], index) => ({
			id,
			number: index + 1,
			title: id,
			outcome,
			score: { earned: outcome === 'pass' ? 10 : 0, possible: 10 },
			checks: [],
		})),
		notes: [],
	};
}
