/** The shape of `mistake.yaml`. */

import * as z from 'zod';
import { type Reason, reasons } from '../model/reason.ts';
import { name } from './schema.ts';

const actions = [
	'apply',
	'solve',
	'delete',
	'wait',
	'kubectl',
	'rotate',
	'push',
	'preload',
	'unload',
	'registry',
] as const;

const step = z
	.strictObject({
		apply: z.string().optional(),
		solve: name.optional(),
		delete: z
			.string()
			.regex(/^[\w.-]+\/[\w.-]+$/, 'must be KIND/NAME')
			.optional(),
		wait: z
			.string()
			.regex(/^(controls|[\w.-]+\/[\w.-]+)$/, 'must be KIND/NAME, or controls')
			.optional(),
		until: z.enum(['running', 'waiting', 'crashing']).optional(),
		kubectl: z.array(z.string()).min(1).optional(),
		rotate: z.string().optional(),
		push: z.string().optional(),
		as: z.enum(['foreign', 'unreadable']).optional(),
		preload: z.string().optional(),
		unload: z.string().optional(),
		registry: z.enum(['stop', 'password', 'busy', 'broken', 'denied', 'tls']).optional(),
		host: z.string().optional(),
		namespace: z.string().optional(),
	})
	.superRefine((value, context) => {
		const given = actions.filter((action) => value[action] !== undefined);
		if (given.length !== 1) {
			const what = given.length === 0 ? 'a step needs one of' : `${given.join(' and ')}: a step has only one of`;
			context.addIssue({ code: 'custom', message: `${what} ${actions.join(', ')}` });
		}
		if ((value.wait === undefined) !== (value.until === undefined)) {
			context.addIssue({ code: 'custom', message: 'wait and until go together' });
		}
		if ((value.push === undefined) !== (value.as === undefined)) {
			context.addIssue({ code: 'custom', message: 'push and as go together' });
		}
	});

export const mistakeSchema = z.strictObject({
	apiVersion: z.literal('kubeproctor.dev/v1'),
	kind: z.literal('Mistake'),
	title: z.string().min(1),
	expect: z.strictObject({ task: name, check: name, reason: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]) }),
	base: z.enum(['untouched', 'solution']),
	steps: z.array(step).default([]),
});

export type MistakeFile = z.infer<typeof mistakeSchema>;
