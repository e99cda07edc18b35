/** What a custom object is held to: the rules that its definition makes, in the form of every kind's. */

import type { KubeObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import type { FieldError } from '../validation/field-error.ts';
import { checkDnsSubdomain, checkQualifiedName } from '../validation/formats.ts';
import type { KindRules } from '../validation/rules.ts';
import type { CustomType } from './custom-type.ts';
import { findListFaults } from './list-faults.ts';
import { findScaleFaults } from './scale-paths.ts';
import { validateValue } from './validate-value.ts';

export function rulesOfCustom({ group, kind, isNamespaced }: ResourceType, custom: CustomType): KindRules {
	return {
		kind: `${kind}.${group}`,
		isNamespaced,
		isCore: false,
		name: checkDnsSubdomain,
		creation: (object) => findFaults(custom, object, undefined),
		change: (object, old) => findFaults(custom, object, old),
		updateParts: ['metadataChange', 'change'],
		status: (object, old) => findStatusFaults(custom, object, old),
		warnings: (object, old) => warnOfFinalizers(object, old),
	};
}

function findFaults({ schema, scale }: CustomType, object: KubeObject, old: KubeObject | undefined): FieldError[] {
	const lists = old !== undefined && findListFaults(old, schema).length > 0 ? [] : findListFaults(object, schema);
	const counts = scale ? findScaleFaults(object, scale, false) : [];
	return [...validateValue(object, schema, '', old), ...counts, ...lists];
}

function findStatusFaults({ schema, scale }: CustomType, object: KubeObject, old: KubeObject): FieldError[] {
	const status = schema.properties?.['status'];
	const isSaid = status !== undefined && object['status'] !== undefined;
	const own = isSaid ? validateValue(object['status'], status, 'status', old['status']) : [];
	return [...own, ...(scale ? findScaleFaults(object, scale, true) : [])];
}

const standardFinalizers = ['orphan', 'foregroundDeletion', 'kubernetes'];

/** Of those that are new. */
function warnOfFinalizers({ metadata }: KubeObject, old: KubeObject | undefined): string[] {
	const known = old?.metadata.finalizers ?? [];
	const added = [...new Set(metadata.finalizers ?? [])].filter((name) => !known.includes(name)).sort();
	return added.flatMap((name) => {
		const say = (text: string) => `metadata.finalizers: ${JSON.stringify(name)}: ${text}`;
		const faults = checkQualifiedName(name).map(say);
		if (name.includes('/') || standardFinalizers.includes(name)) return faults;
		const path = name.includes('.') ? ' including a path (/)' : '';
		const text = `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
		return [...faults, say(text)];
	});
}
