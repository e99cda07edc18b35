/** Reads one file out of a zip archive: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16. */

import { inflateRawSync } from 'node:zlib';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endLength = 22;

/** Stored or deflated, no encryption, below 4 GB. Throws where there is no such entry. */
export function readZipEntry(archive: Uint8Array, wanted: string): Buffer {
	const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
	let end = bytes.length - endLength;
	while (end >= 0 && bytes.readUInt32LE(end) !== endSignature) end -= 1;
	if (end < 0) throw new Error('not a zip archive');
	let at = bytes.readUInt32LE(end + 16);
	while (at < end && bytes.readUInt32LE(at) === entrySignature) {
		const nameLength = bytes.readUInt16LE(at + 28);
		const restLength = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
		const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
		if (name === wanted) return readContent(bytes, at);
		at += 46 + nameLength + restLength;
	}
	throw new Error(`no ${wanted} in the zip archive`);
}

function readContent(bytes: Buffer, entry: number): Buffer {
	const isDeflated = bytes.readUInt16LE(entry + 10) === 8;
	const length = bytes.readUInt32LE(entry + 20);
	const local = bytes.readUInt32LE(entry + 42);
	const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
	const content = bytes.subarray(start, start + length);
	return isDeflated ? inflateRawSync(content) : content;
}
