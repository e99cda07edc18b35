/** Values in DER (X.690), as far as certificates are made of them. */

export function encodeSequence(...items: Buffer[]): Buffer {
	return frame(0x30, Buffer.concat(items));
}

export function encodeSet(...items: Buffer[]): Buffer {
	return frame(0x31, Buffer.concat(items));
}

/** `bytes`: positive, and without a zero in front. */
export function encodeInteger(bytes: Buffer): Buffer {
	return frame(0x02, bytes);
}

export function encodeTrue(): Buffer {
	return frame(0x01, Buffer.of(0xff));
}

export function encodeOctets(bytes: Buffer): Buffer {
	return frame(0x04, bytes);
}

/** `unused`: how many of the last bits do not count. */
export function encodeBits(bytes: Buffer, unused = 0): Buffer {
	return frame(0x03, Buffer.concat([Buffer.of(unused), bytes]));
}

export function encodeText(text: string): Buffer {
	return frame(0x0c, Buffer.from(text));
}

/** `2.5.4.3` */
export function encodeIdentifier(dotted: string): Buffer {
	const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
	return frame(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(encodeArc)]));
}

/** RFC 5280, 4.1.2.5: with two digits of the year until 2049, with four of them later. */
export function encodeTime(time: Date): Buffer {
	const digits = `${time.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
	return time.getUTCFullYear() < 2050 ? frame(0x17, Buffer.from(digits.slice(2))) : frame(0x18, Buffer.from(digits));
}

/** In place of the type's own tag; `isWhole`: around the value with its tag. */
export function encodeTagged(number: number, content: Buffer, isWhole = false): Buffer {
	return frame((isWhole ? 0xa0 : 0x80) | number, content);
}

function encodeArc(arc: number): number[] {
	const groups = [arc & 0x7f];
	for (let rest = arc >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80);
	return groups;
}

function frame(tag: number, content: Buffer): Buffer {
	return Buffer.concat([Buffer.from([tag, ...encodeLength(content.length)]), content]);
}

function encodeLength(length: number): number[] {
	if (length < 0x80) return [length];
	const bytes: number[] = [];
	for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
	return [0x80 | bytes.length, ...bytes];
}
