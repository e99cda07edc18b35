/** What a new cluster has before anybody has asked for anything: recorded as it is stored, so that it need not be checked again. */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackageFolder } from '../package-root.ts';
import type { KubeObject } from './object.ts';
import type { Core } from './operations/core.ts';
import { formatTime } from './time.ts';

export function seedCluster({ store, clock }: Core): void {
	const time = formatTime(clock.now());
	const recorded = JSON.parse(readFileSync(join(findPackageFolder('api-schema'), 'bootstrap.json'), 'utf8')) as [
		type: string,
		object: KubeObject,
	][];
	for (const [type, object] of recorded) {
		const { namespace = '', name } = object.metadata;
		store.write({ type, namespace, name }, renew(object, time));
	}
}

/** With what is new in each cluster. */
function renew(object: KubeObject, time: string): KubeObject {
	const { managedFields, ...kept } = object.metadata;
	const managers = (managedFields ?? []).map(({ fieldsType, fieldsV1, ...by }) => ({
		...by,
		time,
		fieldsType,
		fieldsV1,
	}));
	return {
		...object,
		metadata: { ...kept, uid: randomUUID(), creationTimestamp: time, managedFields: managers },
	};
}
