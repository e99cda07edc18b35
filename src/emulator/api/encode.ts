/** Objects as JSON text; made once per object, because many watchers read the same. */

import { type KubeObject, sortMetadata } from '../object.ts';

const encoded = new WeakMap<KubeObject, string>();

/** Without kind and apiVersion, as the items of a list are written. */
export function encodeFields(object: KubeObject): string {
	const known = encoded.get(object);
	if (known !== undefined) return known;
	const { kind: _kind, apiVersion: _apiVersion, metadata, ...fields } = object;
	const text = JSON.stringify({ metadata: sortMetadata(metadata), ...fields });
	encoded.set(object, text);
	return text;
}

export function encodeObject(object: KubeObject): string {
	return `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${encodeFields(object).slice(1)}`;
}

export function partOf(object: KubeObject, version: string): object {
	return {
		kind: 'PartialObjectMetadata',
		apiVersion: `meta.k8s.io/${version}`,
		metadata: sortMetadata(object.metadata),
	};
}
