/** An object of any kind that has certain fields, or of which CEL expressions are true. */

import * as z from 'zod';
import {
	diagnoseAbsentResource,
	diagnoseExpression,
	diagnoseFields,
	diagnosePresentResource,
	type WantedExpression,
	writeSelector,
} from '../diagnosis/resource.ts';
import { type Expression, readExpression } from '../expression/index.ts';
import type { CheckKind } from '../model/check.ts';
import type { ResourceQuery } from '../model/evidence.ts';

interface Params {
	apiVersion: string;
	resource: string;
	namespace: string;
	name?: string | undefined;
	selector?: Record<string, string> | undefined;
	match?: Record<string, unknown> | undefined;
	expressions: WantedExpression[];
	/** Whether there must be none. */
	absent: boolean;
}

const label = z.string().regex(/^([A-Za-z0-9]([\w.-]*[A-Za-z0-9])?)?$/, 'must be the value of a label');

const params = z
	.strictObject({
		apiVersion: z.string().regex(/^([a-z0-9.-]+\/)?v\d\w*$/, 'must be a version, or a group and a version: apps/v1'),
		resource: z.string().regex(/^[A-Z]\w*$/, 'must be a kind, in the singular and with a capital: Deployment'),
		namespace: z.string().default('default'),
		name: z.string().min(1).optional(),
		selector: z.record(z.string().regex(/^[\w./-]+$/, 'must be the key of a label'), label).optional(),
		match: z.record(z.string(), z.unknown()).optional(),
		expressions: z
			.array(
				z.strictObject({
					expression: z.string().superRefine((text, context) => {
						const { fault } = readExpression(text);
						if (fault === null) return;
						const where = `line ${fault.line}, column ${fault.column} of the expression`;
						context.addIssue({ code: 'custom', message: `${fault.message} (${where})` });
					}),
					message: z.string().min(1).optional(),
					remedy: z.string().min(1).optional(),
				}),
			)
			.default([]),
		absent: z.boolean().default(false),
	})
	.superRefine(({ name, selector, absent, match, expressions: asked }, context) => {
		if (absent && (match !== undefined || asked.length > 0))
			context.addIssue({ code: 'custom', message: 'what must be absent has neither fields to match nor expressions' });
		const isSelected = Object.keys(selector ?? {}).length > 0;
		if ((name !== undefined) !== isSelected) return;
		context.addIssue({ code: 'custom', message: 'needs either a name or a selector with a label' });
	});

/** Read again only for lack of another place: `params` is data. */
const expressions = new Map<string, Expression>();

export const resource: CheckKind<Params, { found: ResourceQuery }> = {
	kind: 'resource',
	summary:
		'An object of any kind is there, has the fields that are asked for, and CEL expressions are true of it; or there is none.',
	params,
	reasons: [
		...(['ResourceMissing', 'PodMissing', 'NamespaceMissing', 'ServiceAccountMissing', 'ResourcePresent'] as const),
		...(['FieldOther', 'NotObserved'] as const),
	],
	needs: ({ apiVersion, resource: kind, namespace, name, selector }) => ({
		found: {
			kind: 'resource',
			apiVersion,
			resource: kind,
			namespace,
			name: name ?? null,
			selector: name === undefined ? writeSelector({ selector }) : null,
		},
	}),
	judge(wanted, { found }) {
		if (found === null) throw new Error('a look for objects always has facts');
		if (wanted.absent) return diagnosePresentResource(found, wanted);
		const absent = diagnoseAbsentResource(found, wanted);
		if (absent !== null) return absent;
		const wrong = found.objects
			.flatMap((object) => [
				wanted.match === undefined ? null : diagnoseFields(object, wanted.match, wanted),
				...wanted.expressions.map((each) => diagnoseExpression(object, recall(each.expression), each, wanted)),
			])
			.filter((diagnosis) => diagnosis !== null);
		// Nobody waits for a status while something else is wrong for good.
		return wrong.find(({ isUnsettled }) => !isUnsettled) ?? wrong[0] ?? null;
	},
};

function recall(text: string): Expression {
	const known = expressions.get(text);
	if (known !== undefined) return known;
	const { fault, ...read } = readExpression(text);
	if (!('expression' in read)) throw new Error(`not an expression: ${fault?.message}`);
	expressions.set(text, read.expression);
	return read.expression;
}
