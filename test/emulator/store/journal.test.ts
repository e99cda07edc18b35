import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { openJournal } from '../../../src/emulator/store/journal.ts';
import { MemoryStore } from '../../../src/emulator/store/memory.ts';
import { LabError } from '../../../src/model/error.ts';
import { suite } from '../../harness.ts';
import { configMap, keyOf } from './objects.ts';

const test = suite('journal');
const folder = mkdtempSync(join(tmpdir(), 'journal-'));
let count = 0;

test.after(() => rmSync(folder, { recursive: true }));

function newFile(): string {
	return join(folder, `journal-${++count}`);
}

function open(path: string): { store: MemoryStore; close(): void } {
	const { initial, keep, close } = openJournal(path);
	return { store: new MemoryStore({ keep, ...(initial && { initial }) }), close };
}

function fill(path: string, objects: number): void {
	const { store, close } = open(path);
	for (let each = 0; each < objects; each++) store.write(keyOf(`a${each}`), configMap(`a${each}`, `line\n${each} ü`));
	close();
}

test('brings back objects, deletions and the revision', () => {
	const path = newFile();
	const first = open(path);
	first.store.write(keyOf('a'), configMap('a', 'one'));
	first.store.write(keyOf('a'), configMap('a', 'two'));
	first.store.write(keyOf('b'), configMap('b'));
	first.store.write(keyOf('b'), null);
	first.close();
	const again = open(path);
	assert.is(again.store.revision, first.store.revision);
	assert.equal(again.store.list('configmaps', null), first.store.list('configmaps', null));
	again.store.write(keyOf('c'), configMap('c'));
	again.close();
	assert.is(open(path).store.revision, first.store.revision + 1);
});

test('can be read by its owner alone', () => {
	const path = newFile();
	fill(path, 1);
	assert.is(statSync(path).mode & 0o777, 0o600);
});

test('drops a last line that was cut short, wherever it was cut, and goes on after it', () => {
	const path = newFile();
	fill(path, 3);
	const whole = readFileSync(path);
	const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
	for (const end of [lastLine + 1, lastLine + 9, lastLine + 40, whole.length - 1]) {
		writeFileSync(path, whole.subarray(0, end));
		const { store, close } = open(path);
		assert.is(store.list('configmaps', null).length, 2, `cut at ${end}`);
		store.write(keyOf('z'), configMap('z'));
		close();
		assert.is(open(path).store.list('configmaps', null).length, 3);
	}
});

test('reports any other damage with its line', () => {
	const path = newFile();
	fill(path, 3);
	const [one = '', two = '', three = ''] = readFileSync(path, 'utf8').split('\n');
	const damages: [number, string[]][] = [
		[2, [one, two.replace('a1', 'a7'), three]],
		[3, [one, three, two]],
		[1, ['', two, three]],
		[3, [one, two, three.slice(0, -3)]],
	];
	for (const [line, lines] of damages) {
		writeFileSync(path, `${lines.join('\n')}\n`);
		const error = catchError(() => openJournal(path));
		assert.instance(error, LabError);
		assert.is((error as LabError).code, 'journal-damaged');
		assert.match((error as LabError).message, new RegExp(`^Line ${line} `));
	}
});

test('does not take over what follows a line that is not whole', () => {
	const path = newFile();
	fill(path, 2);
	appendFileSync(path, '00000000 [9');
	assert.is(open(path).store.list('configmaps', null).length, 2);
});

test('is rewritten at the start once most of it is out of date', () => {
	const path = newFile();
	const first = open(path);
	for (let each = 0; each < 1500; each++)
		first.store.write(keyOf(`a${each % 3}`), configMap(`a${each % 3}`, String(each)));
	first.store.write(keyOf('a0'), null);
	first.close();
	const before = statSync(path).size;
	const again = open(path);
	assert.ok(statSync(path).size < before / 100, `${statSync(path).size} of ${before} bytes`);
	assert.is(again.store.revision, first.store.revision);
	assert.equal(again.store.list('configmaps', null), first.store.list('configmaps', null));
	again.close();
	assert.is(open(path).store.revision, first.store.revision);
});

function catchError(action: () => unknown): unknown {
	try {
		action();
	} catch (error) {
		return error;
	}
	return null;
}

test.run();
