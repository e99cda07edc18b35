/** The options in a query, checked as the server checks them. */

import type { FieldValidation } from '../operations/core.ts';
import type { DeleteOptions } from '../operations/delete.ts';
import { badRequest } from '../operations/errors.ts';
import type { ListOptions } from '../operations/read.ts';
import { toNode } from '../patch/json-text.ts';
import { readStruct } from '../patch/read-struct.ts';
import { createInvalidStatus, type FieldError } from '../validation/index.ts';

export interface WriteOptions {
	isDryRun: boolean;
	fieldManager: string;
	fieldValidation: FieldValidation;
	/** Of server-side apply. */
	isForced: boolean;
}

const fieldValidations = ['', 'Ignore', 'Strict', 'Warn'];
const policies = ['Foreground', 'Background', 'Orphan'];
const maxManagerLength = 128;

/** `kind`: CreateOptions, UpdateOptions, PatchOptions. `userAgent` names the manager of who does not say. */
export function readWriteOptions(
	kind: string,
	query: URLSearchParams,
	userAgent: string,
	isApply = false,
): WriteOptions {
	const dryRun = query.getAll('dryRun');
	const fieldManager = query.get('fieldManager') ?? '';
	const fieldValidation = query.get('fieldValidation') ?? '';
	const force = query.get('force');
	const errors: FieldError[] = [
		...checkDryRun(dryRun),
		...(isApply && fieldManager === ''
			? [{ type: 'Required value', field: 'fieldManager', detail: 'is required for apply patch' } as const]
			: []),
		...checkManager(fieldManager),
		...(kind === 'PatchOptions' && !isApply && force !== null
			? [{ type: 'Forbidden', field: 'force', detail: 'may not be specified for non-apply patch' } as const]
			: []),
		...checkSupported('fieldValidation', fieldValidation, fieldValidations),
	];
	if (errors.length > 0) throw createInvalidStatus(`${kind}.meta.k8s.io`, '', errors);
	return {
		isDryRun: dryRun.length > 0,
		fieldManager: fieldManager || (userAgent.split('/')[0] as string).slice(0, maxManagerLength) || 'unknown',
		fieldValidation: (fieldValidation || 'Warn') as FieldValidation,
		isForced: isTrue(force),
	};
}

function checkDryRun(dryRun: string[]): FieldError[] {
	if (dryRun.every((value) => value === 'All')) return [];
	return [{ type: 'Unsupported value', field: 'dryRun', badValue: dryRun, detail: 'supported values: "All"' }];
}

function checkManager(manager: string): FieldError[] {
	if (Buffer.byteLength(manager) > maxManagerLength) {
		return [{ type: 'Too long', field: 'fieldManager', detail: `may not be more than ${maxManagerLength} bytes` }];
	}
	const at = [...manager].findIndex((character) => !/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character));
	if (at < 0) return [];
	const code = ([...manager][at] as string).codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
	return [
		{
			type: 'Invalid value',
			field: 'fieldManager',
			badValue: manager,
			detail: `invalid character U+${code} (at position ${at})`,
		},
	];
}

function checkSupported(field: string, value: string, supported: readonly string[]): FieldError[] {
	if (supported.includes(value)) return [];
	const detail = `supported values: ${supported.map((each) => `"${each}"`).join(', ')}`;
	return [{ type: 'Unsupported value', field, badValue: value, detail }];
}

export function readListOptions(query: URLSearchParams): ListOptions {
	readInteger(query, 'timeoutSeconds');
	const options = {
		labelSelector: query.get('labelSelector') ?? '',
		fieldSelector: query.get('fieldSelector') ?? '',
		limit: Math.max(readInteger(query, 'limit') ?? 0, 0),
		continue: query.get('continue') ?? '',
		resourceVersion: query.get('resourceVersion') ?? '',
		resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
	};
	const errors = checkMatch(options, query);
	if (errors.length > 0) throw createInvalidStatus('ListOptions.meta.k8s.io', '', errors);
	return options;
}

