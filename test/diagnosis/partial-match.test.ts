/** Which fields of an object differ from those that are asked for. */

import * as assert from 'uvu/assert';
import { findMismatches } from '../../src/diagnosis/partial-match.ts';
import { suite } from '../harness.ts';

const test = suite('partial match');

const cases: [title: string, expected: unknown, actual: unknown, mismatches: string[]][] = [
	['equal', { a: 1 }, { a: 1 }, []],
	['beside other keys', { a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }, []],
	['another value', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b: 1, is 2']],
	['a number is not a text', { a: '1' }, { a: 1 }, ['a: "1", is 1']],
	['a key that is not there', { a: { b: 1 } }, {}, ['a.b: 1, is not set']],
	['an empty map asks for a map', { a: {} }, {}, ['a: {}, is not set']],
	['an empty map is any map', { a: {} }, { a: { b: 1 } }, []],
	['a map is not a list', { a: { b: 1 } }, { a: [] }, ['a: {"b":1}, is []']],
	['a map is not null', { a: { b: 1 } }, { a: null }, ['a: {"b":1}, is not set']],
	['null asks for nothing', { a: null }, {}, []],
	['null, and there is something', { a: null }, { a: [] }, ['a: not set, is []']],
	['no prototype is looked at', { a: { toString: null } }, { a: {} }, []],
	['a list item by item', { a: [1, 2] }, { a: [1, 2] }, []],
	['a list in another order', { a: [1, 2] }, { a: [2, 1] }, ['a[0]: 1, is 2', 'a[1]: 2, is 1']],
	['a longer list', { a: [1] }, { a: [1, 2] }, ['a: [1], is [1,2]']],
	['an empty list is empty', { a: [] }, { a: [1] }, ['a: [], is [1]']],
	['maps in a list are partial too', { a: [{ p: 80 }] }, { a: [{ p: 80, q: 'TCP' }] }, []],
	[
		'named items in any order, beside others',
		{ a: [{ name: 'y', b: 1 }, { name: 'x' }] },
		{ a: [{ name: 'x' }, { name: 'z' }, { name: 'y', b: 1 }] },
		[],
	],
	[
		'a named item that differs',
		{ a: [{ name: 'y', b: 1 }] },
		{ a: [{ name: 'x' }, { name: 'y', b: 2 }] },
		['a[y].b: 1, is 2'],
	],
	[
		'a named item that is not there',
		{ a: [{ name: 'y' }] },
		{ a: [{ name: 'x' }] },
		['a[y]: {"name":"y"}, is not there'],
	],
	[
		'a list with an item without a name goes by place',
		{ a: [{ name: 'y' }, { b: 1 }] },
		{ a: [{ b: 1 }, { name: 'y' }] },
		['a[0].name: "y", is not set', 'a[1].b: 1, is not set'],
	],
	['a key with dots', { a: { 'x.y/z': 1 } }, { a: { 'x.y/z': 2 } }, ["a['x.y/z']: 1, is 2"]],
];

for (const [title, expected, actual, mismatches] of cases) {
	test(title, () => {
		const found = findMismatches(expected, actual).map((each) => `${each.path}: ${each.expected}, is ${each.actual}`);
		assert.equal(found, mismatches);
	});
}

test('a long value is cut', () => {
	const [found] = findMismatches({ a: 1 }, { a: 'x'.repeat(5000) });
	assert.is(found?.actual.length, 201);
});

test.run();
