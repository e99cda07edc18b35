/** Stand-ins for schema, patches, admission and validation, behind the same signatures. */

import type { KubeObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import type { StatusCause } from '../status-error.ts';
import { badRequest } from './errors.ts';
import types from './stand-in-types.json' with { type: 'json' };

export function resourceTypes(): readonly ResourceType[] {
	return types as unknown as ResourceType[];
}

export function findType(group: string, version: string, resource: string): ResourceType | undefined {
	return resourceTypes().find((t) => t.group === group && t.version === version && t.resource === resource);
}

export function decode(type: ResourceType, body: unknown): { object: KubeObject; warnings: string[] } {
	const object = body as KubeObject;
	const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
	if (object.kind !== undefined && object.kind !== type.kind) throw badRequest(`wrong kind ${object.kind}`);
	return { object: { ...object, apiVersion, kind: type.kind, metadata: { ...object.metadata } }, warnings: [] };
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

export function validateCreate(_type: ResourceType, _object: KubeObject): StatusCause[] {
	return [];
}
