/** Where a custom object keeps what `/scale` shows. */

import type { KubeObject } from '../object.ts';
import { type FieldError, invalid } from '../validation/field-error.ts';
import type { ScalePaths } from './definition.ts';

type Fields = Record<string, unknown>;

export interface CustomScale {
	/** Undefined: the object does not say. */
	replicas: number | undefined;
	status: { replicas: number; selector?: string };
}

export function readCustomScale(object: KubeObject, paths: ScalePaths): CustomScale {
	const { specReplicasPath, statusReplicasPath, labelSelectorPath } = paths;
	const selector = labelSelectorPath === undefined ? undefined : readPath(object, labelSelectorPath);
	return {
		replicas: readPath(object, specReplicasPath) as number | undefined,
		status: {
			replicas: (readPath(object, statusReplicasPath) as number | undefined) ?? 0,
			...(typeof selector === 'string' && selector !== '' && { selector }),
		},
	};
}

export function writeReplicas(object: KubeObject, { specReplicasPath }: ScalePaths, replicas: number): KubeObject {
	return write(object, splitPath(specReplicasPath), replicas) as KubeObject;
}

export function* findScaleFaults(object: KubeObject, paths: ScalePaths, isStatus: boolean): Generator<FieldError> {
	const { specReplicasPath, statusReplicasPath, labelSelectorPath } = paths;
	if (!isStatus) yield* checkCount(object, specReplicasPath);
	yield* checkCount(object, statusReplicasPath);
	if (labelSelectorPath === undefined) return;
	const selector = readPath(object, labelSelectorPath);
	if (selector === undefined || typeof selector === 'string') return;
	const text = `${labelSelectorPath} accessor error: ${JSON.stringify(selector)} is of the type ${nameGo(selector)}, expected string`;
	yield invalid(labelSelectorPath, '', text);
}

const mostReplicas = 2 ** 31 - 1;

function* checkCount(object: KubeObject, path: string): Generator<FieldError> {
	const value = readPath(object, path);
	if (value === undefined) return;
	if (!Number.isInteger(value)) {
		yield invalid(path, 0, `${path} accessor error: ${value} is of the type ${nameGo(value)}, expected int64`);
	} else if ((value as number) < 0) yield invalid(path, value, 'should be a non-negative integer');
	else if ((value as number) > mostReplicas) {
		yield invalid(path, value, `should be less than or equal to ${mostReplicas}`);
	}
}

function nameGo(value: unknown): string {
	if (Array.isArray(value)) return '[]interface {}';
	if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
	if (typeof value === 'boolean') return 'bool';
	return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}

function readPath(object: KubeObject, path: string): unknown {
	let value: unknown = object;
	for (const step of splitPath(path)) value = (value as Fields | null | undefined)?.[step];
	return value ?? undefined;
}

function write(value: unknown, [step, ...rest]: readonly string[], replacement: unknown): unknown {
	if (step === undefined) return replacement;
	const fields = (value ?? {}) as Fields;
	return { ...fields, [step]: write(fields[step], rest, replacement) };
}

function splitPath(path: string): string[] {
	return path.replace(/^\./, '').split('.');
}
