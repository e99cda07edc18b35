/** JSON read into nodes that keep what decoding must tell: the order of fields, duplicates, and numbers as written. */

import { findJsonDepthFault } from '../validation/depth.ts';
import { describeJsonFault } from '../validation/go-json.ts';

export type JsonNode =
	| { kind: 'object'; fields: [name: string, value: JsonNode][] }
	| { kind: 'array'; items: JsonNode[] }
	| { kind: 'string'; value: string }
	| { kind: 'number'; text: string }
	| { kind: 'bool'; value: boolean }
	| { kind: 'null' };

/** The text is no JSON; in Go's words. */
export class JsonTextError extends Error {}

export function parseJsonText(text: string): JsonNode {
	const tooDeep = findJsonDepthFault(Buffer.from(text));
	if (tooDeep !== null) throw new JsonTextError(tooDeep);
	try {
		JSON.parse(text);
	} catch {
		throw new JsonTextError(describeJsonFault(Buffer.from(text)) ?? 'unexpected end of JSON input');
	}
	return new Reader(text).readValue();
}

/** A value that never was text, such as one that a patch has made. */
export function toNode(value: unknown): JsonNode {
	if (Array.isArray(value)) return { kind: 'array', items: value.map(toNode) };
	if (typeof value === 'string') return { kind: 'string', value };
	if (typeof value === 'number') return { kind: 'number', text: String(value) };
	if (typeof value === 'boolean') return { kind: 'bool', value };
	if (value === null || typeof value !== 'object') return { kind: 'null' };
	const fields = Object.entries(value).filter(([, each]) => each !== undefined);
	return { kind: 'object', fields: fields.map(([name, each]) => [name, toNode(each)]) };
}

/** Loses what only a node keeps. */
export function toValue(node: JsonNode): unknown {
	if (node.kind === 'object') {
		const value: Record<string, unknown> = {};
		for (const [name, each] of node.fields) setField(value, name, toValue(each));
		return value;
	}
	if (node.kind === 'array') return node.items.map(toValue);
	if (node.kind === 'number') return Number(node.text);
	return node.kind === 'null' ? null : node.value;
}

/** Names that stand twice in an object, anywhere. */
export function findDuplicates(node: JsonNode, path = ''): string[] {
	if (node.kind === 'array') return node.items.flatMap((each, index) => findDuplicates(each, `${path}[${index}]`));
	if (node.kind !== 'object') return [];
	const seen = new Set<string>();
	return node.fields.flatMap(([name, each]) => {
		const inner = path === '' ? name : `${path}.${name}`;
		const own = seen.has(name) ? [`duplicate field "${inner}"`] : [];
		seen.add(name);
		return [...own, ...findDuplicates(each, inner)];
	});
}

/** `__proto__` is a field like any other. */
export function setField(object: Record<string, unknown>, name: string, value: unknown): void {
	if (name === '__proto__') {
		Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
	} else object[name] = value;
}

/** Reads text that is known to be JSON. */
class Reader {
	private readonly text: string;
	private at = 0;

	constructor(text: string) {
		this.text = text;
	}

	readValue(): JsonNode {
		this.skipSpace();
		const first = this.text[this.at];
		if (first === '{') return this.readObject();
		if (first === '[') return this.readArray();
		if (first === '"') return { kind: 'string', value: this.readString() };
		const word = this.readWord();
		if (word === 'null') return { kind: 'null' };
		return first === 't' || first === 'f' ? { kind: 'bool', value: first === 't' } : { kind: 'number', text: word };
	}

	private readObject(): JsonNode {
		const fields: [string, JsonNode][] = [];
		this.at += 1;
		while (!this.meets('}')) {
			const name = this.readString();
			this.meets(':');
			fields.push([name, this.readValue()]);
			this.meets(',');
		}
		return { kind: 'object', fields };
	}

	private readArray(): JsonNode {
		const items: JsonNode[] = [];
		this.at += 1;
		while (!this.meets(']')) {
			items.push(this.readValue());
			this.meets(',');
		}
		return { kind: 'array', items };
	}

	private readString(): string {
		this.skipSpace();
		const start = this.at;
		this.at += 1;
		while (this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1;
		this.at += 1;
		return JSON.parse(this.text.slice(start, this.at)) as string;
	}

	private readWord(): string {
		const start = this.at;
		while (this.at < this.text.length && !',]} \t\r\n'.includes(this.text[this.at] ?? '')) this.at += 1;
		return this.text.slice(start, this.at);
	}

	private meets(character: string): boolean {
		this.skipSpace();
		if (this.text[this.at] !== character) return false;
		this.at += 1;
		return true;
	}

	private skipSpace(): void {
		while (' \t\r\n'.includes(this.text[this.at] ?? 'end')) this.at += 1;
	}
}
