/** Making an object: names, system fields, admission, validation, and into the store. */

import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../object.ts';
import { applyDefaults, decode } from '../patch/index.ts';
import type { ResourceType } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import { formatTime } from '../time.ts';
import { admitNew, reviewNew } from './admission.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { alreadyExists, badRequest, unknown } from './errors.ts';
import { generateName } from './names.ts';
import { own } from './ownership.ts';
import { keyFor } from './read.ts';
import { strategyOf } from './strategy.ts';
import { fromStorage, toStorage } from './versions.ts';

export function createObject(core: Core, target: Target, body: unknown, context: WriteContext): KubeObject {
	return createDecoded(core, target, decodeObject(target.type, body, context), context);
}

export function createDecoded(core: Core, target: Target, object: KubeObject, context: WriteContext): KubeObject {
	const { type, namespace } = target;
	checkNamespace(type.isNamespaced ? namespace : '', object.metadata.namespace);
	const named = fillMetadata(core, target, object);
	return storeNew(core, target, own(core, target, named, null, context), context);
}

/** With its defaults. Throws 400. */
export function decodeObject(type: ResourceType, body: unknown, context: WriteContext): KubeObject {
	const { object, warnings } = decode(type, body, context.fieldValidation);
	for (const warning of warnings) context.warn(warning);
	return applyDefaults(type, { ...object, metadata: object.metadata ?? {} });
}

/** `object`: decoded, with its system fields and managedFields. */
export function storeNew(core: Core, target: Target, object: KubeObject, context: WriteContext): KubeObject {
	const { type } = target;
	const admitted = prepare(target, admitNew(core, target, object, context));
	reviewNew(core, target, admitted, context);
	const { name } = admitted.metadata;
	const key = keyFor({ ...target, name });
	const existing = core.store.get(key);
	if (existing !== null) throw refuseExisting(target, admitted, existing);
	if (context.isDryRun) return admitted;
	return fromStorage(type, core.store.write(key, toStorage(type, admitted)));
}

/** Throws 500. */
export function fillMetadata(core: Core, { type, namespace }: Target, object: KubeObject): KubeObject {
	const {
		resourceVersion,
		selfLink: _selfLink,
		deletionTimestamp: _deletion,
		deletionGracePeriodSeconds: _grace,
		generation,
		namespace: _namespace,
		...given
	} = object.metadata;
	if (resourceVersion) throw unknown('resourceVersion should not be set on objects to be created');
	const isKept = generation !== undefined && !strategyOf(type).hasGeneration;
	return {
		...object,
		metadata: {
			...given,
			name: given.name || (given.generateName ? generateName(given.generateName) : ''),
			...(type.isNamespaced && { namespace }),
			...(isKept && { generation }),
			uid: randomUUID(),
			creationTimestamp: formatTime(core.clock.now()),
		},
	};
}

/** What every strategy of Kubernetes does before it validates. */
function prepare({ type }: Target, object: KubeObject): KubeObject {
	const { hasGeneration, startsWithoutStatus } = strategyOf(type);
	const metadata = { ...object.metadata, ...(hasGeneration && { generation: 1 }) };
	if (!startsWithoutStatus) return { ...object, metadata };
	const { status: _status, ...rest } = object;
	return { ...rest, metadata, ...(type.custom === undefined && { status: {} }) } as KubeObject;
}

function refuseExisting({ type }: Target, { metadata }: KubeObject, existing: KubeObject): StatusError {
	const error = alreadyExists(type, metadata.name);
	if (metadata.generateName) {
		const message = `${error.message}, the server was not able to generate a unique name for the object`;
		return new StatusError(409, 'AlreadyExists', message, { ...error.details, retryAfterSeconds: 1 });
	}
	if (existing.metadata.deletionTimestamp === undefined) return error;
	return new StatusError(409, 'AlreadyExists', `object is being deleted: ${error.message}`, error.details);
}

/** Throws 400. What has no namespace loses the one that it names. */
export function checkNamespace(requested: string, given: string | undefined): void {
	if (given === undefined || given === '' || given === requested || requested === '') return;
	throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
