/** What Go's encoding/json says about a text that is no JSON (scanner.go), byte by byte as it does. */

import { findJsonDepthFault } from './depth.ts';

class Fault extends Error {}

/** Null where the text is a JSON object or `null`, as a Go map takes it. */
export function describeJsonFault(bytes: Uint8Array): string | null {
	const tooDeep = findJsonDepthFault(bytes);
	if (tooDeep !== null) return tooDeep;
	try {
		const scanner = new Scanner(bytes);
		const kind = scanner.scanDocument();
		if (kind === 'object' || kind === 'null') return null;
		return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
	} catch (error) {
		if (error instanceof Fault) return error.message;
		throw error;
	}
}

type Kind = 'object' | 'array' | 'string' | 'number' | 'bool' | 'null';

class Scanner {
	private readonly bytes: Uint8Array;
	private at = 0;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	scanDocument(): Kind {
		const kind = this.scanValue();
		this.skipSpace();
		if (this.at < this.bytes.length) throw this.refuse('after top-level value');
		return kind;
	}

	private scanValue(): Kind {
		this.skipSpace();
		const first = this.peek();
		if (first === '{') return this.scanObject();
		if (first === '[') return this.scanArray();
		if (first === '"') return this.scanString();
		if (first === '-' || /[0-9]/.test(first)) return this.scanNumber();
		if (first === 't') return this.scanLiteral('true', 'bool');
		if (first === 'f') return this.scanLiteral('false', 'bool');
		if (first === 'n') return this.scanLiteral('null', 'null');
		throw this.refuse('looking for beginning of value');
	}

	private scanObject(): Kind {
		this.at++;
		this.skipSpace();
		if (this.peek() === '}') return this.end('object');
		for (;;) {
			this.skipSpace();
			if (this.peek() !== '"') throw this.refuse('looking for beginning of object key string');
			this.scanString();
			this.skipSpace();
			if (this.peek() !== ':') throw this.refuse('after object key');
			this.at++;
			this.scanValue();
			this.skipSpace();
			if (this.peek() === '}') return this.end('object');
			if (this.peek() !== ',') throw this.refuse('after object key:value pair');
			this.at++;
		}
	}

	private scanArray(): Kind {
		this.at++;
		this.skipSpace();
		if (this.peek() === ']') return this.end('array');
		for (;;) {
			this.scanValue();
			this.skipSpace();
			if (this.peek() === ']') return this.end('array');
			if (this.peek() !== ',') throw this.refuse('after array element');
			this.at++;
		}
	}

	private scanString(): Kind {
		this.at++;
		for (;;) {
			const character = this.peek();
			if (character === '"') return this.end('string');
			if (character === '\\') this.scanEscape();
			else if (character < ' ') throw this.refuse('in string literal');
			else this.at++;
		}
	}

	private scanEscape(): void {
		this.at++;
		const character = this.step();
		if (!/[bfnrt\\/"u]/.test(character)) throw this.refuse('in string escape code');
		this.at++;
		if (character !== 'u') return;
		for (let digit = 0; digit < 4; digit++, this.at++)
			if (!/[0-9a-fA-F]/.test(this.step())) throw this.refuse('in \\u hexadecimal character escape');
	}

	private scanNumber(): Kind {
		if (this.peek() === '-') this.at++;
		if (this.step() === '0') this.at++;
		else this.scanDigits('in numeric literal');
		if (this.current() === '.') {
			this.at++;
			this.scanDigits('after decimal point in numeric literal');
		}
		if (/^[eE]$/.test(this.current())) {
			this.at++;
			if (/[+-]/.test(this.step())) this.at++;
			this.scanDigits('in exponent of numeric literal');
		}
		return 'number';
	}

	private scanDigits(where: string): void {
		if (!/[0-9]/.test(this.step())) throw this.refuse(where);
		while (/^[0-9]$/.test(this.current())) this.at++;
	}

	private scanLiteral(word: string, kind: Kind): Kind {
		for (const expected of word) {
			if (this.step() !== expected) throw this.refuse(`in literal ${word} (expecting '${expected}')`);
			this.at++;
		}
		return kind;
	}

	private skipSpace(): void {
		while (/^[ \t\r\n]$/.test(this.current())) this.at++;
	}

	private end(kind: Kind): Kind {
		this.at++;
		return kind;
	}

	/** Empty at the end of the text. */
	private current(): string {
		const byte = this.bytes[this.at];
		return byte === undefined ? '' : String.fromCharCode(byte);
	}

	private peek(): string {
		const character = this.current();
		if (character === '') throw new Fault('unexpected end of JSON input');
		return character;
	}

	/** Within a token, Go takes the end of the text for a space. */
	private step(): string {
		return this.current() || ' ';
	}

	private refuse(where: string): Fault {
		const character = this.step();
		const quoted = character === "'" ? "\\'" : character === '"' ? '"' : JSON.stringify(character).slice(1, -1);
		return new Fault(`invalid character '${quoted.replace(/\\u00/, '\\x')}' ${where}`);
	}
}
