/** The report as a person reads it. */

import * as assert from 'uvu/assert';
import type { Report, TaskReport } from '../../src/model/report.ts';
import type { Diagnosis } from '../../src/model/verdict.ts';
import { reporters } from '../../src/reporters/index.ts';
import { suite } from '../harness.ts';

const test = suite('text report');

const report: Report = {
	schemaVersion: 1,
	lab: { id: 'pulling', title: 'Pulling from private registries with imagePullSecrets' },
	environment: { name: 'kubeproctor', provider: 'kind', kubernetesVersion: '1.35.4' },
	collectedAt: '2026-01-01T00:00:00Z',
	score: { earned: 20, possible: 100, ungraded: 25 },
	tasks: [
		{
			id: 'one',
			number: 1,
			title: "Store the registry's credentials",
			outcome: 'pass',
			score: { earned: 20, possible: 20 },
			checks: [{ id: 'c', outcome: 'pass' }],
		},
		{
			id: 'two',
			number: 2,
			title: 'Pull with the Secret, from the Pod',
			outcome: 'fail',
			score: { earned: 0, possible: 30 },
			checks: [
				{
					id: 'c',
					outcome: 'fail',
					diagnosis: {
						reason: 'PullSecretMisspelt',
						message: 'There is no Secret my-registry-cred in namespace default, but there is my-registry-creds.',
						expected: 'my-registry-cred',
						actual:
							'my-registry-creds\nErrImagePull: pull access denied, repository does not exist or may require authorization',
						remedy:
							'Name my-registry-creds under spec.imagePullSecrets, then:\nkubectl replace --force -f private-pod.yaml',
						also: [
							{
								reason: 'PullPolicyOther',
								message: 'Container app has the pull policy Never; the task asks for Always.',
							},
						],
					},
				},
			],
		},
		{
			id: 'three',
			number: 3,
			title: 'See a pull refused',
			outcome: 'error',
			score: { earned: 0, possible: 25 },
			checks: [
				{
					id: 'c',
					outcome: 'error',
					diagnosis: { reason: 'NotObserved', message: 'It could not be looked at.', isError: true },
				},
			],
		},
		{
			id: 'four',
			number: 4,
			title: 'Let the ServiceAccount do it',
			outcome: 'skip',
			score: { earned: 0, possible: 25 },
			checks: [{ id: 'c', outcome: 'skip' }],
			waitsFor: ['two'],
		},
	],
	notes: ['The registry keeps no log that can be read here.'],
};

const golden = `Pulling from private registries with imagePullSecrets                   20 / 100

✔ 1  Store the registry's credentials                                    20 / 20
✘ 2  Pull with the Secret, from the Pod                                   0 / 30
     There is no Secret my-registry-cred in namespace default, but there is
     my-registry-creds.
       expected  my-registry-cred
       found     my-registry-creds
                 ErrImagePull: pull access denied, repository does not exist or
                 may require authorization
                                                              PullSecretMisspelt
     Besides: Container app has the pull policy Never; the task asks for Always.
     Name my-registry-creds under spec.imagePullSecrets, then:
       kubectl replace --force -f private-pod.yaml
? 3  See a pull refused                                          not graded / 25
     It could not be looked at.
                                                                     NotObserved
– 4  Let the ServiceAccount do it                                 not begun / 25
     Do two first.

2 of 4 to do. 1 could not be graded. 25 points are neither earned nor lost.
The registry keeps no log that can be read here.`;

test('fits 80 columns', () => assert.is(reporters.text(report, { width: 80, isColoured: false }), golden));

test('a task alone keeps the number that it has in the lab', () => {
	const alone = (index: number) => {
		const tasks = report.tasks.slice(index, index + 1);
		return reporters.text({ ...report, tasks, notes: [] }, { width: 80, isColoured: false }).split('\n');
	};
	assert.match(alone(0)[2] ?? '', /^✔ 1 {2}Store/);
	assert.match(alone(0).at(-1) ?? '', /^Task 1 is done\./);
	assert.match(alone(1)[2] ?? '', /^✘ 2 {2}Pull/);
	assert.match(alone(1).at(-1) ?? '', /^Task 2 is to do\./);
	assert.match(alone(2).at(-1) ?? '', /^Task 3 could not be graded\./);
	assert.match(alone(3).at(-1) ?? '', /^Task 4 is to do\./);
});

test('no line is wider than a narrow terminal, but for what is to be copied', () => {
	for (const line of reporters.text(report, { width: 40, isColoured: false }).split('\n')) {
		assert.ok([...line].length <= 40 || line.includes('kubectl'), line);
	}
});

test('colour changes nothing but colour', () => {
	const coloured = reporters.text(report, { width: 80, isColoured: true });
	assert.not.equal(coloured, golden);
	assert.is(coloured.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), ''), golden);
});

test('a command that is proposed names the environment where one was named', () => {
	const write = (name?: string) => {
		const diagnosis: Diagnosis = {
			reason: 'PullNotRefused',
			message: 'It runs.',
			remedy: 'Begin afresh:\nkubeproctor up',
		};
		const task = { id: 'one', number: 1, title: 'One', outcome: 'fail', score: { earned: 0, possible: 1 } } as const;
		const tasks: TaskReport[] = [{ ...task, checks: [{ id: 'c', outcome: 'fail', diagnosis }] }];
		return reporters.text({ ...report, tasks }, { width: 80, isColoured: false, name });
	};
	assert.match(write('shop'), '\n       kubeproctor --name shop up\n');
	assert.match(write(), '\n       kubeproctor up\n');
});

test('all done is said in one line', () => {
	const tasks = report.tasks.slice(0, 1);
	const text = reporters.text(
		{ ...report, tasks, notes: [], score: { earned: 20, possible: 20, ungraded: 0 } },
		{ width: 80, isColoured: false },
	);
	assert.match(text, /\nTask 1 is done\.$/);
});

test('the JSON report is the report', () => {
	assert.equal(JSON.parse(reporters.json(report)), report);
});

test.run();
