/** Digests: made, read, compared. */

import * as assert from 'uvu/assert';
import { digestOf, InvalidDigestError, isDigest, isDigestOf, parseDigest } from '../../src/oci/digest.ts';
import { suite } from '../harness.ts';

const test = suite('oci/digest');
const empty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('of nothing and of text', () => {
	assert.is(digestOf(''), empty);
	assert.is(digestOf(Buffer.from('abc')), 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('compares bytes with a digest of any algorithm that we know', () => {
	assert.ok(isDigestOf(empty, ''));
	assert.not(isDigestOf(empty, 'x'));
	assert.ok(
		isDigestOf(
			`sha512:${'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e'}`,
			'',
		),
	);
	assert.not(isDigestOf('md5:d41d8cd98f00b204e9800998ecf8427e', ''));
	assert.not(isDigestOf('', ''));
});

test('what is no digest says why, as go-digest does', () => {
	for (const [text, message] of [
		['', 'invalid checksum digest format'],
		['sha256:', 'invalid checksum digest format'],
		[':abc', 'invalid checksum digest format'],
		['sha256:abc', 'invalid checksum digest length'],
		[empty.toUpperCase(), 'invalid checksum digest format'],
		[empty.replace('e3b0', 'E3B0'), 'invalid checksum digest format'],
		['md5:d41d8cd98f00b204e9800998ecf8427e', 'unsupported digest algorithm'],
		['constructor:abc', 'unsupported digest algorithm'],
	] as const) {
		assert.throws(
			() => parseDigest(text),
			(error: unknown) => error instanceof InvalidDigestError && error.message === message,
		);
		assert.not(isDigest(text));
	}
	assert.is(parseDigest(empty), empty);
});

test.run();
