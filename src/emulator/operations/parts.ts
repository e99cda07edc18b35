/** Stand-ins for patches, decoding and managedFields, behind the signatures that they will have. */

import type { KubeObject, ManagedFields } from '../object.ts';
import { applyDefaults, type Decoded, decode as decodeBody } from '../patch/index.ts';
import type { ResourceType } from '../resource-type.ts';
import type { FieldValidation } from './core.ts';

export function decode(type: ResourceType, body: unknown, validation: FieldValidation): Decoded {
	const { object, warnings } = decodeBody(type, body, validation);
	return { object: applyDefaults(type, object), warnings };
}

export function applyMergePatch(object: unknown, patch: unknown): unknown {
	if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
	const base = object !== null && typeof object === 'object' && !Array.isArray(object) ? object : {};
	const result: Record<string, unknown> = { ...base };
	for (const [key, value] of Object.entries(patch)) {
		if (value === null) delete result[key];
		else if (!key.startsWith('$')) result[key] = applyMergePatch(result[key], value);
	}
	return result;
}

export interface UpdateRecord {
	type: ResourceType;
	before: KubeObject | null;
	after: KubeObject;
	manager: string;
	now: Date;
	subresource: string;
}

export function recordUpdate({ after }: UpdateRecord): ManagedFields[] | undefined {
	return after.metadata.managedFields;
}
