/** JSON Schemas of the files that authors write, for their editors: made from the schemas that read them. */

import * as z from 'zod';
import { loadCheckKinds } from '../checks/index.ts';
import { mistakeSchema } from './mistake-schema.ts';
import { quizSchema } from './quiz-schema.ts';
import { labSchema, name } from './schema.ts';

const checkKinds = await loadCheckKinds();

export type SchemaFile = 'lab' | 'quiz' | 'mistake';

type JsonSchema = Record<string, unknown>;

export function makeJsonSchemas(): Record<SchemaFile, JsonSchema> {
	const task = labSchema.shape.spec.shape.tasks.element;
	const tasks = z
		.array(task.omit({ checks: true }).extend({ checks: z.array(z.unknown().meta({ id: 'check' })).min(1) }))
		.min(1);
	const spec = labSchema.shape.spec.omit({ tasks: true }).extend({ tasks });
	const lab = toJsonSchema(z.strictObject({ ...labSchema.shape, spec }));
	return {
		lab: { ...lab, $defs: { ...(lab['$defs'] as JsonSchema), check: describeCheck() } },
		quiz: toJsonSchema(quizSchema),
		mistake: toJsonSchema(mistakeSchema),
	};
}

/** By the kind that it names, so that an editor says what is wrong with this check and not with every other. */
function describeCheck(): JsonSchema {
	const kinds = checkKinds.map(({ kind }) => kind);
	const own = { kind: { enum: kinds }, id: toJsonSchema(name) };
	return {
		type: 'object',
		properties: own,
		required: ['kind'],
		allOf: checkKinds.map(({ kind, params, summary }) => {
			const { $schema: _schema, properties, ...rest } = toJsonSchema(params as z.ZodType);
			return {
				if: { properties: { kind: { const: kind } } },
				// biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
				then: { description: summary, ...rest, properties: { ...own, ...(properties as JsonSchema) } },
			};
		}),
	};
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
	return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

export function writeJsonSchema(schema: JsonSchema): string {
	return `${JSON.stringify(schema, null, '\t')}\n`;
}
