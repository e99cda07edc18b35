/** Manifests as kubectl reads them, our own files with positions. */

import * as assert from 'uvu/assert';
import { parseManifests, parseOwn, stringifyYaml, YamlError } from '../src/yaml.ts';
import { suite } from './harness.ts';

const test = suite('yaml');

test('manifests are YAML 1.1: booleans by any name, octal modes, merged maps, empty documents', () => {
	assert.equal(parseManifests('a: no\nmode: 0644\n---\n---\nx: &x { q: 1 }\nz: { <<: *x }\n'), [
		{ a: false, mode: 420 },
		{ x: { q: 1 }, z: { q: 1 } },
	]);
	assert.equal(parseManifests(''), []);
});

test('a broken manifest is told with every mistake and its place', () => {
	try {
		parseManifests('a: 1\na: 2\n---\nb: [1\n');
		assert.unreachable();
	} catch (error) {
		assert.ok(error instanceof YamlError);
		assert.equal(
			error.issues.map(({ line }) => line),
			[2, 5],
		);
	}
});

test('our own files are YAML 1.2', () => {
	assert.equal(parseOwn('a: no\nmode: 0644\n').data, { a: 'no', mode: 644 });
	const broken = parseOwn('a: "\n');
	assert.is(broken.data, undefined);
	assert.is(broken.issues.length > 0, true);
});

test('a place is that of the key or the item, else of the nearest thing above it', () => {
	const { positionOf } = parseOwn('spec:\n  tasks:\n    - id: a\n      needs: [x, y]\n');
	assert.equal(positionOf(['spec', 'tasks', 0, 'needs']), { line: 4, column: 7 });
	assert.equal(positionOf(['spec', 'tasks', 0, 'needs', 1]), { line: 4, column: 18 });
	assert.equal(positionOf(['spec', 'tasks', 0]), { line: 3, column: 7 });
	assert.equal(positionOf(['spec', 'points']), { line: 1, column: 1 });
	assert.equal(parseOwn('').positionOf(['spec']), { line: 1, column: 1 });
});

test('what is written is read again', () => {
	const value = { text: 'a: b', list: [1, 'no', null], long: 'word '.repeat(40) };
	assert.equal(parseOwn(stringifyYaml(value)).data, value);
});

test.run();
