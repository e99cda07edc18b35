/** How the messages of the API are laid out, from the recorded table. */

import recorded from './messages.json' with { type: 'json' };

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

/** `v1 Secret` → `core.v1.Secret` */
export const kinds: Readonly<Record<string, string>> = recorded.kinds;

const messages: Readonly<Record<string, string>> = recorded.messages;
const parsed = new Map<string, ReadonlyMap<number, Field>>();

/** By their numbers. */
export function fieldsOf(message: string): ReadonlyMap<number, Field> {
	const known = parsed.get(message);
	if (known !== undefined) return known;
	const text = messages[message] ?? '';
	const fields = new Map(text === '' ? [] : text.split(',').map(parseField));
	parsed.set(message, fields);
	return fields;
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
