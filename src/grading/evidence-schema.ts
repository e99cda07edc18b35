/** Evidence as a stranger may hand it in: checked to the last value, so that judging can rely on its types. */

import * as z from 'zod';
import type {
	AccountFacts,
	ControlFacts,
	Evidence,
	ObservationKind,
	PullFacts,
	PullLogFacts,
	ResourceFacts,
	SecretLookup,
	ValueByKind,
	WorkloadFacts,
} from '../model/evidence.ts';
import { deepest, isTooDeep } from '../model/nesting.ts';

const text = z.string();
const texts = z.array(text);
const digest = text.regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits');
const count = z.number().int().min(0);
const unread = z.array(z.strictObject({ what: text, message: text }));

const trial = z.discriminatedUnion('outcome', [
	z.strictObject({ outcome: z.literal('accepted') }),
	z.strictObject({ outcome: z.literal('rejected'), status: count, knownUser: z.boolean().nullable(), answer: text }),
	z.strictObject({ outcome: z.literal('image-absent'), status: count, answer: text }),
	z.strictObject({ outcome: z.literal('turned-away'), status: count, answer: text }),
	z.strictObject({ outcome: z.literal('unanswered'), message: text }),
	z.strictObject({ outcome: z.literal('not-tried'), message: text }),
]);

const entry = z.strictObject({
	host: text,
	username: text.nullable(),
	hasPassword: z.boolean(),
	matches: z.boolean(),
	isAuthAtOdds: z.boolean(),
	blankIn: z.enum(['username', 'password']).nullable(),
	trial: trial.nullable(),
});

const secret = z.strictObject({
	namespace: text,
	name: text,
	uid: text,
	createdAt: text,
	type: text,
	keys: texts,
	malformed: text.nullable(),
	malformedHost: text.nullable(),
	entries: z.array(entry),
	ignored: texts,
});

const lookup: z.ZodType<SecretLookup> = z.strictObject({
	name: text,
	namespace: text,
	secret: secret.nullable(),
	isNamespaceAbsent: z.boolean(),
	siblings: z.array(z.strictObject({ name: text, type: text })),
	otherNamespaces: texts.nullable(),
});

const stated = z.strictObject({ reason: text, message: text });

const end = z.strictObject({
	exitCode: z.number().int(),
	reason: text,
	message: text,
	startedAt: text.nullable(),
	finishedAt: text.nullable(),
});

const container = z.strictObject({
	name: text,
	kind: z.enum(['init', 'sidecar', 'container']),
	image: text,
	policy: z.enum(['Always', 'IfNotPresent', 'Never']),
	imageId: text,
	isOnNode: z.boolean().nullable(),
	state: z.enum(['waiting', 'running', 'terminated', 'unknown']),
	waiting: stated.nullable(),
	startedAt: text.nullable(),
	outdatedUntil: text.nullish(),
	ended: end.nullable(),
	endedBefore: end.nullable(),
	isReady: z.boolean(),
	restartCount: count,
});

const pod = z.strictObject({
	namespace: text,
	name: text,
	uid: text,
	createdAt: text,
	owner: text.nullable(),
	isDeleting: z.boolean(),
	phase: text,
	failure: stated.nullable(),
	restartPolicy: z.enum(['Always', 'OnFailure', 'Never']),
	node: text.nullable(),
	nodeAddresses: texts,
	unschedulable: text.nullable(),
	serviceAccount: text,
	pullSecrets: texts,
	isListInherited: z.boolean().nullable(),
	containers: z.array(container),
});

const pull: z.ZodType<PullFacts> = z.strictObject({
	pod: pod.nullable(),
	isNamespaceAbsent: z.boolean(),
	refusal: z.strictObject({ owner: text, message: text }).nullable(),
	siblings: texts,
	account: z.strictObject({ name: text, exists: z.boolean(), pullSecrets: texts, mountableSecrets: texts }).nullable(),
	otherAccounts: z.array(z.strictObject({ name: text, pullSecrets: texts })),
	secrets: z.array(z.strictObject({ container: text, lookups: z.array(lookup) })),
	overlooked: texts.optional(),
	unread,
});

const workload: z.ZodType<WorkloadFacts> = z.strictObject({
	workload: text,
	isNamespaceAbsent: z.boolean(),
	exists: z.boolean(),
	siblings: texts,
	desired: count.nullable(),
	idle: text.nullable(),
	isObserved: z.boolean(),
	refusal: text.nullable(),
	generation: z.enum(['present', 'old']),
	pods: z.array(pull),
});

const account: z.ZodType<AccountFacts> = z.strictObject({
	namespace: text,
	name: text,
	isNamespaceAbsent: z.boolean(),
	exists: z.boolean(),
	pullSecrets: texts,
	mountableSecrets: texts,
	dryRun: texts.nullable(),
	unread,
});

const controls: z.ZodType<ControlFacts> = z.strictObject({
	pods: z.array(
		z.strictObject({
			node: text,
			policy: z.enum(['Always', 'IfNotPresent']),
			result: z.enum(['refused', 'runs', 'pending', 'absent', 'broken']),
			message: text,
		}),
	),
});

const record = z.strictObject({
	time: text,
	method: z.enum(['GET', 'HEAD']),
	repository: text,
	reference: text,
	status: count,
	client: text,
	userAgent: text,
});

const pullLog: z.ZodType<PullLogFacts> = z.strictObject({
	log: z.strictObject({ records: z.array(record), lostBefore: text.nullable() }).nullable(),
});

const seenObject = z
	.looseObject({
		apiVersion: text.optional(),
		kind: text.optional(),
		metadata: z.looseObject({ name: text, namespace: text.optional(), deletionTimestamp: text.optional() }),
	})
	.refine((object) => !isTooDeep(object), `must not be nested more than ${deepest} levels deep`);

const resourceFacts: z.ZodType<ResourceFacts> = z.strictObject({
	isKindUnknown: z.boolean(),
	isNamespaced: z.boolean(),
	isNamespaceAbsent: z.boolean(),
	objects: z.array(seenObject),
	siblings: texts,
});

/** What every kind of query is answered with. */
export const valueSchemas: { [K in ObservationKind]: z.ZodType<ValueByKind[K]> } = {
	'pull-log': pullLog,
	'pull-secret': lookup,
	pull,
	workload,
	'service-account': account,
	controls,
	resource: resourceFacts,
};

/** All but the values of observations, whose schema depends on the query. */
export const evidenceSchema: z.ZodType<Evidence> = z.strictObject({
	schemaVersion: z.literal(1),
	lab: z.strictObject({ id: text, digest }),
	environment: z.strictObject({
		name: text,
		provider: z.enum(['kind', 'existing', 'embedded']),
		kubernetesVersion: text,
	}),
	collectedAt: z.iso.datetime(),
	digests: z.record(text, z.array(digest)),
	registries: z.array(z.strictObject({ host: text, username: text, passwordChangedAt: text.nullish() })),
	hosts: z.record(text, text),
	namespaces: z.record(text, text),
	observations: z.record(
		text,
		z.discriminatedUnion('ok', [
			z.strictObject({ ok: z.literal(true), value: z.looseObject({}) }),
			z.strictObject({ ok: z.literal(false), code: text, message: text, remedy: text }),
		]),
	),
});
