/** How the messages of the API are laid out, from the recorded table. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackageFolder } from '../../package-root.ts';

export type FieldType =
	| { form: 'scalar'; scalar: string }
	| { form: 'message'; message: string }
	/** A message around a list, which is nothing but the list in JSON. */
	| { form: 'list' | 'repeated' | 'map'; of: FieldType };

export interface Field {
	/** In JSON; `-`: its own fields stand in the message around it. */
	name: string;
	isOmittedWhenEmpty: boolean;
	type: FieldType;
}

interface Recorded {
	/** `v1 Secret` → `core.v1.Secret` */
	kinds: Record<string, string>;
	messages: Record<string, string>;
}

let recorded: Recorded | undefined;
const parsed = new Map<string, ReadonlyMap<number, Field>>();

/** `v1`, `Secret` → `core.v1.Secret` */
export function messageOf(apiVersion: string, kind: string): string | undefined {
	return kind === 'DeleteOptions' ? 'meta.v1.DeleteOptions' : readRecorded().kinds[`${apiVersion} ${kind}`];
}

/** By their numbers. */
export function fieldsOf(message: string): ReadonlyMap<number, Field> {
	const known = parsed.get(message);
	if (known !== undefined) return known;
	const text = readRecorded().messages[message] ?? '';
	const fields = new Map(text === '' ? [] : text.split(',').map(parseField));
	parsed.set(message, fields);
	return fields;
}

function readRecorded(): Recorded {
	recorded ??= JSON.parse(readFileSync(join(findPackageFolder('api-schema'), 'protobuf.json'), 'utf8')) as Recorded;
	return recorded;
}

/** `5 name? string` */
function parseField(text: string): [number, Field] {
	const [number = '', name = '', type = ''] = text.split(' ');
	const isOmittedWhenEmpty = name.endsWith('?');
	return [Number(number), { name: name.replace('?', ''), isOmittedWhenEmpty, type: parseType(type) }];
}

function parseType(text: string): FieldType {
	if (text.startsWith('[]')) return { form: 'repeated', of: parseType(text.slice(2)) };
	if (text.startsWith('{}')) return { form: 'map', of: parseType(text.slice(2)) };
	if (text.startsWith('list:')) return { form: 'list', of: parseType(text.slice('list:'.length)) };
	if (text.startsWith('@')) return { form: 'message', message: text.slice(1) };
	return { form: 'scalar', scalar: text };
}
