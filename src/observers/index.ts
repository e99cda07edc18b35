/** The shelf of observers: one per kind of observation, read-only. */

import type { ObservationKind, QueryOf, ValueOf } from '../model/evidence.ts';
import type { Access } from './access.ts';
import { observeControls } from './controls.ts';
import { observePull } from './pull.ts';
import { observePullLog } from './pull-log.ts';
import { observePullSecret } from './pull-secret.ts';
import { observeResource } from './resource.ts';
import { observeServiceAccount } from './service-account.ts';
import { observeWorkload } from './workload.ts';

export { type Access, type AccessOptions, openAccess } from './access.ts';

export type Observer<K extends ObservationKind> = (query: QueryOf<K>, access: Access) => Promise<ValueOf<K>>;

const observers: { [K in ObservationKind]: Observer<K> } = {
	'pull-secret': observePullSecret,
	pull: observePull,
	workload: observeWorkload,
	'pull-log': observePullLog,
	'service-account': observeServiceAccount,
	controls: observeControls,
	resource: observeResource,
};

export function observe<K extends ObservationKind>(
	query: QueryOf<K> & { kind: K },
	access: Access,
): Promise<ValueOf<K>> {
	return observers[query.kind](query, access);
}
