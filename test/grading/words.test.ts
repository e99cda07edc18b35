/** What grading says itself, word for word, and how it adds up: on labs and evidence made by hand. */

import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import {
	checkEvidence,
	gradeEvidence,
	judgeLab,
	parseEvidence,
	readEvidence,
	saveEvidence,
	selectTasks,
} from '../../src/grading/index.ts';
import { keyOf, kindOf, planQueries } from '../../src/grading/plan.ts';
import type { AnyCheck } from '../../src/model/check.ts';
import { LabError, UsageError } from '../../src/model/error.ts';
import type { Evidence, Observation, Query } from '../../src/model/evidence.ts';
import type { Diagnosis } from '../../src/model/verdict.ts';
import { suite } from '../harness.ts';
import { labOf, taskOf, zeros } from './made-lab.ts';

const test = suite('words of grading');

const query: Query = { kind: 'pull-log', registry: 'a' };
const seen: Observation = { ok: true, value: { log: null } };

function checkOf(diagnosis: Diagnosis | null, notes: string[] = [], id = 'check'): AnyCheck {
	return { id, kind: 'made-up', params: {}, needs: () => ({ log: query }), judge: () => diagnosis, note: () => notes };
}

function evidenceOf(observations: Evidence['observations'] = { [keyOf(query)]: seen }): Evidence {
	return {
		schemaVersion: 1,
		lab: { id: 'lab', digest: zeros },
		environment: { name: 'env', provider: 'kind', kubernetesVersion: '1.35.4' },
		collectedAt: '2026-01-01T00:00:00.000Z',
		...{ digests: {}, registries: [], hosts: {}, namespaces: {}, observations },
	};
}

const wrong: Diagnosis = { reason: 'PodMissing', message: 'It is not there.' };
const untold: Diagnosis = { reason: 'NotObserved', message: 'Nobody knows.', isError: true };

test('a report has all that was judged, and of whom', () => {
	const lab = labOf(taskOf('one', [checkOf(null, ['by the way'])]), taskOf('two', [checkOf(wrong)]));
	assert.equal(judgeLab(lab, evidenceOf()), {
		schemaVersion: 1,
		lab: { id: 'lab', title: 'A lab' },
		environment: { name: 'env', provider: 'kind', kubernetesVersion: '1.35.4' },
		collectedAt: '2026-01-01T00:00:00.000Z',
		score: { earned: 10, possible: 20, ungraded: 0 },
		tasks: [
			{
				id: 'one',
				number: 1,
				title: 'Task one',
				outcome: 'pass',
				score: { earned: 10, possible: 10 },
				checks: [{ id: 'check', outcome: 'pass', notes: ['by the way'] }],
			},
			{
				id: 'two',
				number: 2,
				title: 'Task two',
				outcome: 'fail',
				score: { earned: 0, possible: 10 },
				checks: [{ id: 'check', outcome: 'fail', diagnosis: wrong }],
			},
		],
		notes: ['by the way'],
	});
});

test('a task that is reported alone has its number all the same', () => {
	const lab = labOf(taskOf('one', [checkOf(null)]), taskOf('two', [checkOf(wrong)]));
	const { tasks } = judgeLab(lab, evidenceOf(), lab.tasks, lab.tasks.slice(1));
	assert.equal(
		tasks.map(({ id, number }) => [id, number]),
		[['two', 2]],
	);
});

test('the worst of its checks is a task: wrong before untold before undone', () => {
	const outcome = (...diagnoses: (Diagnosis | null)[]) =>
		judgeLab(
			labOf(
				taskOf(
					'one',
					diagnoses.map((each) => checkOf(each)),
				),
			),
			evidenceOf(),
		).tasks[0]?.outcome;
	assert.is(outcome(null, null), 'pass');
	assert.is(outcome(null, untold), 'error');
	assert.is(outcome(untold, wrong, null), 'fail');
	assert.is(outcome(wrong), 'fail');
});

test('a task waits for those it needs, and its points are open where they could not be told', () => {
	const judge = (first: Diagnosis | null, second: Diagnosis | null) =>
		judgeLab(
			labOf(
				...[taskOf('one', [checkOf(first)]), taskOf('other', [checkOf(second)])],
				taskOf('two', [checkOf(null)], { needs: ['one', 'other'] }),
				taskOf('three', [checkOf(null)], { needs: ['two'] }),
			),
			evidenceOf(),
		);
	const wrongFirst = judge(wrong, null);
	assert.equal(wrongFirst.tasks[2], {
		...{ id: 'two', number: 3, title: 'Task two', outcome: 'skip', score: { earned: 0, possible: 10 } },
		checks: [{ id: 'check', outcome: 'skip' }],
		waitsFor: ['one'],
	});
	assert.equal(wrongFirst.tasks[3]?.waitsFor, ['two']);
	assert.equal(wrongFirst.score, { earned: 10, possible: 40, ungraded: 0 });
	assert.equal(judge(untold, null).score, { earned: 10, possible: 40, ungraded: 30 });
	assert.equal(judge(untold, wrong).score, { earned: 0, possible: 40, ungraded: 10 });
	assert.equal(judge(null, null).score, { earned: 40, possible: 40, ungraded: 0 });
	assert.equal(judge(null, null).tasks[2], {
		...{ id: 'two', number: 3, title: 'Task two', outcome: 'pass', score: { earned: 10, possible: 10 } },
		checks: [{ id: 'check', outcome: 'pass' }],
	});
});

