/** What holds of every report, whatever was graded and however wide the terminal is. */

import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type Reason, reasons } from '../../src/model/reason.ts';
import type { Report, TaskReport } from '../../src/model/report.ts';
import type { Diagnosis, Outcome, Verdict } from '../../src/model/verdict.ts';
import { reporters } from '../../src/reporters/index.ts';
import { listTasks, listTasksBriefly, writeTask } from '../../src/reporters/task-list.ts';
import { suite } from '../harness.ts';

const test = suite('properties of reporters', { timeout: 60 });
const runs = { numRuns: 200 };

/** Prose, quotations, paths, whatever a stranger's object or registry may hold. */
const text = fc.oneof(
	fc.lorem({ maxCount: 30 }),
	fc.string({ unit: 'binary', maxLength: 120 }),
	fc.stringMatching(/^[a-z/.:@-]{0,150}$/),
	fc.constantFrom(
		'',
		' ',
		'\n',
		'kubectl get pods',
		'\u001b[2J\u001b]0;title\u0007',
		'✔ 1  Done',
		'<b>&amp;</b>',
		'"a,b"',
	),
);
const lines = fc.array(text, { maxLength: 4 }).map((each) => each.join('\n'));
const reason = fc.constantFrom(...(Object.keys(reasons) as Reason[]));
const outcome = fc.constantFrom<Outcome>('pass', 'fail', 'error', 'skip');
const points = fc.nat(1000);
const { diagnosis } = fc.letrec<{ diagnosis: Diagnosis }>((tie) => ({
	diagnosis: fc.record(
		{
			reason,
			message: text,
			expected: lines,
			actual: lines,
			remedy: lines,
			also: fc.array(tie('diagnosis'), { maxLength: 2, depthIdentifier: 'also' }),
			isError: fc.constant<true>(true),
		},
		{ requiredKeys: ['reason', 'message'] },
	),
}));
const verdict: fc.Arbitrary<Verdict> = fc.record(
	{ id: text, outcome, diagnosis, notes: fc.array(text, { maxLength: 2 }) },
	{ requiredKeys: ['id', 'outcome'] },
);
const task: fc.Arbitrary<TaskReport> = fc.record(
	{
		id: text,
		number: fc.integer({ min: 1, max: 99 }),
		title: text,
		outcome,
		score: fc.record({ earned: points, possible: points }),
		checks: fc.array(verdict, { maxLength: 3 }),
		waitsFor: fc.array(text, { maxLength: 3 }),
	},
	{ requiredKeys: ['id', 'number', 'title', 'outcome', 'score', 'checks'] },
);
const report: fc.Arbitrary<Report> = fc.record({
	schemaVersion: fc.constant<1>(1),
	lab: fc.record({ id: text, title: text }),
	environment: fc.record({
		name: text,
		provider: fc.constantFrom('kind' as const, 'existing' as const, 'embedded' as const),
		kubernetesVersion: text,
	}),
	collectedAt: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
	score: fc.record({ earned: points, possible: points, ungraded: points }),
	tasks: fc.array(task, { maxLength: 5 }),
	notes: fc.array(text, { maxLength: 3 }),
});
const options = fc.record({ width: fc.integer({ min: 40, max: 200 }), isColoured: fc.boolean() });

for (const [name, write] of Object.entries(reporters)) {
	test(`${name} writes any report, the same one each time, and leaves it as it was`, () => {
		const property = fc.property(report, options, (each, how) => {
			const before = JSON.stringify(each);
			const written = write(each, how);
			assert.type(written, 'string');
			assert.is(write(each, how), written);
			assert.is(JSON.stringify(each), before);
		});
		fc.assert(property, runs);
	});
}

test('text keeps within the width, but for commands and for what has no blank to break at', () => {
	const property = fc.property(report, options, (each, how) => {
		for (const line of plain(reporters.text(each, how)).split('\n')) {
			const isCommand = /^ {7}(kubectl|kubeproctor| {2}--)/.test(line);
			const word = line.replace(/^ {7}(expected|found) +/, '').trim();
			assert.ok([...line].length <= how.width || isCommand || !word.includes(' '), `${how.width}: ${line}`);
		}
	});
	fc.assert(property, runs);
});

test('text steers no terminal, whatever somebody wrote into an object', () => {
	const property = fc.property(report, options, (each, how) => {
		const controls = /[^\n\P{Cc}]/u.exec(plain(reporters.text(each, how)));
		assert.is(controls, null, JSON.stringify(controls?.[0]));
	});
	fc.assert(property, runs);
});

test('nor does a list of tasks', () => {
	const property = fc.property(report, options, (each, how) => {
		const lines = [
			...[...listTasks(each, how, () => true), ...listTasksBriefly(each, how, () => true)],
			...each.tasks.map(writeTask),
		];
		for (const line of lines) {
			const controls = /\p{Cc}/u.exec(plain(line));
			assert.is(controls, null, JSON.stringify(controls?.[0]));
		}
	});
	fc.assert(property, runs);
});

test('text says every message, and of every task how it went', () => {
	const word = fc.stringMatching(/^[a-z]{1,12}$/);
	const plainTask = fc.record({
		...{ id: word, number: points, title: word, outcome, score: fc.record({ earned: points, possible: points }) },
		checks: fc.array(
			fc.record({ id: word, outcome, diagnosis: fc.record({ reason, message: word, actual: word, remedy: word }) }),
			{ maxLength: 3 },
		),
	});
	const property = fc.property(report, fc.array(plainTask, { maxLength: 5 }), options, (each, tasks, how) => {
		const written = plain(reporters.text({ ...each, tasks }, how)).split(/\s+/);
		for (const { title, checks } of tasks) {
			const said = checks.flatMap(({ diagnosis: each }) => [each.reason, each.message, each.actual, each.remedy]);
			for (const expected of [title, ...said]) assert.ok(written.includes(expected), expected);
		}
	});
	fc.assert(property, runs);
});

test('json reads back as what was reported', () => {
	const property = fc.property(report, (each) => {
		assert.equal(JSON.parse(reporters.json(each)), JSON.parse(JSON.stringify(each)));
	});
	fc.assert(property, runs);
});

test.run();

/** Without the colours that are ours. */
function plain(text: string): string {
	return text.replaceAll(/\u001b\[(\d+)m/g, (sequence, code) =>
		/^(0|1|2|22|31|32|33|39)$/.test(code) ? '' : sequence,
	);
}
