/** Volumes that several sources are projected into. */

import type { Projection, Volume } from '../pod.ts';
import { type FieldError, forbidden, invalid, required } from './field-error.ts';
import { validateFileMode, validateUnreservedPath } from './path.ts';
import { validateDownwardFile, validateKeyToPath } from './volume-file.ts';

const kinds = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate'];

export function* validateProjected(projected: NonNullable<Volume['projected']>, path: string): Generator<FieldError> {
	yield* validateFileMode(projected.defaultMode, `${path}.defaultMode`);
	const taken = new Set<string>();
	for (const [index, source] of (projected.sources ?? []).entries()) {
		const field = `${path}.sources[${index}]`;
		for (const kind of ['secret', 'configMap'] as const)
			yield* validateKeys(source[kind], `${field}.${kind}`, path, taken);
		for (const file of source.downwardAPI?.items ?? []) {
			yield* validateDownwardFile(file, `${field}.downwardAPI`);
			yield* validateOnce(file.path, file.path, path, taken);
		}
		if (source.serviceAccountToken)
			yield* validateToken(source.serviceAccountToken, `${field}.serviceAccountToken`, path);
		if (kinds.filter((kind) => source[kind]).length > 1)
			yield forbidden(field, 'may not specify more than 1 volume type per source');
	}
}

function* validateKeys(
	source: Projection['secret'],
	path: string,
	volumePath: string,
	taken: Set<string>,
): Generator<FieldError> {
	if (!source) return;
	if (!source.name) yield required(`${path}.name`);
	for (const [index, item] of (source.items ?? []).entries()) {
		yield* validateKeyToPath(item, `${path}.items[${index}]`);
		yield* validateOnce(item.path, source.name, volumePath, taken);
	}
}

function* validateOnce(
	target: string | undefined,
	named: string | undefined,
	path: string,
	taken: Set<string>,
): Generator<FieldError> {
	if (!target) return;
	if (taken.has(target)) yield invalid(path, named ?? '', 'conflicting duplicate paths');
	taken.add(target);
}

function* validateToken(
	{ expirationSeconds = 3600, path: target }: NonNullable<Projection['serviceAccountToken']>,
	path: string,
	volumePath: string,
): Generator<FieldError> {
	const field = `${path}.expirationSeconds`;
	if (expirationSeconds < 600)
		yield invalid(field, expirationSeconds, 'may not specify a duration less than 10 minutes');
	if (expirationSeconds > 2 ** 32)
		yield invalid(field, expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
	if (!target) yield required(`${volumePath}.path`);
	else yield* validateUnreservedPath(target, `${volumePath}.path`);
}
