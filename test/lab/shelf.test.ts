/** Labs of one's own beside the built-in ones. */

import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as assert from 'uvu/assert';
import { cli, runProgram } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';

const firstLab = 'pulling-from-private-registries';
const test = suite<{ folder: string }>('labs of one own');

test.before.each(async (context) => {
	context.folder = await mkdtemp(join(tmpdir(), 'labs-'));
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

async function writeLab(folder: string, id: string): Promise<void> {
	await mkdir(join(folder, id), { recursive: true });
	await writeFile(
		join(folder, id, 'lab.yaml'),
		`apiVersion: kubeproctor.dev/v1
kind: Lab
metadata: { name: ${id} }
spec:
  title: Mine
  minutes: 5
  registries:
    - { host: registry.example.com, username: me, password: secret, images: [{ repository: app, tag: "1.0" }] }
  tasks:
    - id: one
      title: One
      points: 10
      checks: [{ kind: resource, apiVersion: v1, resource: ConfigMap, name: one }]
`,
	);
}

async function list(args: string[], labs?: string) {
	const env = labs === undefined ? {} : { KUBEPROCTOR_LABS: labs };
	const ending = await runProgram(process.execPath, [cli, 'list', '-o', 'json', ...args], env);
	const ids = ending.stdout === '' ? [] : (JSON.parse(ending.stdout) as { id: string }[]).map(({ id }) => id);
	return { ...ending, ids };
}

test('an option names them, wherever it stands', async ({ folder }) => {
	await writeLab(folder, 'mine');
	await mkdir(join(folder, 'notes'));
	for (const { ids, code } of [
		await list(['--labs', folder]),
		await runProgram(process.execPath, [cli, '--labs', folder, 'list', '-o', 'json'], {}).then(({ code, stdout }) => ({
			code,
			ids: (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id),
		})),
	]) {
		assert.is(code, 0);
		assert.ok(ids.includes('mine') && ids.includes(firstLab));
		assert.not.ok(ids.includes('notes'));
	}
	assert.not.ok((await list([])).ids.includes('mine'));
});

test('a variable names several folders', async ({ folder }) => {
	await writeLab(join(folder, 'a'), 'mine');
	await writeLab(join(folder, 'b'), 'yours');
	const { ids } = await list([], [join(folder, 'a'), join(folder, 'b')].join(delimiter));
	assert.ok(ids.includes('mine') && ids.includes('yours'));
});

test('a lab whose files are wrong is named, and the others are listed', async ({ folder }) => {
	await writeLab(folder, 'mine');
	await writeLab(folder, 'other-name');
	await rename(join(folder, 'other-name'), join(folder, 'renamed'));
	const { code, ids, stderr } = await list(['--labs', folder]);
	assert.is(code, 2);
	assert.ok(ids.includes('mine') && ids.includes(firstLab));
	assert.not.ok(ids.includes('renamed'));
	assert.match(
		stderr,
		/^renamed is not listed\. The lab has 1 mistake:\n\S+lab\.yaml:3:\d+ the lab's name is other-name/m,
	);
	const plain = await runProgram(process.execPath, [cli, '--labs', folder, 'list'], {});
	assert.is(plain.code, 2);
	assert.match(plain.stdout, /^mine .*1 task, 5 minutes\n {2}Mine$/m);
	assert.match(plain.stdout, new RegExp(`^${firstLab}`, 'm'));
});

const refused: [title: string, arrange: (folder: string) => Promise<string>, message: RegExp][] = [
	[
		'an id that a lab has already',
		async (folder) => {
			await writeLab(folder, firstLab);
			return folder;
		},
		/Two labs are called pulling-from-private-registries: \S+ and \S+[\s\S]*another name/,
	],
	[
		'a folder that is not there',
		async (folder) => join(folder, 'absent'),
		/no folder \S+absent[\s\S]*one folder per lab/,
	],
	[
		'a lab instead of a folder of labs',
		async (folder) => {
			await writeLab(folder, 'mine');
			return join(folder, 'mine');
		},
		/is a lab, not a folder of labs[\s\S]*--labs \//,
	],
];

for (const [title, arrange, message] of refused) {
	test(`${title} is a mistake in the command line`, async ({ folder }) => {
		const { code, stderr } = await list(['--labs', await arrange(folder)]);
		assert.is(code, 2);
		assert.match(stderr, message);
	});
}

test('an unknown lab: how labs of one own are named is told', async ({ folder }) => {
	await writeLab(folder, 'mine');
	const { code, stderr } = await runProgram(process.execPath, [cli, 'up', 'mine'], {
		KUBEPROCTOR_HOME: folder,
		CI: '1',
	});
	assert.is(code, 2);
	assert.match(stderr, /no lab mine[\s\S]*--labs DIR/);
});

test.run();
