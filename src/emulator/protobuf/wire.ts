/** Protobuf on the wire: fields of a message, one after the other. */

export class ProtobufError extends Error {
	override readonly name = 'ProtobufError';
	/** What the bytes say that they are; absent where it was not read. */
	head?: { apiVersion: string; kind: string };
}

/** A number for varints and fixed widths, bytes for everything else. */
export interface WireField {
	number: number;
	value: bigint | Uint8Array;
}

export function readFields(bytes: Uint8Array): WireField[] {
	const fields: WireField[] = [];
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let at = 0;
	const readVarint = (): bigint => {
		let value = 0n;
		for (let shift = 0n; shift < 70n; shift += 7n) {
			const byte = bytes[at++];
			if (byte === undefined) throw new ProtobufError('unexpected EOF');
			value |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80) return BigInt.asIntN(64, value);
		}
		throw new ProtobufError('proto: integer overflow');
	};
	const take = (length: number): number => {
		const start = at;
		if (length < 0 || start + length > bytes.length) throw new ProtobufError('unexpected EOF');
		at += length;
		return start;
	};
	while (at < bytes.length) {
		const tag = Number(readVarint());
		const number = tag >>> 3;
		switch (tag & 7) {
			case 0:
				fields.push({ number, value: readVarint() });
				break;
			case 1:
				fields.push({ number, value: view.getBigUint64(take(8), true) });
				break;
			case 2: {
				const length = Number(readVarint());
				const start = take(length);
				fields.push({ number, value: bytes.subarray(start, start + length) });
				break;
			}
			case 5:
				fields.push({ number, value: BigInt(view.getUint32(take(4), true)) });
				break;
			default:
				throw new ProtobufError(`proto: illegal wireType ${tag & 7}`);
		}
	}
	return fields;
}

export function readText(value: bigint | Uint8Array): string {
	return Buffer.from(readBytes(value)).toString();
}

export function readBytes(value: bigint | Uint8Array): Uint8Array {
	if (typeof value === 'bigint') throw new ProtobufError('proto: wrong wireType');
	return value;
}

export function readNumber(value: bigint | Uint8Array): number {
	if (typeof value !== 'bigint') throw new ProtobufError('proto: wrong wireType');
	return Number(value);
}