function checkMatch(
	{ resourceVersion, resourceVersionMatch: match, continue: token }: ListOptions,
	query: URLSearchParams,
): FieldError[] {
	const field = 'resourceVersionMatch';
	const forbid = (detail: string): FieldError => ({ type: 'Forbidden', field, detail });
	if (isWatch(query)) return checkWatchMatch(match, query, forbid);
	const errors: FieldError[] = [];
	if (query.has('sendInitialEvents')) {
		errors.push({ type: 'Forbidden', field: 'sendInitialEvents', detail: 'sendInitialEvents is forbidden for list' });
	}
	if (match === '') return errors;
	if (resourceVersion === '')
		errors.push(forbid('resourceVersionMatch is forbidden unless resourceVersion is provided'));
	if (token !== '') errors.push(forbid('resourceVersionMatch is forbidden when continue is provided'));
	if (match !== 'Exact' && match !== 'NotOlderThan') {
		errors.push(...checkSupported(field, match, ['Exact', 'NotOlderThan', '']));
	}
	if (match === 'Exact' && resourceVersion === '0') {
		errors.push(forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
	}
	return errors;
}

function checkWatchMatch(match: string, query: URLSearchParams, forbid: (detail: string) => FieldError): FieldError[] {
	if (!query.has('sendInitialEvents')) {
		return match === ''
			? []
			: [forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')];
	}
	if (match === 'NotOlderThan') return [];
	const required = forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
	return match === '' ? [required] : [required, ...checkSupported('resourceVersionMatch', match, ['NotOlderThan'])];
}

export function isWatch(query: URLSearchParams): boolean {
	return isTrue(query.get('watch'));
}

/** The body of a DELETE; a query says the same to whoever sends none. Throws 400 and 422. */
export function readDeleteOptions(body: unknown, query: URLSearchParams): DeleteOptions & { dryRun: string[] } {
	const given = (body ?? {}) as DeleteOptions & { kind?: string; apiVersion?: string; dryRun?: string[] };
	requireShape(given);
	const { kind = '', apiVersion = '' } = given;
	if (kind !== '' && kind !== 'DeleteOptions') {
		throw badRequest(
			`no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
		);
	}
	const grace = readInteger(query, 'gracePeriodSeconds');
	const policy = query.get('propagationPolicy');
	const orphan = query.get('orphanDependents');
	const options =
		body === undefined
			? {
					...(grace !== undefined && { gracePeriodSeconds: grace }),
					...(policy !== null && { propagationPolicy: policy }),
					...(orphan !== null && { orphanDependents: isTrue(orphan) }),
				}
			: given;
	const dryRun = [...(given.dryRun ?? []), ...query.getAll('dryRun')];
	const errors = [...checkPropagation(options), ...checkDryRun(dryRun)];
	if (errors.length > 0) throw createInvalidStatus('DeleteOptions.meta.k8s.io', '', errors);
	return { ...options, dryRun };
}

/** Throws 400. */
function requireShape(given: { kind?: unknown; apiVersion?: unknown }): void {
	for (const name of ['kind', 'apiVersion'] as const) {
		const { kind } = toNode(given[name] ?? '');
		if (kind === 'string') continue;
		const fault = `json: cannot unmarshal ${kind} into Go struct field .${name} of type string`;
		throw badRequest(`couldn't get version/kind; json parse error: ${fault}`);
	}
	const { fault } = readStruct('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions', toNode(given));
	if (fault !== null) throw badRequest(fault);
}

function checkPropagation({ propagationPolicy: policy, orphanDependents }: DeleteOptions): FieldError[] {
	if (policy === undefined) return [];
	const field = 'propagationPolicy';
	if (orphanDependents !== undefined) {
		const detail = 'orphanDependents and deletionPropagation cannot be both set';
		return [{ type: 'Invalid value', field, badValue: policy, detail }];
	}
	return policies.includes(policy) ? [] : checkSupported(field, policy, [...policies, 'nil']);
}

export function readInteger(query: URLSearchParams, name: string): number | undefined {
	const text = query.get(name);
	if (text === null || text === '') return undefined;
	if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
	return Number(text);
}

/** As Go's conversion of queries does it: anything but `false` and `0`. */
export function isTrue(value: string | null): boolean {
	return value !== null && value !== 'false' && value !== '0';
}
