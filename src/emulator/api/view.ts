/** Objects and lists as the caller wants to see them. */

import type { KubeObject } from '../object.ts';
import type { ListResult } from '../operations/read.ts';
import type { ResourceType } from '../resource-type.ts';
import { joinGroupVersion } from '../schema/index.ts';
import type { View } from './accept.ts';
import { encodeFields, encodeObject, partOf } from './encode.ts';
import { formatTable } from './table.ts';

export interface ViewWish {
	type: ResourceType;
	view: View;
	query: URLSearchParams;
	now: Date;
}

/** JSON text. */
export function showObject(wish: ViewWish, object: KubeObject): string {
	const { view } = wish;
	if (view.as === 'object') return encodeObject(object);
	if (view.as === 'Table') {
		const { resourceVersion } = object.metadata;
		return JSON.stringify(formatTable({ ...wish, version: view.version }, [object], { resourceVersion }));
	}
	return JSON.stringify(partOf(object, view.version));
}

export function showList(wish: ViewWish, list: ListResult): string {
	const { type, view } = wish;
	const metadata = {
		resourceVersion: String(list.revision),
		...(list.continue !== undefined && { continue: list.continue }),
		...(list.remaining !== undefined && { remainingItemCount: list.remaining }),
	};
	if (view.as === 'Table') {
		return JSON.stringify(formatTable({ ...wish, version: view.version }, list.items, metadata));
	}
	if (view.as === 'object') {
		const head = JSON.stringify({
			kind: type.custom?.listKind ?? `${type.kind}List`,
			apiVersion: joinGroupVersion(type),
			metadata,
		});
		return `${head.slice(0, -1)},"items":[${list.items.map(encodeFields).join(',')}]}`;
	}
	return JSON.stringify({
		kind: 'PartialObjectMetadataList',
		apiVersion: `meta.k8s.io/${view.version}`,
		metadata,
		items: list.items.map((object) => partOf(object, view.version)),
	});
}
