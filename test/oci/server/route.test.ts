/** Paths and byte ranges, as tables. */

import * as assert from 'uvu/assert';
import { readContentRange, readRange } from '../../../src/oci/server/byte-range.ts';
import { findPage, parseRoute, tidyPath } from '../../../src/oci/server/route.ts';
import { suite } from '../../harness.ts';

const test = suite('oci/server/route');
const digest = `sha256:${'0'.repeat(64)}`;

test('a repository may have the words of the API in its name', () => {
	const manifest = (repository: string, reference: string) => ({ kind: 'manifest', repository, reference });
	const cases: [path: string, route: object][] = [
		['/v2/a/manifests/1', manifest('a', '1')],
		['/v2/manifests/manifests/manifests', manifest('manifests', 'manifests')],
		['/v2/a/manifests/b/manifests/1', manifest('a/manifests/b', '1')],
		['/v2/a/blobs/uploads/manifests/1', manifest('a/blobs/uploads', '1')],
		['/v2/a/tags/list/manifests/1', manifest('a/tags/list', '1')],
		['/v2/tags/tags/list', { kind: 'tags', repository: 'tags' }],
		['/v2/a/tags/tags/list', { kind: 'tags', repository: 'a/tags' }],
		['/v2/a/blobs/uploads/', { kind: 'upload', repository: 'a', id: '' }],
		['/v2/a/blobs/blobs/uploads/1-2', { kind: 'upload', repository: 'a/blobs', id: '1-2' }],
		[`/v2/a/blobs/${digest}`, { kind: 'blob', repository: 'a', digest }],
		[`/v2/a/blobs/uploads/blobs/${digest}`, { kind: 'blob', repository: 'a/blobs/uploads', digest }],
		[`/v2/a/referrers/${digest}`, { kind: 'referrers', repository: 'a', digest }],
		[`/v2/a_b/c__d/e-f/g--h/i.j/manifests/${digest}`, manifest('a_b/c__d/e-f/g--h/i.j', digest)],
		['/v2/a/manifests/_.-Z', manifest('a', '_.-Z')],
	];
	for (const [path, route] of cases) assert.equal(parseRoute(path), route, path);
});

test('what is no name, no tag and no digest has no page', () => {
	const name = (length: number) => `${'a/'.repeat(length)}a`.slice(0, length);
	assert.ok(parseRoute(`/v2/${name(255)}/manifests/1`));
	for (const path of [
		'',
		'/v1/',
		'/v2//manifests/1',
		'/v2/a/manifests',
		'/v2/a/manifests/',
		'/v2/a/manifests/1/',
		'/v2/a/manifests/.hidden',
		`/v2/a/manifests/${'t'.repeat(129)}`,
		`/v2/${name(257)}/manifests/1`,
		'/v2/a/tags/list/',
		'/v2/a/tags',
		'/v2/A/tags/list',
		'/v2/a..b/tags/list',
		'/v2/a___b/tags/list',
		'/v2/-a/tags/list',
		'/v2/a/../b/tags/list',
		'/v2/./a/tags/list',
		'/v2/a/blobs/1',
		'/v2/a/blobs/uploads',
		'/v2/a/blobs/uploads/a/b',
		'/v2/a/blobs/uploads/a%2f',
		'/v2/a/referrers/1',
		'/v2/_catalog/',
		'/v2/a\n/tags/list',
	]) {
		assert.is(parseRoute(path), null, path);
	}
});

test('a path that is written otherwise leads to its page', () => {
	const tidied: [path: string, tidy: string | null][] = [
		['//v2/', '/v2/'],
		['//host.example.com/v2/', '/host.example.com/v2/'],
		['/v2/a/../b/./tags//list', '/v2/b/tags/list'],
		['/../..', '/'],
		['/v2/a/tags/list/', null],
		['*', null],
		['', null],
	];
	for (const [path, tidy] of tidied) assert.is(tidyPath(path), tidy, path);
	const pages: [path: string, page: string | null][] = [
		['/v2', '/v2/'],
		['/v2/_catalog/', '/v2/_catalog'],
		['/v2/a/tags/list/', '/v2/a/tags/list'],
		['/v2/a/manifests/1/', '/v2/a/manifests/1'],
		['/v2/a/blobs/uploads', '/v2/a/blobs/uploads/'],
		['/v2/a/blobs/uploads/', null],
		['/v2/A/tags/list/', null],
		['/elsewhere/', null],
	];
	for (const [path, page] of pages) assert.is(findPage(path), page, path);
});

test('ranges of ten bytes', () => {
	const cases: [header: string | undefined, range: unknown][] = [
		['bytes=0-0', { first: 0, last: 0 }],
		['bytes=3-', { first: 3, last: 9 }],
		['bytes=3-99', { first: 3, last: 9 }],
		['bytes=-3', { first: 7, last: 9 }],
		['bytes=-99', { first: 0, last: 9 }],
		['bytes=9-9', { first: 9, last: 9 }],
		['bytes=10-', null],
		['bytes=-0', null],
		['bytes=5-4', null],
		['bytes=99999999999999999999-', null],
		[undefined, undefined],
		['', undefined],
		['bytes=', undefined],
		['bytes=-', null],
		['bytes=a-b', null],
		['bytes=0-1,a-b', null],
		['bytes=0-1,3-4', undefined],
		['bytes=0-1,10-', { first: 0, last: 1 }],
		['bytes=10-,11-', null],
		['bytes=0-1,', { first: 0, last: 1 }],
		['items=0-1', undefined],
	];
	for (const [header, range] of cases) assert.equal(readRange(header, 10), range, header);
	for (const header of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) assert.is(readRange(header, 0), null, header);
});

test('places of chunks', () => {
	assert.equal(readContentRange('0-9'), { first: 0, last: 9 });
	assert.equal(readContentRange('bytes 5-5/10'), { first: 5, last: 5 });
	for (const bad of ['', '-', '5-4', '-5', '5-', 'a-b', '1-2,3-4', '1 - 2']) {
		assert.is(readContentRange(bad), null, bad);
	}
});

test.run();
