/** The shape of `quiz.yaml`. */

import * as z from 'zod';
import { name } from './schema.ts';

const question = z
	.strictObject({
		id: name,
		ask: z.string().min(1),
		kind: z.enum(['single', 'multiple', 'typed']),
		choices: z.record(z.string(), z.string().min(1)).optional(),
		answer: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
		explain: z.string().min(1),
	})
	.superRefine(({ kind, choices, answer }, context) => {
		const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
		if (kind === 'typed') {
			if (choices !== undefined) complain(['choices'], 'a typed answer has no choices');
			if (!Array.isArray(answer)) complain(['answer'], 'must be a list of the spellings that count');
			return;
		}
		const known = Object.keys(choices ?? {});
		if (known.length < 2) complain(['choices'], 'there must be two at least');
		if (Array.isArray(answer) !== (kind === 'multiple')) {
			complain(['answer'], kind === 'multiple' ? 'must be a list of choices' : 'must be one choice');
		}
		for (const letter of [answer].flat()) {
			if (!known.includes(letter)) complain(['answer'], `there is no choice ${letter}; there are: ${known.join(', ')}`);
		}
	});

export const quizSchema = z.strictObject({
	apiVersion: z.literal('kubeproctor.dev/v1'),
	kind: z.literal('Quiz'),
	metadata: z.strictObject({ name }),
	spec: z.strictObject({ questions: z.array(question).min(1) }),
});

export type QuizFile = z.infer<typeof quizSchema>;
