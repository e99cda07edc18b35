/** `serviceaccounts/token`: a token for whoever may ask for one. */

import type { KubeObject } from '../object.ts';
import type { Core, Target } from '../operations/core.ts';
import { badRequest, conflict, notFound } from '../operations/errors.ts';
import { getObject } from '../operations/read.ts';
import { formatTime } from '../operations/time.ts';
import { createInvalidStatus, type FieldError } from '../validation/index.ts';
import { issuer, type Tokens } from './tokens.ts';

interface TokenRequest {
	metadata?: { name?: string };
	spec?: {
		audiences?: string[];
		expirationSeconds?: number;
		boundObjectRef?: { kind?: string; name?: string; uid?: string };
	};
}

const defaultSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;

export function requestToken(core: Core, tokens: Tokens, target: Target, body: unknown): object {
	const { metadata, spec = {} } = (body ?? {}) as TokenRequest;
	const { name, namespace } = target;
	if (metadata?.name && metadata.name !== name) {
		throw badRequest(`name in URL does not match name in TokenRequest object`);
	}
	const account = getObject(core, target);
	const expirationSeconds = spec.expirationSeconds ?? defaultSeconds;
	checkDuration(expirationSeconds);
	const audiences = spec.audiences?.length ? spec.audiences : [issuer];
	const bound = spec.boundObjectRef && findBound(core, namespace, spec.boundObjectRef);
	const now = core.clock.now();
	const expiresAt = new Date(now.getTime() + expirationSeconds * 1000);
	const uid = account.metadata.uid as string;
	const token = tokens.issue({ namespace, name, uid, audiences, expiresAt, ...(bound && { bound }) });
	return {
		kind: 'TokenRequest',
		apiVersion: 'authentication.k8s.io/v1',
		metadata: { name, namespace, uid, creationTimestamp: formatTime(now) },
		spec: { audiences, expirationSeconds, boundObjectRef: spec.boundObjectRef ?? null },
		status: { token, expirationTimestamp: formatTime(expiresAt) },
	};
}

function checkDuration(seconds: number): void {
	const errors: FieldError[] = [];
	const refuse = (detail: string): void => {
		errors.push({ type: 'Invalid value', field: 'spec.expirationSeconds', badValue: seconds, detail });
	};
	if (seconds < leastSeconds) refuse('may not specify a duration less than 10 minutes');
	if (seconds > mostSeconds) refuse('may not specify a duration larger than 2^32 seconds');
	if (errors.length > 0) throw createInvalidStatus('TokenRequest.authentication.k8s.io', '', errors);
}

function findBound(
	core: Core,
	namespace: string,
	{ kind = '', name = '', uid }: NonNullable<NonNullable<TokenRequest['spec']>['boundObjectRef']>,
) {
	const resource = { Pod: 'pods', Secret: 'secrets' }[kind];
	if (resource === undefined) throw badRequest(`cannot bind token for serviceaccount to object of kind ${kind}`);
	const found: KubeObject | null = core.store.get({ type: resource, namespace, name });
	if (found === null) throw notFound({ group: '', resource }, name);
	const foundUid = found.metadata.uid as string;
	if (uid !== undefined && uid !== foundUid) {
		const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
		throw conflict({ group: '', resource }, name, why);
	}
	return { kind, name, uid: foundUid };
}
