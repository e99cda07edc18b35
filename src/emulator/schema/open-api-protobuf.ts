/** OpenAPI v2 in protobuf, as kubectl reads it: gnostic's `openapi.v2.Document`, with the fields that our documents have. */

type Fields = Record<string, unknown>;
type Write = (value: unknown) => Uint8Array;

/** What a field is written as: text, a boolean, a document of its own in YAML, or a message. */
type Kind = 'text' | 'boolean' | 'yaml' | (() => Message);

interface Field {
	number: number;
	kind: Kind;
	/** `entries`: an object whose keys may be any, as pairs of name and value. */
	shape?: 'list' | 'entries';
}

interface Message {
	fields: Record<string, Field>;
	/** Number of the field that takes what begins with `x-`. */
	extensions?: number;
	/** Makes the fields of what is written otherwise in JSON. */
	from?: (value: unknown) => Fields;
}

const text = (number: number): Field => ({ number, kind: 'text' });
const texts = (number: number): Field => ({ number, kind: 'text', shape: 'list' });
const one = (number: number, kind: Kind): Field => ({ number, kind });
const list = (number: number, kind: Kind): Field => ({ number, kind, shape: 'list' });
const entries = (number: number, kind: Kind): Field => ({ number, kind, shape: 'entries' });

/** A message that holds another one alone. */
function wrap(number: number, inner: () => Message): () => Message {
	return () => ({ fields: { inner: one(number, inner) }, from: (value) => ({ inner: value }) });
}

function wrapList(number: number, kind: Kind): () => Message {
	return () => ({ fields: { inner: list(number, kind) }, from: (value) => ({ inner: [value].flat() }) });
}

const named = (number: number, kind: Kind) => (): Message => ({
	fields: { inner: entries(number, kind) },
	from: (value) => ({ inner: value }),
});

const schema: Message = {
	fields: {
		$ref: text(1),
		format: text(2),
		description: text(4),
		default: one(5, 'yaml'),
		required: texts(19),
		enum: list(20, 'yaml'),
		additionalProperties: one(
			21,
			wrap(1, () => schema),
		),
		type: one(22, wrapList(1, 'text')),
		items: one(
			23,
			wrapList(1, () => schema),
		),
		properties: one(
			25,
			named(1, () => schema),
		),
	},
	extensions: 31,
};

const queryParameter: Message = {
	fields: { in: text(2), name: text(4), type: text(6), uniqueItems: one(15, 'boolean') },
	from: (value) => {
		const { schema: inner, ...rest } = value as Fields;
		return { ...rest, ...(inner as Fields | undefined) };
	},
};

const response: Message = { fields: { description: text(1) } };

const operation: Message = {
	fields: {
		consumes: texts(7),
		parameters: list(
			8,
			wrap(
				1,
				wrap(
					2,
					wrap(3, () => queryParameter),
				),
			),
		),
		responses: one(
			9,
			named(
				1,
				wrap(1, () => response),
			),
		),
	},
	extensions: 13,
};

const pathItem: Message = {
	fields: Object.fromEntries(
		[['get', 2] as const, ['put', 3] as const, ['post', 4] as const, ['delete', 5] as const, ['patch', 8] as const].map(
			([method, number]) => [method, one(number, () => operation)],
		),
	),
};

const document: Message = {
	fields: {
		swagger: text(1),
		info: one(2, () => ({ fields: { title: text(1), version: text(2) } })),
		paths: one(
			8,
			named(2, () => pathItem),
		),
		definitions: one(
			9,
			named(1, () => schema),
		),
	},
};

export function encodeOpenApi(value: object): Uint8Array {
	return writeMessage(document, value);
}

function writeMessage({ fields, extensions, from }: Message, value: unknown): Uint8Array {
	const given = from === undefined ? (value as Fields) : from(value);
	const parts: Uint8Array[] = [];
	for (const [name, field] of Object.entries(fields)) {
		if (given[name] !== undefined) parts.push(...writeField(field, given[name]));
	}
	if (extensions === undefined) return Buffer.concat(parts);
	for (const [name, each] of Object.entries(given)) {
		if (name.startsWith('x-')) parts.push(frame(extensions, writePair(name, each, writerOf('yaml'))));
	}
	return Buffer.concat(parts);
}

function writeField({ number, kind, shape }: Field, value: unknown): Uint8Array[] {
	if (kind === 'boolean') return value === true ? [Buffer.concat([writeVarint(number << 3), writeVarint(1)])] : [];
	const write = writerOf(kind);
	if (shape === 'list') return (value as unknown[]).map((each) => frame(number, write(each)));
	if (shape === undefined) return [frame(number, write(value))];
	return Object.entries(value as Fields).map(([name, each]) => frame(number, writePair(name, each, write)));
}

function writerOf(kind: Exclude<Kind, 'boolean'>): Write {
	if (kind === 'text') return (value) => Buffer.from(String(value));
	// JSON is YAML.
	if (kind === 'yaml') return (value) => frame(2, Buffer.from(JSON.stringify(value)));
	return (value) => writeMessage(kind(), value);
}

function writePair(name: string, value: unknown, write: Write): Uint8Array {
	return Buffer.concat([frame(1, Buffer.from(name)), frame(2, write(value))]);
}

/** A field with a length before its bytes. */
function frame(number: number, bytes: Uint8Array): Uint8Array {
	return Buffer.concat([writeVarint((number << 3) | 2), writeVarint(bytes.length), bytes]);
}

function writeVarint(value: number): Uint8Array {
	const bytes: number[] = [];
	let rest = value;
	for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
	return Uint8Array.from([...bytes, rest]);
}
