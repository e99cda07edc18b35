/** Making an object: names, system fields, admission, validation, and into the store. */

import { randomBytes, randomUUID } from 'node:crypto';
import type { KubeObject } from '../object.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { alreadyExists, badRequest, invalid, notFound } from './errors.ts';
import { decode, validateCreate } from './parts.ts';
import { keyFor } from './read.ts';
import { strategyOf } from './strategy.ts';
import { formatTime } from './time.ts';
import { fromStorage, toStorage } from './versions.ts';

export function createObject(core: Core, target: Target, body: unknown, context: WriteContext): KubeObject {
	const { object, warnings } = decode(target.type, body);
	for (const warning of warnings) context.warn(warning);
	return storeNew(core, target, object, context);
}

/** `object`: decoded. */
export function storeNew(core: Core, target: Target, object: KubeObject, context: WriteContext): KubeObject {
	const { type } = target;
	const prepared = prepare(core, target, object);
	const { name } = prepared.metadata;
	const causes = validateCreate(type, prepared);
	if (causes.length > 0) throw invalid(type, name ?? '', causes);
	const key = keyFor({ ...target, name });
	if (core.store.get(key) !== null) throw alreadyExists(type, name);
	if (context.isDryRun) return prepared;
	return fromStorage(type, core.store.write(key, toStorage(type, prepared)));
}

function prepare(core: Core, target: Target, object: KubeObject): KubeObject {
	const { type, namespace } = target;
	const { resourceVersion, selfLink, deletionTimestamp, deletionGracePeriodSeconds, ...given } = object.metadata;
	if (resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
	checkNamespace(type.isNamespaced ? namespace : '', given.namespace);
	if (type.isNamespaced && core.store.get({ type: 'namespaces', namespace: '', name: namespace }) === null) {
		throw notFound({ group: '', resource: 'namespaces' }, namespace);
	}
	const metadata = {
		...given,
		name: given.name || (given.generateName ? generateName(given.generateName) : ''),
		...(type.isNamespaced && { namespace }),
		uid: randomUUID(),
		...(strategyOf(type).hasGeneration && { generation: 1 }),
		creationTimestamp: formatTime(core.clock.now()),
	};
	return { ...object, metadata };
}

export function checkNamespace(requested: string, given: string | undefined): void {
	if (given === undefined || given === '' || given === requested) return;
	throw badRequest(
		requested === ''
			? 'namespace is not allowed on this type'
			: `the namespace of the provided object does not match the namespace sent on the request`,
	);
}

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const maxGeneratedBase = 58;

/** Five letters without vowels, so that no words come about. */
export function generateName(base: string): string {
	const suffix = Array.from(randomBytes(5), (byte) => alphabet[byte % alphabet.length]).join('');
	return base.slice(0, maxGeneratedBase) + suffix;
}
