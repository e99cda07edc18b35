/** `serviceaccounts/token`: a token for whoever may ask for one. */

import type { KubeObject } from '../object.ts';
import type { Core, Target } from '../operations/core.ts';
import { badRequest, conflict, notFound } from '../operations/errors.ts';
import { getObject } from '../operations/read.ts';
import { formatTime } from '../time.ts';
import { createInvalidStatus, type FieldError } from '../validation/index.ts';
import { boundTypes, issuer, type Tokens } from './tokens.ts';

interface TokenRequest {
	metadata?: { name?: string; namespace?: string };
	spec?: {
		audiences?: string[];
		expirationSeconds?: number;
		boundObjectRef?: BoundReference;
	};
}

interface BoundReference {
	kind?: string;
	apiVersion?: string;
	name?: string;
	uid?: string;
}

interface Pod extends KubeObject {
	spec?: { serviceAccountName?: string };
}

const kind = 'TokenRequest.authentication.k8s.io';
const defaultSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;

export function requestToken(core: Core, tokens: Tokens, target: Target, body: unknown): object {
	const { metadata, spec = {} } = (body ?? {}) as TokenRequest;
	const { name, namespace } = target;
	if (metadata?.name && metadata.name !== name) {
		const detail = 'must match the service account name if specified';
		throw createInvalidStatus(kind, name, [
			{ type: 'Invalid value', field: 'metadata.name', badValue: metadata.name, detail },
		]);
	}
	if (metadata?.namespace && metadata.namespace !== namespace) {
		throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
	}
	const account = getObject(core, target);
	const expirationSeconds = spec.expirationSeconds ?? defaultSeconds;
	checkDuration(expirationSeconds);
	const audiences = spec.audiences?.length ? spec.audiences : [issuer];
	const bound = spec.boundObjectRef && findBound(core, target, spec.boundObjectRef);
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
	if (errors.length > 0) throw createInvalidStatus(kind, '', errors);
}

function findBound(core: Core, { name: account, namespace }: Target, reference: BoundReference) {
	const { kind = '', apiVersion = '', name = '', uid = '' } = reference;
	const resource = boundTypes[kind];
	if (resource === undefined) throw badRequest(`cannot bind token to object of type ${describeKind(apiVersion, kind)}`);
	const found: Pod | null = core.store.get({ type: resource, namespace: kind === 'Node' ? '' : namespace, name });
	if (found === null) throw notFound({ group: '', resource }, name);
	if (kind === 'Pod' && found.spec?.serviceAccountName !== account) {
		throw badRequest(
			`cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`,
		);
	}
	const foundUid = found.metadata.uid as string;
	if (uid !== '' && uid !== foundUid) {
		const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
		throw conflict({ group: '', resource: kind }, name, why);
	}
	return { kind, name, uid: foundUid };
}

/** As Go prints a GroupVersionKind. */
function describeKind(apiVersion: string, kind: string): string {
	return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}
