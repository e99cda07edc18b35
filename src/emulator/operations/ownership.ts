/** Who set which field: `metadata.managedFields` of what is written. */

import type { KubeObject } from '../object.ts';
import { recordUpdate } from '../patch/index.ts';
import type { Core, Target, WriteContext } from './core.ts';

/** `before`: null for a new object. */
export function own(
	{ clock }: Core,
	{ type, subresource }: Target,
	after: KubeObject,
	before: KubeObject | null,
	{ fieldManager: manager }: WriteContext,
): KubeObject {
	const part = subresource === '' ? {} : { subresource };
	const managedFields = recordUpdate({ type, before, after, manager, now: clock.now(), ...part });
	const { managedFields: _given, ...metadata } = after.metadata;
	return { ...after, metadata: { ...metadata, ...(managedFields && { managedFields }) } };
}
