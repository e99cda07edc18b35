/** `metadata`, which every kind shares (apimachinery pkg/api/validation/objectmeta.go). */

import type { ManagedFields, ObjectMeta, OwnerReference } from '../object.ts';
import { isEqual } from './equality.ts';
import { type FieldError, forbidden, invalid, required, tooLong } from './field-error.ts';
import { checkDnsLabel, checkQualifiedName, type NameRule } from './formats.ts';
import { validateLabels } from './labels.ts';

const path = 'metadata';
const annotationBytes = 256 * 1024;
const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

export interface MetaRule {
	isNamespaced: boolean;
	name: NameRule;
	/** Core kinds want a finalizer to be either one of Kubernetes' own or qualified. */
	isCore?: boolean;
	ignoresGenerateName?: boolean;
}

export function* validateObjectMeta(metadata: ObjectMeta, rule: MetaRule): Generator<FieldError> {
	const { name = '', generateName = '', namespace = '', generation = 0 } = metadata;
	if (generateName !== '' && !rule.ignoresGenerateName)
		for (const text of rule.name(maskTrailingDash(generateName)))
			yield invalid(`${path}.generateName`, generateName, text);
	if (name === '') yield required(`${path}.name`, 'name or generateName is required');
	else for (const text of rule.name(name)) yield invalid(`${path}.name`, name, text);
	if (rule.isNamespaced) {
		if (namespace === '') yield required(`${path}.namespace`);
		else for (const text of checkDnsLabel(namespace)) yield invalid(`${path}.namespace`, namespace, text);
	} else if (namespace !== '') yield forbidden(`${path}.namespace`, 'not allowed on this type');
	if (generation < 0) yield invalid(`${path}.generation`, generation, 'must be greater than or equal to 0');
	yield* validateLabels(metadata.labels, `${path}.labels`);
	yield* validateAnnotations(metadata.annotations, `${path}.annotations`);
	yield* validateOwnerReferences(metadata.ownerReferences);
	yield* validateFinalizers(metadata.finalizers);
	yield* validateManagedFields(metadata.managedFields);
	if (rule.isCore) yield* validateCoreFinalizers(metadata.finalizers);
}

export function* validateObjectMetaUpdate(
	metadata: ObjectMeta,
	old: ObjectMeta,
	isCore = false,
): Generator<FieldError> {
	if (old.deletionTimestamp) yield* validateNoNewFinalizers(metadata.finalizers ?? [], old.finalizers ?? []);
	if (!metadata.resourceVersion) yield invalid(`${path}.resourceVersion`, '', 'must be specified for an update');
	if ((metadata.generation ?? 0) < (old.generation ?? 0))
		yield invalid(`${path}.generation`, metadata.generation ?? 0, 'must not be decremented');
	for (const name of ['name', 'namespace', 'uid'])
		yield* validateImmutable(metadata[name] ?? '', old[name] ?? '', `${path}.${name}`);
	for (const name of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'])
		yield* validateImmutable(metadata[name] ?? null, old[name] ?? null, `${path}.${name}`);
	yield* validateLabels(metadata.labels, `${path}.labels`);
	yield* validateAnnotations(metadata.annotations, `${path}.annotations`);
	yield* validateOwnerReferences(metadata.ownerReferences);
	yield* validateManagedFields(metadata.managedFields);
	if (isCore) yield* validateCoreFinalizers(metadata.finalizers);
}

export function* validateImmutable(value: unknown, old: unknown, field: string): Generator<FieldError> {
	if (!isEqual(value, old)) yield invalid(field, value ?? null, 'field is immutable');
}

export function* validateAnnotations(
	annotations: Record<string, string> | undefined,
	field: string,
): Generator<FieldError> {
	for (const name of Object.keys(annotations ?? {}))
		for (const text of checkQualifiedName(name.toLowerCase())) yield invalid(field, name, text);
	const size = Object.entries(annotations ?? {}).reduce(
		(sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
		0,
	);
	if (size > annotationBytes) yield tooLong(field, annotationBytes);
}

function* validateOwnerReferences(references: OwnerReference[] = []): Generator<FieldError> {
	const field = `${path}.ownerReferences`;
	let controller = '';
	for (const reference of references) {
		yield* validateOwnerReference(reference, field);
		if (!reference.controller) continue;
		const owner = `${reference.kind}/${reference.name}`;
		if (controller !== '')
			yield invalid(
				field,
				references,
				`Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${owner}`,
			);
		else controller = owner;
	}
}

function* validateOwnerReference(reference: OwnerReference, field: string): Generator<FieldError> {
	const { apiVersion = '', kind = '', name = '', uid = '' } = reference;
	if (apiVersion === '' || apiVersion.endsWith('/') || apiVersion.split('/').length > 2)
		yield invalid(`${field}.apiVersion`, apiVersion, 'version must not be empty');
	if (kind === '') yield invalid(`${field}.kind`, kind, 'must not be empty');
	if (name === '') yield invalid(`${field}.name`, name, 'must not be empty');
	if (uid === '') yield invalid(`${field}.uid`, uid, 'must not be empty');
	if (apiVersion === 'v1' && kind === 'Event')
		yield invalid(field, reference, '/v1, Kind=Event is disallowed from being an owner');
}

function* validateFinalizers(finalizers: string[] = []): Generator<FieldError> {
	const field = `${path}.finalizers`;
	for (const finalizer of finalizers)
		for (const text of checkQualifiedName(finalizer)) yield invalid(field, finalizer, text);
	if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
		yield invalid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set');
}

function* validateCoreFinalizers(finalizers: string[] = []): Generator<FieldError> {
	const text = 'name is neither a standard finalizer name nor is it fully qualified';
	for (const [index, finalizer] of finalizers.entries())
		if (!finalizer.includes('/') && !standardFinalizers.includes(finalizer))
			yield invalid(`${path}.finalizers[${index}]`, finalizer, text);
}

function* validateNoNewFinalizers(finalizers: string[], old: string[]): Generator<FieldError> {
	const added = finalizers.filter((finalizer) => !old.includes(finalizer)).sort();
	if (added.length === 0) return;
	const listed = added.map((name) => JSON.stringify(name)).join(', ');
	yield forbidden(
		`${path}.finalizers`,
		`no new finalizers can be added if the object is being deleted, found new finalizers []string{${listed}}`,
	);
}

function* validateManagedFields(entries: ManagedFields[] = []): Generator<FieldError> {
	for (const [index, { operation, fieldsType }] of entries.entries()) {
		const field = `${path}.managedFields[${index}]`;
		if (operation !== 'Apply' && operation !== 'Update')
			yield invalid(`${field}.operation`, operation ?? '', 'must be `Apply` or `Update`');
		if (fieldsType && fieldsType !== 'FieldsV1') yield invalid(`${field}.fieldsType`, fieldsType, 'must be `FieldsV1`');
	}
}

/** A generated name ends in something sound, whatever its prefix ends in. */
function maskTrailingDash(name: string): string {
	return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}