test('a task waits as well for one that nobody judged, and then its points are lost', () => {
	const two = taskOf('two', [checkOf(null)], { needs: ['one'] });
	const report = judgeLab(labOf(taskOf('one', [checkOf(null)]), two), evidenceOf(), [two]);
	assert.equal(report.tasks[0]?.waitsFor, ['one']);
	assert.equal(report.score, { earned: 0, possible: 10, ungraded: 0 });
});

test('each note is told once, in the order of the tasks that are shown', () => {
	const one = taskOf('one', [checkOf(null, ['a', 'b'])]);
	const two = taskOf('two', [checkOf(null, ['b', 'c'])]);
	const lab = labOf(one, two);
	assert.equal(judgeLab(lab, evidenceOf()).notes, ['a', 'b', 'c']);
	assert.equal(judgeLab(lab, evidenceOf(), [one, two], [two]).notes, ['b', 'c']);
	assert.equal(judgeLab(lab, evidenceOf(), [one, two], [two]).score, { earned: 10, possible: 10, ungraded: 0 });
	assert.equal(
		judgeLab(lab, evidenceOf(), [one]).tasks.map(({ id }) => id),
		['one'],
	);
});

test('what nobody looked at, and what could not be looked at, is an error', () => {
	const judge = (observations: Evidence['observations']) =>
		judgeLab(labOf(taskOf('one', [checkOf(null)])), evidenceOf(observations)).tasks[0]?.checks[0];
	const error = {
		reason: 'NotObserved',
		message: 'It could not be looked at: kind=pull-log registry=a.',
		isError: true,
	};
	assert.equal(judge({}), {
		...{ id: 'check', outcome: 'error' },
		diagnosis: { ...error, actual: 'The evidence does not hold it.', remedy: 'Grade the live cluster.' },
	});
	const blind: Observation = { ok: false, code: 'forbidden', message: 'no', remedy: 'Ask.' };
	assert.equal(judge({ [keyOf(query)]: blind }), {
		...{ id: 'check', outcome: 'error', diagnosis: { ...error, actual: 'no', remedy: 'Ask.' } },
	});
});

test('a query has one key, whatever the order in which it is written', () => {
	const key = 'kind=pull-secret name=n namespace=a registry=r';
	assert.is(keyOf({ kind: 'pull-secret', namespace: 'a', name: 'n', registry: 'r' }), key);
	assert.is(keyOf({ registry: 'r', name: 'n', namespace: 'a', kind: 'pull-secret' }), key);
	assert.is(kindOf(key), 'pull-secret');
	assert.equal(['', 'kind', 'x kind=pull', ' kind=pull', 'kind= x'].map(kindOf), ['', '', '', '', '']);
	const tasks = [taskOf('one', [checkOf(null), checkOf(wrong)]), taskOf('two', [checkOf(null)])];
	assert.equal([...planQueries(tasks)], [[keyOf(query), query]]);
});

test('a task is chosen by its id or its number, with all that it needs, in the order of the lab', () => {
	const lab = labOf(
		...[taskOf('first', []), taskOf('second', [], { needs: ['first'] }), taskOf('third', [])],
		...[taskOf('fourth', [], { needs: ['second'] }), taskOf('12', [])],
	);
	const chosen = (id: string) => selectTasks(lab, id).map((task) => task.id);
	assert.equal(chosen('fourth'), ['first', 'second', 'fourth']);
	assert.equal(chosen('4'), ['first', 'second', 'fourth']);
	assert.equal(chosen('1'), ['first']);
	assert.equal(chosen('third'), ['third']);
	assert.equal(chosen('12'), ['12']);
	const long = labOf(...Array.from({ length: 12 }, (_, index) => taskOf(`task-${index}`, [])));
	assert.equal(
		selectTasks(long, '12').map((task) => task.id),
		['task-11'],
	);
	refuse('thrid', 'Did you mean third?');
	refuse('0', 'There are: first, second, third, fourth, 12.');
	refuse('6', 'There are: first, second, third, fourth, 12.');
	refuse('1x', 'Did you mean 12?');

	function refuse(id: string, remedy: string): void {
		assert.throws(
			() => selectTasks(lab, id),
			(error: UsageError) => {
				assert.instance(error, UsageError);
				assert.is(error.message, `The lab lab has no task ${id}.`);
				assert.is(error.remedy, remedy);
				return true;
			},
		);
	}
});

