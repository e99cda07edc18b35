/** `next` on an embedded environment: what it says and how it ends, however far a learner is. */

import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { type EmbeddedEnvironment, openEmbedded, planEnvironment } from './environment.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('next', { timeout: 120 });
const lab = 'pulling-from-private-registries';

test.before(async (context) => {
	context.environment = await openEmbedded('going-on');
});
test.after(({ environment }) => environment?.close());

test('nothing done: the first task, with what the lesson says about it', async ({ environment }) => {
	const { code, stdout } = await environment.run('next');
	assert.is(code, 0);
	assert.match(stdout, /^Task 1: Store the registry's credentials\n─+\n/);
	assert.match(
		stdout,
		/\nNext is task 1: Store .*\nkubeproctor --name \S+ hint 1 helps;\skubeproctor\s--name\s\S+\snext\sgoes\son\.\n$/,
	);
	assert.not.match(stdout, 'New:');
});

test('a task is praised once, and the one after it comes next', async ({ environment }) => {
	await environment.kubectl('apply', '-f', `labs/${lab}/solution/store-credentials`);
	const first = await environment.run('next');
	assert.is(first.code, 0);
	assert.match(first.stdout, /^✔ 1 {2}Store the registry's credentials\nNew: 20 points\. 1 of 4 tasks are done\.\n\n/);
	assert.match(first.stdout, /\nNext is task 2: Pull with the Secret, from the Pod\n/);
	const again = await environment.run('next');
	assert.is(again.code, 0);
	assert.not.match(again.stdout, /✔|New:/);
	assert.match(again.stdout, /\nNext is task 2: /);
});

test('a task that is done out of turn counts, and the first that is not done comes next', async ({ environment }) => {
	await environment.kubectl('apply', '-f', `labs/${lab}/solution/see-it-refused`);
	const { code, stdout } = await environment.run('next');
	assert.is(code, 0);
	assert.match(stdout, /^✔ 3 {2}See a pull refused\nNew: 25 points\. 2 of 4 tasks are done\.\n/);
	assert.match(stdout, /\nNext is task 2: /);
});

test('all done: the quiz, and the lab after this one', async ({ environment }) => {
	for (const task of ['2', '4']) assert.is((await environment.run('solve', task, '--apply', '--yes')).code, 0);
	const { code, stdout } = await environment.run('next');
	assert.is(code, 0);
	assert.is(
		stdout,
		[
			'\nAll 4 tasks are done.',
			`kubeproctor --name going-on quiz ${lab} asks what you`,
			'remember.',
			'kubeproctor --name going-on up image-pull-policy begins the lab after this one.\n',
		].join('\n'),
	);
});

// After all others: a Pod that is pulled for meanwhile is not tried again at once.
test('what cannot be told is the machine, not the learner', async ({ environment }) => {
	await environment.acts.stopRegistry('registry.example.com');
	try {
		const { code, stdout } = await environment.run('next');
		assert.is(code, 3);
		assert.match(stdout, /\nTask \d could not be graded\. kubeproctor --name \S+ grade\stells why\.\n$/);
	} finally {
		await environment.acts.bringBack('registry.example.com');
	}
});

test('nothing set up is told, with what to do', async () => {
	const nowhere = planEnvironment('nowhere');
	const { code, stdout, stderr } = await nowhere.run('next');
	await nowhere.close();
	assert.equal([code, stdout], [3, '']);
	assert.match(stderr, /There is no environment nowhere\..*exit 3\n.*kubeproctor --name nowhere up makes it\./s);
});

test.run();
