/** The import table holds, and the check that keeps it sees every way to get round it. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { table } from './architecture/table.ts';
import { findCycles, findViolations } from './architecture/violations.ts';
import { suite } from './harness.ts';

const test = suite('architecture');

const neighbours: [string, string][] = [
	['kube/client.ts', 'export const x = 1;'],
	['oci/client.ts', 'export const x = 1;'],
	['oci/reference.ts', 'export const x = "import(\'execa\')";'],
];

test('every file keeps to the table', () => {
	const sources = new Map(listSources('src').map((file) => [path.relative('src', file), readFileSync(file, 'utf8')]));
	assert.ok(sources.size > 20, 'the sources were not found');
	assert.equal(findViolations(sources), []);
});

test('the table itself has no cycle', () => {
	const edges = Object.entries(table).map(
		([owner, { may }]) => [owner, may.map((each) => each.replace(/\/.*/, ''))] as const,
	);
	assert.equal(findCycles(new Map(edges)), []);
});

/** What is wrong → a file, its text, and what is said of it. */
const wrong: Record<string, [file: string, text: string, says: string]> = {
	'a static import': ['model/a.ts', "import { x } from '../kube/client.ts';", 'imports kube/client.ts: not for model'],
	'a bare import': ['model/a.ts', "import '../kube/client.ts';", 'imports kube/client.ts: not for model'],
	'an export from': ['model/a.ts', "export * from '../kube/client.ts';", 'imports kube/client.ts: not for model'],
	'a named export from': ['model/a.ts', "export { x } from '../kube/client.ts';", 'imports kube/client.ts'],
	'an import()': [
		'model/a.ts',
		"const x = await import('../kube/client.ts');",
		'imports kube/client.ts: not for model',
	],
	'an import of a type': ['model/a.ts', "import type { X } from '../kube/client.ts';", 'imports kube/client.ts'],
	'a type import()': ['model/a.ts', "type X = import('../kube/client.ts').X;", 'imports kube/client.ts: not for model'],
	'a require': ['model/a.ts', "const x = require('execa');", 'imports execa: not a package for model'],
	'an import = require': ['model/a.ts', "import x = require('execa');", 'imports execa: not a package for model'],
	'a computed import()': ['cli.ts', 'await import(name);', 'imports something computed'],
	'an import() of a template': ['cli.ts', 'await import(`./x.ts`);', 'imports something computed'],
	'a package elsewhere': ['grading/a.ts', "import { execa } from 'execa';", 'imports execa: not a package for grading'],
	'a part of a package': [
		'grading/a.ts',
		"import x from '@kubernetes/client-node/dist/x.js';",
		'not a package for grading',
	],
	'a module of Node in a pure folder': [
		'checks/a.ts',
		"import fs from 'node:fs';",
		'imports node:fs, but checks is pure',
	],
	'a way out of src': ['kube/a.ts', "import x from '../../package.json';", 'imports ../../package.json, outside src'],
	'a file that is not there': ['kube/a.ts', "import x from './gone.ts';", 'imports ./gone.ts, which is not there'],
	'a folder nobody knows': [
		'helpers/a.ts',
		"import x from 'node:fs';",
		'belongs to helpers, which the table does not know',
	],
	'another file of a folder of which one is allowed': [
		'pull/a.ts',
		"import x from '../oci/client.ts';",
		'not for pull',
	],
	'a command that loads too early': ['commands/a.ts', "import x from '../kube/client.ts';", 'at its top'],
	'process.exit': ['kube/a.ts', 'process.exit(1);', 'ends the process'],
	'process.exit, by its name': ['kube/a.ts', "process['exit'](1);", 'ends the process'],
	'process.exit, taken apart': ['kube/a.ts', 'const { exit } = process;', 'ends the process'],
	'process.exit, through globalThis': ['kube/a.ts', 'globalThis.process.exit(1);', 'ends the process'],
};

for (const [name, [file, text, says]] of Object.entries(wrong)) {
	test(`it sees ${name}`, () => {
		const violations = findViolations(new Map([...neighbours, [file, text]]));
		assert.is(violations.length, 1, violations.join('\n'));
		assert.match(violations[0] ?? '', says);
	});
}

test('it sees a cycle, also through import()', () => {
	const sources = new Map([
		['kube/a.ts', "import './b.ts';"],
		['kube/b.ts', "export const load = () => import('./c.ts');"],
		['kube/c.ts', "export * from './a.ts';"],
	]);
	assert.equal(findViolations(sources), ['kube/a.ts → kube/b.ts → kube/c.ts → kube/a.ts is a cycle']);
});

test('it lets pass what is allowed', () => {
	const sources = new Map([
		...neighbours,
		['pull/a.ts', "import { x } from '../oci/reference.ts';"],
		['commands/a.ts', "import type { Command } from 'commander'; const x = () => import('../kube/client.ts');"],
		['cli.ts', "import './program.ts'; process.exit(0); // import('execa')"],
		['program.ts', "import x from '../package.json' with { type: 'json' };"],
	]);
	assert.equal(findViolations(sources), []);
});

test.run();

function listSources(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const inside = path.join(folder, entry.name);
		return entry.isDirectory() ? listSources(inside) : /\.(ts|json)$/.test(inside) ? [inside] : [];
	});
}
