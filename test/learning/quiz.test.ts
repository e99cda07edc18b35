/** What counts as a right answer, and what is no answer at all. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { judgeAnswer, judgeAnswers, type Question, readQuiz } from '../../src/learning/quiz.ts';
import { UsageError } from '../../src/model/error.ts';
import { suite } from '../harness.ts';

const test = suite('learning/quiz');
const choices = ['a', 'b', 'c'].map((letter) => ({ letter, text: `Choice ${letter}` }));
const single: Question = { id: 'one', ask: '?', kind: 'single', choices, answers: ['b'], explain: '!' };
const multiple: Question = { id: 'many', ask: '?', kind: 'multiple', choices, answers: ['a', 'c'], explain: '!' };
const typed: Question = {
	id: 'word',
	ask: '?',
	kind: 'typed',
	choices: [],
	answers: ['Opaque', 'the type'],
	explain: '!',
};
const isRight = (question: Question, ...given: string[]) => judgeAnswer(question, given).isRight;

test('of several choices all the right ones and no other', () => {
	assert.equal([isRight(single, 'b'), isRight(single, 'a'), isRight(single)], [true, false, false]);
	assert.ok(isRight(multiple, 'c', 'a'));
	for (const given of [['a'], ['a', 'b', 'c'], []]) assert.not.ok(isRight(multiple, ...given), given.join());
});

test('what is typed counts in any spelling, and with blanks and quotes around it', () => {
	for (const text of ['Opaque', ' opaque ', '"Opaque"', 'the  type', '`opaque`']) assert.ok(isRight(typed, text), text);
	for (const text of ['', 'Opaqu', 'type']) assert.not.ok(isRight(typed, text), text);
});

test('what is left out is wrong', () => {
	const answered = judgeAnswers([single, multiple, typed], { many: ['c', 'a'], word: 'opaque' });
	assert.equal(
		answered.map((each) => [each.id, each.isRight, each.given]),
		[
			['one', false, []],
			['many', true, ['c', 'a']],
			['word', true, ['opaque']],
		],
	);
});

for (const [what, data, says] of [
	['no map', ['a'], 'no map'],
	['no answers', undefined, 'no map'],
	['an unknown question', { mny: 'a' }, 'no question mny'],
	['an unknown choice', { one: 'x' }, 'no choice x'],
	['two answers to a single question', { one: ['a', 'b'] }, 'takes one answer'],
	['a map for an answer', { one: { a: true } }, 'neither text nor a list'],
] as const) {
	test(`${what} is refused`, () => {
		assert.throws(
			() => judgeAnswers([single, multiple], data),
			(error: unknown) => error instanceof UsageError && error.message.includes(says),
		);
	});
}

for (const id of readdirSync('labs')) {
	test(`the quiz of ${id}: its own answers are right`, async () => {
		const questions = await readQuiz({ id, folder: join('labs', id) });
		const answers = questions.map(({ id: question, kind, answers: right }) => [
			question,
			kind === 'typed' ? right[0] : right,
		]);
		assert.ok(judgeAnswers(questions, Object.fromEntries(answers)).every((each) => each.isRight));
	});
}

test.run();
