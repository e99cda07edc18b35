/** The shape of `lab.yaml`. */

import * as z from 'zod';

export const name = z
	.string()
	.regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'must be lower-case letters, digits and dashes')
	.max(63);

const registry = z.strictObject({
	host: z.string().regex(/^[a-z0-9.-]+(:\d+)?$/, 'must be a host name, with a port if need be'),
	username: z.string().min(1),
	password: z.string().min(1),
	nextPassword: z.string().min(1).nullable().default(null),
	images: z
		.array(
			z.strictObject({
				repository: z.string().regex(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, 'must be a lower-case repository name'),
				tag: z.string().regex(/^\w[\w.-]{0,127}$/, 'must be a tag; a number must stand in quotes'),
				sameEverywhere: z.boolean().default(false),
			}),
		)
		.min(1),
});

const task = z.strictObject({
	id: name,
	title: z.string().min(1),
	points: z.int().min(0),
	needs: z.array(name).default([]),
	learnt: z.string().min(1).nullable().default(null),
	/** Read in a second step, by the kind that each names. */
	checks: z
		.array(z.looseObject({ kind: z.string(), id: name.optional() }))
		.min(1, 'a task without checks can never be done'),
	hints: z.array(z.string().min(1)).default([]),
});

export const labSchema = z.strictObject({
	apiVersion: z.literal('kubeproctor.dev/v1'),
	kind: z.literal('Lab'),
	metadata: z.strictObject({ name }),
	spec: z.strictObject({
		title: z.string().min(1),
		minutes: z.int().positive(),
		next: name.nullish(),
		registries: z.array(registry).min(1),
		namespaces: z.array(name).min(1).default(['default']),
		tasks: z.array(task).min(1),
	}),
});

export type LabFile = z.infer<typeof labSchema>;
