/** A lab that is whole, and everything that can be wrong with it, each told where it is. */

import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as assert from 'uvu/assert';
import { findLabFolders, lintLab, writeNewLab } from '../../src/lab/index.ts';
import { runCli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';

const test = suite<{ folder: string }>('lint');

test.before.each(async (context) => {
	context.folder = join(mkdtempSync(join(tmpdir(), 'lint-')), 'my-lab');
	await writeNewLab(context.folder);
});
test.after.each(({ folder }) => rmSync(dirname(folder), { recursive: true }));

/** Throws where there was nothing to replace, so that no case is empty. */
function replace(folder: string, file: string, from: string, to: string): void {
	const text = readFileSync(join(folder, file), 'utf8');
	if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
	writeFileSync(
		join(folder, file),
		text.replace(from, () => to),
	);
}

async function lint(folder: string): Promise<string[]> {
	const issues = await lintLab(folder, ['my-lab', 'two-registries']);
	return issues.map(({ file, line, column, message }) => `${relative(folder, file)}:${line}:${column} ${message}`);
}

test('a new lab has nothing wrong, and neither has any that ships', async ({ folder }) => {
	assert.equal(await lint(folder), []);
	const { labs, known } = await findLabFolders([]);
	for (const lab of labs) assert.equal(await lintLab(lab, known), [], lab);
});

/** File, what is replaced, by what, and what is said of it. */
const faults: [file: string, from: string, to: string, says: RegExp][] = [
	['lab.yaml', '  title: A', '  titel: A', /^lab.yaml:7:3 unknown key titel; did you mean title\?$/],
	[
		'lab.yaml',
		'kind: pull-secret',
		'kind: pull-secrets',
		/^lab.yaml:22:11 there is no check pull-secrets; did you mean pull-secret\?$/,
	],
	[
		'lab.yaml',
		'message: The greeting',
		'mesage: The greeting',
		/^lab.yaml:\d+:15 unknown key mesage; did you mean message\?$/,
	],
	[
		'lab.yaml',
		"matches('^[a-z]+$')",
		"matches('(')",
		/^lab.yaml:\d+:15 expression: the pattern is not one of RE2: .* \(line 1, column 26 of the expression\)$/,
	],
	['lab.yaml', 'object.data.text.matches', 'object.data.text.match', /^lab.yaml:\d+:15 expression: .*match/],
	[
		'lab.yaml',
		'registry: registry.example.com',
		'registry: registry.exampel.com',
		/^lab.yaml:25:11 the lab has no registry registry.exampel.com; did you mean registry.example.com\?$/,
	],
	[
		'lab.yaml',
		'          namespace: default',
		'          namespace: defualt',
		/^lab.yaml:23:11 the lab has no namespace defualt; did you mean default\?$/,
	],
	[
		'lab.yaml',
		'      points: 50\n',
		'      points: 50\n      needs: [gret]\n',
		/^lab.yaml:\d+:15 no task before this one is called gret; did you mean greet\?$/,
	],
	[
		'lab.yaml',
		'  minutes: 10',
		'  minutes: 10\n  next: two-registry',
		/^lab.yaml:9:3 there is no lab two-registry; did you mean two-registries\?$/,
	],
	['lab.yaml', 'name: my-lab', 'name: my-lap', /^lab.yaml:5:3 the lab's name is my-lap, its folder my-lab/],
	['lab.yaml', 'spec:', 'spec: [', /^lab.yaml:\d+:\d+ /],
	['lesson.md', 'part: greet', 'part: gret', /^lesson.md:1:1 no part is about the task greet; did you mean gret\?$/],
	['lesson.md', '<!-- part: greet -->', '<!--part: greet-->', /^lesson.md:14:1 a part begins with exactly/],
	['lesson.md', 'part: greet', 'part: store-credentials', /^lesson.md:14:1 two parts are called store-credentials$/],
	['lesson.md', '## Write down', 'Write down', /^lesson.md:14:1 a part begins with a heading of the second level$/],
	['lesson.md', 'text=hello\n```', 'text=hello', /^lesson.md:17:1 this block of code is never closed$/],
	['quiz.yaml', 'kind: single', 'kind: singel', /^quiz.yaml:10:7 kind: .*; did you mean single\?$/],
	['quiz.yaml', 'answer: b', 'answer: c', /^quiz.yaml:14:7 answer: there is no choice c; there are: a, b$/],
	['quiz.yaml', 'answer: b', 'answer: [b]', /^quiz.yaml:14:7 answer: must be one choice$/],
	['quiz.yaml', 'kind: single', 'kind: typed', /^quiz.yaml:11:7 choices: a typed answer has no choices$/],
	['quiz.yaml', 'explain:', 'explian:', /^quiz.yaml:15:7 unknown key explian; did you mean explain\?$/],
	['quiz.yaml', 'name: my-lab', 'name: other', /^quiz.yaml:5:3 the quiz's name is other, its lab's my-lab$/],
	[
		'solution/greet/config-map.yaml',
		'namespace: default',
		'namespace: defaut',
		/^solution\/greet\/config-map.yaml:5:3 the lab has no namespace defaut; did you mean default\?$/,
	],
	['solution/greet/config-map.yaml', 'kind: ConfigMap\n', '', /^solution\/greet\/config-map.yaml:1:1 kind is missing$/],
	[
		'solution/greet/config-map.yaml',
		'\ndata:',
		'\ndata: {image: registry.exampel.com/myapp}\nother:',
		/config-map.yaml:6:8 the lab has no registry registry.exampel.com; did you mean registry.example.com\?$/,
	],
	['solution/greet/config-map.yaml', 'data:', '  data:\n data:', /^solution\/greet\/config-map.yaml:\d+:\d+ /],
	[
		'mistakes/wrong-greeting/mistake.yaml',
		'FieldOther',
		'FieldOthr',
		/mistake.yaml:8:3 reason: .*; did you mean FieldOther\?$/,
	],
	[
		'mistakes/wrong-greeting/mistake.yaml',
		'FieldOther',
		'PullNotRefused',
		/mistake.yaml:8:3 a check of kind resource never gives PullNotRefused$/,
	],
	[
		'mistakes/wrong-greeting/mistake.yaml',
		'check: resource',
		'check: resorce',
		/mistake.yaml:7:3 the task greet has no check resorce; did you mean resource\?$/,
	],
	[
		'mistakes/wrong-greeting/mistake.yaml',
		'task: greet',
		'task: gret',
		/mistake.yaml:6:3 there is no task gret; did you mean greet\?$/,
	],
	[
		'mistakes/wrong-greeting/mistake.yaml',
		'apply: config-map.yaml',
		'apply: config.yaml',
		/mistake.yaml:11:5 there is no file config.yaml here$/,
	],
	[
		'mistakes/wrong-greeting/mistake.yaml',
		'apply: config-map.yaml',
		'aply: config-map.yaml',
		/mistake.yaml:11:5 unknown key aply; did you mean apply\?$/,
	],
	[
		'mistakes/wrong-greeting/mistake.yaml',
		'apply: config-map.yaml',
		'wait: pod/x',
		/mistake.yaml:11:5 .*wait and until go together$/,
	],
	[
		'mistakes/wrong-greeting/mistake.yaml',
		'apply: config-map.yaml',
		'{ solve: gret }',
		/mistake.yaml:11:7 there is no task gret; did you mean greet\?$/,
	],
];

for (const [file, from, to, says] of faults) {
	test(`${file}: ${to.trim().slice(0, 60)}`, async ({ folder }) => {
		replace(folder, file, from, to);
		const issues = await lint(folder);
		assert.ok(
			issues.some((issue) => says.test(issue)),
			issues.join('\n'),
		);
	});
}

for (const [file, says] of [
	['lab.yaml', 'lab.yaml:1:1 a lab needs a lab.yaml'],
	['lesson.md', 'lesson.md:1:1 a lab needs a lesson.md'],
	['quiz.yaml', 'quiz.yaml:1:1 a lab needs a quiz.yaml'],
	['solution/greet/config-map.yaml', 'solution/greet:1:1 the task greet needs a manifest that solves it'],
	['mistakes/wrong-greeting/mistake.yaml', 'mistakes/wrong-greeting/mistake.yaml:1:1 a mistake needs a mistake.yaml'],
] as const) {
	test(`without ${file}`, async ({ folder }) => {
		rmSync(join(folder, file));
		assert.equal(await lint(folder), [says]);
	});
}

test('a solution for a task that is not there', async ({ folder }) => {
	mkdirSync(join(folder, 'solution', 'gret'));
	assert.equal(await lint(folder), ['solution/gret:1:1 there is no task gret; did you mean greet?']);
});

test('mistakes in several files are told at once, file by file', async ({ folder }) => {
	replace(folder, 'quiz.yaml', 'answer: b', 'answer: c');
	replace(folder, 'lab.yaml', 'title: A', 'titel: A');
	appendFileSync(join(folder, 'lesson.md'), '\n```\n');
	const { code, stdout, stderr } = await runCli(['lint', folder]);
	assert.is(code, 2);
	const files = stdout
		.trim()
		.split('\n')
		.map((line) => /(\w+\.\w+):\d+:\d+ /.exec(line)?.[1]);
	assert.equal([...new Set(files)], ['lab.yaml', 'lesson.md', 'quiz.yaml']);
	assert.match(stderr, /\d+ mistakes in 1 lab\./);
});

test('as JSON, with the count in the exit code only', async ({ folder }) => {
	const sound = await runCli(['lint', folder, '-o', 'json']);
	assert.equal([sound.code, JSON.parse(sound.stdout)], [0, { schemaVersion: 1, labs: 1, issues: [] }]);
	rmSync(join(folder, 'quiz.yaml'));
	const { code, stdout } = await runCli(['lint', dirname(folder), '-o', 'json']);
	assert.is(code, 2);
	assert.equal(JSON.parse(stdout).issues, [
		{ file: join(folder, 'quiz.yaml'), line: 1, column: 1, message: 'a lab needs a quiz.yaml' },
	]);
});

test('a folder without labs is a mistake in the command line', async ({ folder }) => {
	const { code, stderr } = await runCli(['lint', join(folder, 'solution')]);
	assert.is(code, 2);
	assert.match(stderr, 'There is no lab there.');
});

test('new never overwrites, and takes only what can be an id', async ({ folder }) => {
	const before = readFileSync(join(folder, 'lab.yaml'), 'utf8');
	writeFileSync(join(folder, 'lab.yaml'), `${before}# mine\n`);
	assert.is((await runCli(['new', folder])).code, 2);
	assert.match(readFileSync(join(folder, 'lab.yaml'), 'utf8'), '# mine');
	assert.is((await runCli(['new', join(dirname(folder), 'My_Lab')])).code, 2);
});

test.run();
