/** The next hint fits the present mistake, gives the answer last, and is not given twice unless asked for. */

import { readdirSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { loadLab } from '../../src/lab/index.ts';
import { chooseHint, type Hint, listHints, readHint, readRemedy } from '../../src/learning/hint.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { suite } from '../harness.ts';

const test = suite('learning/hint');
const task = { hints: ['Look there.', 'Closer.', 'All of it:\n```sh\nkubectl apply -f all.yaml\n```'] };
const misspelt: Verdict = {
	id: 'pod',
	outcome: 'fail',
	diagnosis: {
		reason: 'PullSecretMisspelt',
		message: 'There is no Secret a, but there is b.',
		remedy: 'Name b, then:\nkubectl replace --force -f pod.yaml',
	},
};
const missing: Verdict = {
	id: 'pod',
	outcome: 'fail',
	diagnosis: { reason: 'PodMissing', message: 'There is no Pod.', remedy: 'Create it.' },
};

/** Texts in the order in which somebody who asks again and again is shown them. */
function ask(hints: readonly Hint[], shown: Record<string, number>, times: number): string[] {
	return Array.from({ length: times }, () => {
		const hint = chooseHint(hints, shown, false);
		if (hint === null) return 'none';
		shown[hint.about] = Math.max(shown[hint.about] ?? 0, hint.step);
		return `${hint.number}/${hint.of} ${hint.blocks[0]?.text}`;
	});
}

test('the present mistake comes first: what is so, what to do, how; then the hints of the task, in order', () => {
	const hints = listHints(task, { checks: [misspelt] });
	assert.equal(ask(hints, {}, 7), [
		'1/6 There is no Secret a, but there is b.',
		'2/6 Name b.',
		'3/6 Name b, then:',
		'4/6 Look there.',
		'5/6 Closer.',
		'6/6 All of it:',
		'6/6 All of it:',
	]);
	assert.equal(
		hints.map(({ blocks }) => blocks.some(({ kind }) => kind === 'commands')),
		[false, false, true, false, false, true],
	);
});

test('in words alone nothing goes on after a command that is left out', () => {
	const remedy = 'Make the Pod anew:\nkubectl delete pod a\nand create it as before.';
	const again = { ...misspelt, diagnosis: { ...misspelt.diagnosis, remedy } } as Verdict;
	const texts = listHints({ hints: [] }, { checks: [again] }).map(({ blocks }) => blocks.map(({ text }) => text));
	assert.equal(texts.slice(1), [
		['Make the Pod anew.'],
		['Make the Pod anew:', 'kubectl delete pod a', 'and create it as before.'],
	]);
});

test('where nothing is begun the hints of the task come first, and nothing after the answer', () => {
	const hints = listHints(task, { checks: [missing] });
	assert.equal(
		hints.map(({ reason }) => reason),
		[null, null, null],
	);
	const near = { ...missing, diagnosis: { ...missing.diagnosis, actual: 'default/podd' } } as Verdict;
	assert.is(listHints(task, { checks: [near] })[0]?.reason, 'PodMissing');
	assert.is(listHints({ hints: [] }, { checks: [missing] })[0]?.reason, 'PodMissing');
});

test('a new mistake is spoken of first, and then it goes on where it was', () => {
	const shown = {};
	ask(listHints(task, { checks: [missing] }), shown, 2);
	assert.equal(ask(listHints(task, { checks: [misspelt] }), shown, 4), [
		'1/6 There is no Secret a, but there is b.',
		'2/6 Name b.',
		'3/6 Name b, then:',
		'6/6 All of it:',
	]);
});

test('once more is the last one, and the first where none was shown', () => {
	const hints = listHints(task, { checks: [misspelt] });
	assert.equal([chooseHint(hints, {}, true)?.number, chooseHint(hints, {}, true)?.isAgain], [1, false]);
	const again = chooseHint(hints, { 'pod PullSecretMisspelt': 2 }, true);
	assert.equal([again?.number, again?.isAgain], [2, true]);
	assert.is(chooseHint([], {}, false), null);
});

test('a remedy is prose and commands, each whole', () => {
	assert.equal(readRemedy('Make it:\nkubectl create x \\\n  --flag\nkubectl get x\n(That is all.)'), [
		{ kind: 'prose', text: 'Make it:' },
		{ kind: 'commands', text: 'kubectl create x \\\n  --flag\nkubectl get x' },
		{ kind: 'prose', text: '(That is all.)' },
	]);
});

test('a hint is paragraphs and fenced blocks, of which those of sh are commands', () => {
	assert.equal(readHint('One\nline.\n\nTwo:\n```yaml\na: 1\n```\nThen:\n```sh\nkubectl a\nkubectl b\n```\nDone.'), [
		{ kind: 'prose', text: 'One line.' },
		{ kind: 'prose', text: 'Two:' },
		{ kind: 'code', text: 'a: 1' },
		{ kind: 'prose', text: 'Then:' },
		{ kind: 'commands', text: 'kubectl a\nkubectl b' },
		{ kind: 'prose', text: 'Done.' },
	]);
});

for (const id of readdirSync('labs')) {
	test(`${id}: only the last hint of a task has commands that do it, earlier ones look at most`, async () => {
		for (const { id: taskId, hints } of (await loadLab(id)).tasks) {
			const early = hints.slice(0, -1).flatMap(readHint);
			const looks = /^(kubectl( -n [a-z]+)? (get|explain) |kubeproctor credentials )[^\n]*$/;
			assert.equal(
				early.filter(({ kind, text }) => kind !== 'prose' && !(kind === 'commands' && looks.test(text))),
				[],
				taskId,
			);
			assert.equal(
				hints.filter((hint) => /\n\s*kubectl/.test(hint) && !hint.includes('```')),
				[],
				`${taskId}: a line that is a command, and would be shown as prose`,
			);
		}
	});
}

test.run();
