/** PATCH: the three kinds that change what is there, and server-side apply. */

import type { KubeObject } from '../object.ts';
import {
	applyDefaults,
	applyServerSide,
	type PatchKind as OldPatchKind,
	patchObject as readPatch,
} from '../patch/index.ts';
import type { Core, Target, WriteContext } from './core.ts';
import { checkNamespace, fillMetadata, storeNew } from './create.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { own } from './ownership.ts';
import { keyFor } from './read.ts';
import { checkName, type UpdateResult, writeChange } from './update.ts';
import { fromStorage } from './versions.ts';

export type PatchKind = OldPatchKind | 'apply';

/** `text`: JSON. */
export function patchObject(
	core: Core,
	target: Target,
	kind: OldPatchKind,
	text: string,
	context: WriteContext,
): UpdateResult {
	const { type, name } = target;
	const live = find(core, target);
	if (live === null) throw notFound(type, name);
	const { object, warnings } = readPatch(type, live, { kind, text, fieldValidation: context.fieldValidation });
	for (const warning of warnings) context.warn(warning);
	checkName(object, name);
	const wanted = own(core, target, applyDefaults(type, object), live, context);
	return { object: writeChange(core, target, wanted, live, context), isNew: false };
}

/** `applied`: what the request says, as data. */
export function applyObject(core: Core, target: Target, applied: unknown, context: WriteContext): UpdateResult {
	const { type, name, namespace, subresource } = target;
	if (applied === null || typeof applied !== 'object' || Array.isArray(applied)) {
		throw badRequest('error decoding YAML: an apply patch must be an object');
	}
	const live = find(core, target);
	if (live === null && subresource !== '') throw notFound(type, name);
	const { metadata } = applied as Partial<KubeObject>;
	const said = { ...applied, metadata: { ...metadata, name: metadata?.name ?? name } } as KubeObject;
	checkName(said, name);
	checkNamespace(type.isNamespaced ? namespace : '', said.metadata.namespace);
	const merged = applyServerSide({
		type,
		live,
		applied: said,
		manager: context.fieldManager,
		force: context.isForced ?? false,
		now: core.clock.now(),
		...(subresource !== '' && { subresource }),
	});
	const wanted = applyDefaults(type, merged);
	if (live === null && said.metadata.uid) {
		const { uid } = said.metadata;
		throw conflict(
			type,
			name,
			`uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
		);
	}
	if (live !== null) return { object: writeChange(core, target, wanted, live, context), isNew: false };
	const { resourceVersion: _resourceVersion, managedFields = [], ...rest } = wanted.metadata;
	const owned = { ...rest, ...(managedFields.length > 0 && { managedFields }) };
	const made = fillMetadata(core, target, { ...wanted, metadata: owned });
	return { object: storeNew(core, target, made, context), isNew: true };
}

function find(core: Core, target: Target): KubeObject | null {
	const stored = core.store.get(keyFor(target));
	return stored && fromStorage(target.type, stored);
}
