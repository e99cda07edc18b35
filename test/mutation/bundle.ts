/** Bundles the tests of judging, and all of ours that they use, into one file: it can be loaded afresh at little cost. */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';

/** In the order in which they are run, the cheap ones first: a mutant is done with once a test has noticed it. */
const folders = ['checks', 'diagnosis', 'oracle', 'grading'];
const last = ['evidence.test.ts', 'grade.test.ts', 'follow.test.ts'];
/** Minutes on a jumping clock: too much for every mutant, and what they hold to is held to in less time as well. */
const slow = ['settle.test.ts', 'played.test.ts'];
const entry = 'every test';
const collect = path.resolve('test/mutation/collect.ts');

const files = folders.flatMap((folder) =>
	readdirSync(path.join('test', folder))
		.filter((name) => name.endsWith('.test.ts') && !slow.includes(name))
		.sort((a, b) => last.indexOf(a) - last.indexOf(b))
		.map((name) => path.resolve('test', folder, name)),
);

await build({
	input: { bundle: entry },
	platform: 'node',
	external: /^(?!every test$)[^./]/,
	plugins: [
		{
			name: 'tests without a runner',
			resolveId(source) {
				if (source === entry) return entry;
				return source.endsWith('/harness.ts') ? collect : null;
			},
			load(id) {
				if (id !== entry) return null;
				const imports = files.map((file) => `import ${JSON.stringify(file)};`);
				return [...imports, `export { suites } from ${JSON.stringify(collect)};`].join('\n');
			},
		},
	],
	// Beside the fixtures' folder, as the tests are.
	output: { dir: 'test/mutation', format: 'esm', entryFileNames: '[name].mjs', codeSplitting: false },
});