test('evidence of another lab, or of a changed one, is refused in so many words', () => {
	const lab = labOf(taskOf('one', [checkOf(null)]));
	const said = (evidence: Evidence, mayHaveChanged?: boolean) => {
		try {
			checkEvidence(evidence, lab, mayHaveChanged);
			return null;
		} catch (error) {
			assert.instance(error, UsageError);
			return [(error as UsageError).message, (error as UsageError).remedy];
		}
	};
	const changed = { ...evidenceOf(), lab: { id: 'lab', digest: zeros.replace('0', '1') } };
	assert.is(said(evidenceOf()), null);
	assert.is(said(changed, true), null);
	assert.equal(said(changed), [
		'The lab lab is not the one that the evidence was collected for: its files have changed since.',
		'Grade the live cluster, or use the lab as it was; --allow-changed-lab judges it by the lab as it is.',
	]);
	assert.is(
		said({ ...changed, lab: { id: 'x', digest: zeros } }, true)?.[0],
		'The evidence is of the lab x, not of lab.',
	);
	assert.equal(gradeEvidence(lab, evidenceOf()).notes, []);
	assert.equal(gradeEvidence(lab, changed, { mayHaveChanged: true }).notes, [
		'The lab has changed since this evidence was collected.',
	]);
});

test('what is no evidence is refused in so many words', async () => {
	const said = (text: string) => {
		try {
			parseEvidence(text, 'f');
			return null;
		} catch (error) {
			assert.instance(error, UsageError);
			return (error as UsageError).message;
		}
	};
	const text = (change: object) => JSON.stringify({ ...evidenceOf(), ...change });
	assert.is(said(text({})), null);
	const blind: Observation = { ok: false, code: 'forbidden', message: 'no', remedy: 'Ask.' };
	assert.is(said(text({ observations: { [keyOf(query)]: blind } })), null);
	assert.match(said('{') ?? '', /^f cannot be read as evidence: .*JSON/);
	assert.match(said('7') ?? '', /^f is not evidence of this program: the whole: /);
	assert.match(
		said(text({ lab: { id: 'lab', digest: 'x' } })) ?? '',
		/: lab › digest: must be sha256: and 64 hexadecimal digits$/,
	);
	assert.match(said(text({ observations: { 'kind=x': seen } })) ?? '', /: observations › kind=x: unknown kind$/);
	assert.match(
		said(text({ observations: { [keyOf(query)]: { ok: true, value: {} } } })) ?? '',
		/observations › kind=pull-log registry=a › value › log: /,
	);
	assert.is(said(text({ schemaVersion: 2 })), 'f is evidence of version 2; this program reads version 1.');
	assert.match(said(text({ schemaVersion: '1' })) ?? '', /^f is not evidence of this program: schemaVersion: /);
	assert.match(
		said(text({ observations: { 'kind=x\n\t y': seen } })) ?? '',
		/: observations › kind=x y: unknown kind$/,
		'in one line',
	);
	const long = said(text({ ['x'.repeat(900)]: 1 })) ?? '';
	assert.is(long.length, 400);
	try {
		parseEvidence(text({ schemaVersion: 2 }), 'f');
	} catch (error) {
		assert.is((error as UsageError).remedy, 'Judge it with the program that collected it, or collect it again.');
	}
});

test('evidence is written whole and for one account only, or not at all', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'evidence-words-'));
	try {
		const file = join(folder, 'e.json');
		await saveEvidence(file, evidenceOf());
		assert.is((await stat(file)).mode & 0o777, 0o600);
		assert.equal(await readdir(folder), ['e.json']);
		assert.equal(await readEvidence(file), evidenceOf());
		const nowhere = join(folder, 'no/such/e.json');
		const failed = await saveEvidence(nowhere, evidenceOf()).catch((error: unknown) => error);
		assert.instance(failed, LabError);
		const { code, message, remedy } = failed as LabError;
		assert.is(code, 'file-not-written');
		assert.match(message, new RegExp(`^The evidence could not be written to ${nowhere}: .*ENOENT`));
		assert.is(remedy, 'Name a file in a folder that exists and has room.');
		assert.ok((failed as LabError).cause);

		const large = join(folder, 'large.json');
		await writeFile(large, '');
		await truncate(large, 64 * 1024 * 1024 + 1);
		for (const [path, says] of [
			[large, 'it is larger than 64 MiB'],
			[folder, 'it is not a file'],
			[nowhere, 'ENOENT'],
		] as const) {
			const refused = await readEvidence(path).catch((error: unknown) => error);
			assert.instance(refused, UsageError);
			assert.match((refused as UsageError).message, new RegExp(`^${path} cannot be read as evidence: .*${says}`));
		}
		await truncate(large, 64 * 1024 * 1024);
		const full = await readEvidence(large).catch((error: unknown) => error);
		assert.not.match((full as UsageError).message, 'larger');
	} finally {
		await rm(folder, { recursive: true });
	}
});

test.run();
