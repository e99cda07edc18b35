/** What a PersistentVolumeClaim asks for. */

import type { LabelSelector } from '../label-selection.ts';
import { type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';
import { checkDnsSubdomain } from './formats.ts';
import { validateLabelSelector } from './labels.ts';
import { compareQuantities } from './quantity.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const volumeModes = ['Block', 'Filesystem'];

export interface PersistentClaimSpec {
	accessModes?: string[];
	selector?: LabelSelector;
	resources?: { requests?: Record<string, string> };
	storageClassName?: string;
	volumeMode?: string;
}

export function* validatePersistentClaimSpec(spec: PersistentClaimSpec, path: string): Generator<FieldError> {
	const { accessModes: modes = [], storageClassName, volumeMode } = spec;
	if (modes.length === 0) yield required(`${path}.accessModes`, 'at least 1 access mode is required');
	yield* validateLabelSelector(spec.selector, `${path}.selector`);
	for (const mode of modes)
		if (!accessModes.includes(mode)) yield unsupported(`${path}.accessModes`, mode, accessModes);
	const isMixed = modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode));
	if (modes.includes('ReadWriteOncePod') && isMixed)
		yield forbidden(`${path}.accessModes`, 'may not use ReadWriteOncePod with other access modes');
	const storage = spec.resources?.requests?.['storage'];
	if (storage === undefined) yield required(`${path}.resources[storage]`);
	else if (compareQuantities(storage, '0') <= 0)
		yield invalid(`${path}.resources[storage]`, storage, 'must be greater than zero');
	if (storageClassName)
		for (const text of checkDnsSubdomain(storageClassName))
			yield invalid(`${path}.storageClassName`, storageClassName, text);
	if (volumeMode !== undefined && !volumeModes.includes(volumeMode))
		yield unsupported(`${path}.volumeMode`, volumeMode, volumeModes);
}
