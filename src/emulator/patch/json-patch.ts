/** JSON patch (RFC 6902) as the API server applies it: missing fields of an object read as null, indexes must exist. */

import { isValueTooDeep } from '../validation/depth.ts';
import { setField } from './json-text.ts';

export interface PatchOperation {
	op: string;
	path?: string | null;
	from?: string | null;
	value?: unknown;
}

/** An operation does not apply. The API tells a client no more than that. */
export class JsonPatchError extends Error {}

/** Of the real server: what is copied may amount to so many bytes. */
const maxCopied = 3 * 1024 * 1024;

type Container = Record<string, unknown> | unknown[];

/** Gives back a new object. Throws JsonPatchError. */
export function applyJsonPatch<T extends object>(object: T, operations: readonly (PatchOperation | null)[]): T {
	let root = structuredClone(object) as Container;
	let copied = 0;
	for (const each of operations) {
		const operation = each ?? { op: '' };
		if (operation.op === 'copy') copied += measureCopy(root, operation);
		if (copied > maxCopied) throw new JsonPatchError('Unable to complete the copy');
		root = applyOne(root, operation);
		const mayGrow = operation.op === 'copy' || operation.op === 'move' || operation.op === 'add';
		if (mayGrow && isValueTooDeep(root)) throw new JsonPatchError('exceeded max depth');
	}
	return root as T;
}

function applyOne(root: Container, { op, path, from, value }: PatchOperation): Container {
	if (path === undefined || path === null) throw new JsonPatchError(`${op} operation has no path`);
	if (op === 'replace' && path === '') return requireContainer(value, path);
	if (op === 'test' && path === '') return requireEqual(root, value, path);
	const { container, key } = locate(root, path);
	if (op === 'add') add(container, key, structuredClone(value));
	else if (op === 'remove') remove(container, key);
	else if (op === 'replace') replace(container, key, structuredClone(value));
	else if (op === 'test') requireEqual(read(container, key) ?? null, value ?? null, path);
	else if (op === 'move' || op === 'copy') {
		const source = locate(root, from ?? '');
		const found = structuredClone(read(source.container, source.key) ?? null);
		if (op === 'move') remove(source.container, source.key);
		const target = locate(root, path);
		add(target.container, target.key, found);
	} else throw new JsonPatchError(`unexpected kind: ${op}`);
	return root;
}

function measureCopy(root: Container, { from }: PatchOperation): number {
	const { container, key } = locate(root, from ?? '');
	return JSON.stringify(read(container, key) ?? null).length;
}

/** The container that holds what a pointer leads to, and its name or index there. What precedes its first slash is passed over. */
function locate(root: Container, path: string): { container: Container; key: string } {
	const [, ...steps] = readPointer(path);
	const key = steps.pop();
	if (key === undefined) throw new JsonPatchError(`doc is missing path: ${path}`);
	let container = root;
	for (const step of steps) container = requireContainer(read(container, step), path);
	return { container, key };
}

/** The steps of a JSON pointer (RFC 6901), behind what stands before its first slash. */
export function readPointer(path: string): string[] {
	return path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function requireContainer(value: unknown, path: string): Container {
	if (value === null || typeof value !== 'object') throw new JsonPatchError(`doc is missing path: ${path}`);
	return value as Container;
}

function read(container: Container, key: string): unknown {
	if (Array.isArray(container)) return container[readIndex(key, container.length)];
	return Object.hasOwn(container, key) ? container[key] : undefined;
}

function add(container: Container, key: string, value: unknown): void {
	if (!Array.isArray(container)) setField(container, key, value);
	else if (key === '-') container.push(value);
	else container.splice(readIndex(key, container.length + 1), 0, value);
}

function replace(container: Container, key: string, value: unknown): void {
	if (!Array.isArray(container)) setField(container, key, value);
	else container[readIndex(key, container.length)] = value;
}

function remove(container: Container, key: string): void {
	if (Array.isArray(container)) container.splice(readIndex(key, container.length), 1);
	else if (Object.hasOwn(container, key)) delete container[key];
	else throw new JsonPatchError(`Unable to remove nonexistent key: ${key}`);
}

/** Counts from the end where it is negative. */
function readIndex(key: string, length: number): number {
	const index = /^[-+]?\d+$/.test(key) ? Number(key) : Number.NaN;
	const positive = index < 0 ? index + length : index;
	if (!(positive >= 0 && positive < length)) throw new JsonPatchError(`Unable to access invalid index: ${key}`);
	return positive;
}

function requireEqual<T>(actual: T, expected: unknown, path: string): T {
	if (!isEqual(actual, expected)) throw new JsonPatchError(`testing value ${path} failed`);
	return actual;
}

/** As JSON: the order of fields does not matter. */
export function isEqual(left: unknown, right: unknown): boolean {
	if (left === right) return true;
	if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false;
	if (Array.isArray(left) !== Array.isArray(right)) return false;
	const names = Object.keys(left).filter((name) => (left as Container)[name as never] !== undefined);
	const others = Object.keys(right).filter((name) => (right as Container)[name as never] !== undefined);
	return (
		names.length === others.length &&
		names.every((name) => Object.hasOwn(right, name) && isEqual(left[name as never], right[name as never]))
	);
}
