/** Objects and lists as the caller wants to see them. */

import type { KubeObject } from '../object.ts';
import type { ListResult } from '../operations/read.ts';
import type { ResourceType } from '../resource-type.ts';
import { joinGroupVersion } from '../schema/index.ts';
import { StatusError } from '../status-error.ts';
import type { View } from './accept.ts';
import { encodeFields, encodeObject, partOf } from './encode.ts';
import { formatTable } from './table.ts';

export interface ViewWish {
	type: ResourceType;
	view: View;
	query: URLSearchParams;
	now: Date;
}

/** 406, with the type as Go names it. */
function refuseForm({ type, view }: ViewWish, suffix: string, why: string): StatusError {
	const [owner = ''] = type.group.split('.');
	const goType = `*${owner || 'core'}.${type.kind}${suffix}`;
	return new StatusError(406, 'NotAcceptable', `you requested ${view.as}, ${why} (${goType})`);
}

/** JSON text. Throws 406. */
export function showObject(wish: ViewWish, object: KubeObject): string {
	const { view } = wish;
	if (view.as === 'object') return encodeObject(object);
	if (view.as === 'Table') {
		const { resourceVersion } = object.metadata;
		return JSON.stringify(formatTable({ ...wish, version: view.version }, [object], { resourceVersion }));
	}
	if (view.as === 'PartialObjectMetadataList') throw refuseForm(wish, '', 'but the requested object is not a list');
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
	if (view.as === 'PartialObjectMetadata') throw refuseForm(wish, 'List', 'but the requested object is a list');
	return JSON.stringify({
		kind: 'PartialObjectMetadataList',
		apiVersion: `meta.k8s.io/${view.version}`,
		metadata,
		items: list.items.map((object) => partOf(object, view.version)),
	});
}
