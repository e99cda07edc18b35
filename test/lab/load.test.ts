/** Labs on disk: the ones that ship, and ones that are wrong in every way. */

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { LabFilesError, listLabs, loadLab } from '../../src/lab/index.ts';
import { UsageError } from '../../src/model/error.ts';
import { suite } from '../harness.ts';

const test = suite<{ folder: string }>('labs on disk');

test.before.each(async (context) => {
	context.folder = await mkdtemp(join(tmpdir(), 'labs-'));
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

async function writeLab(folder: string, id: string, text: string): Promise<void> {
	await mkdir(join(folder, id), { recursive: true });
	await writeFile(join(folder, id, 'lab.yaml'), text);
}

async function catchIssues(folder: string, text: string): Promise<string[]> {
	await writeLab(folder, 'mine', text);
	try {
		await loadLab('mine', { labsFolder: folder });
	} catch (error) {
		if (error instanceof LabFilesError)
			return error.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
		throw error;
	}
	throw new Error('the lab was accepted');
}

test('every lab that ships can be read', async () => {
	const labs = await listLabs();
	assert.ok(labs.some(({ id }) => id === 'pulling-from-private-registries'));
	for (const { id } of labs) {
		const lab = await loadLab(id);
		assert.ok(
			lab.tasks.every((task) => task.checks.length > 0 && task.hints.length > 0),
			id,
		);
		assert.match(lab.digest, /^sha256:[0-9a-f]{64}$/);
	}
});

test('labs are listed as they follow on each other, and each once where they do so in a circle', async ({ folder }) => {
	const [first, second] = [
		['pulling-from-private-registries', 'image-pull-policy', 'fix-broken-pulls'],
		['deployments-and-namespaces', 'two-registries', 'rotate-credentials'],
	];
	const list = async (labsFolder?: string) => (await listLabs(labsFolder)).map(({ id }) => id);
	assert.equal(await list(), [...first, ...second]);
	await cp('labs', folder, { recursive: true });
	const last = await readFile('labs/rotate-credentials/lab.yaml', 'utf8');
	await writeLab(folder, 'rotate-credentials', last.replace('  minutes: 25\n', `$&  next: ${first[0]}\n`));
	assert.equal(await list(folder), [...second, ...first]);
});

test('the first lab is worth 100 points in four tasks', async () => {
	const lab = await loadLab('pulling-from-private-registries');
	assert.equal(
		lab.tasks.map(({ id, points }) => [id, points]),
		[
			['store-credentials', 20],
			['pull-with-a-pod-secret', 30],
			['see-it-refused', 25],
			['attach-to-the-service-account', 25],
		],
	);
});

test("an environment's own hosts and namespaces take the place of the lab's", async () => {
	const lab = await loadLab('pulling-from-private-registries', {
		hosts: { 'registry.example.com': 'school.example:5000' },
		namespaces: { default: 'ana-default' },
	});
	const checks = lab.tasks.flatMap((task) => task.checks.map(({ params }) => params as Record<string, string>));
	assert.ok(checks.some(({ registry }) => registry === 'school.example:5000'));
	assert.ok(checks.some(({ image }) => image === 'school.example:5000/myapp:1.0'));
	assert.ok(checks.some(({ namespace }) => namespace === 'ana-default'));
	assert.ok(!JSON.stringify(checks).includes('registry.example.com'));
});

const sound = `apiVersion: kubeproctor.dev/v1
kind: Lab
metadata: { name: mine }
spec:
  title: Mine
  minutes: 5
  registries:
    - { host: registry.example.com, username: me, password: secret, images: [{ repository: app, tag: "1.0" }] }
  tasks:
    - id: one
      title: One
      points: 10
      checks:
        - { kind: pull-secret, namespace: default, name: creds, registry: registry.example.com }
`;

test('a lab of one task is a lab', async ({ folder }) => {
	await writeLab(folder, 'mine', sound);
	const lab = await loadLab('mine', { labsFolder: folder });
	assert.is(lab.tasks[0]?.checks[0]?.id, 'pull-secret');
	assert.equal(lab.namespaces, ['default']);
});

test("an environment's own names reach into expressions and fields of any kind of object", async ({ folder }) => {
	const check = `{ kind: resource, apiVersion: v1, resource: Namespace, name: staging, match: { a: [registry.example.com/app, myregistry.example.com/app] }, expressions: [{ expression: "object.a.startsWith('registry.example.com/')" }] }`;
	await writeLab(folder, 'mine', sound.replace(/\{ kind: pull-secret.*\}/, check));
	const { tasks } = await loadLab('mine', {
		labsFolder: folder,
		hosts: { 'registry.example.com': 'school.example:5000' },
		namespaces: { staging: 'ana-staging' },
	});
	const { name, match, expressions } = (tasks[0]?.checks[0]?.params ?? {}) as Record<string, unknown>;
	assert.is(name, 'ana-staging');
	assert.equal(match, { a: ['school.example:5000/app', 'myregistry.example.com/app'] });
	assert.equal(expressions, [{ expression: "object.a.startsWith('school.example:5000/')" }]);
});

test('ten mistakes are reported at once, each where it is', async ({ folder }) => {
	const issues = await catchIssues(
		folder,
		`apiVersion: kubeproctor.dev/v2
kind: Lab
metadata: { name: mine }
spec:
  titel: Mine
  minutes: soon
  registries:
    - { host: registry.example.com, username: me, password: "", images: [{ repository: App, tag: 1.0 }] }
  tasks:
    - id: One
      title: One
      points: -5
      checks:
        - { kind: pull-secrets, namespace: default }
        - { kind: pulled-pod, namespace: default, name: p, image: registry.example.com/app:1.0, trough: pod }
`,
	);
	const expected = [
		/^1:1 apiVersion: /,
		/^5:3 unknown key titel; did you mean title\?/,
		/^4:1 title is missing/,
		/^6:3 minutes: /,
		/^8:51 password: /,
		/^8:76 repository: must be a lower-case repository name/,
		/^8:93 tag: /,
		/^10:7 id: must be lower-case/,
		/^12:7 points: /,
		/^14:13 there is no check pull-secrets; did you mean pull-secret\?/,
		/^15:97 unknown key trough; did you mean through\?/,
	];
	for (const pattern of expected)
		assert.ok(
			issues.some((issue) => pattern.test(issue)),
			`${pattern}\n${issues.join('\n')}`,
		);
	assert.is(issues.length, expected.length, issues.join('\n'));
});

test('a check that lacks a parameter, a need that is not there, two tasks of one name', async ({ folder }) => {
	const issues = await catchIssues(
		folder,
		`${sound}    - id: two
      title: Two
      points: 1
      needs: [oen]
      checks: [{ kind: pull-secret, namespace: default, name: creds }]
    - id: one
      title: One again
      points: 1
      checks: []
`,
	);
	assert.ok(
		issues.some((issue) => /registry is missing/.test(issue)),
		issues.join('\n'),
	);
	assert.ok(
		issues.some((issue) => /a task without checks can never be done/.test(issue)),
		issues.join('\n'),
	);
});

test('references are looked at once the shape is right', async ({ folder }) => {
	const issues = await catchIssues(
		folder,
		`${sound}    - id: one
      title: One again
      points: 1
      needs: [oen]
      checks: [{ kind: pull-secret, namespace: default, name: creds, registry: registry.example.com }]
`,
	);
	assert.equal(issues, [
		'15:7 two tasks are called one',
		'18:15 no task before this one is called oen; did you mean one?',
	]);
});

test('what is no YAML is reported where it stops being it', async ({ folder }) => {
	const issues = await catchIssues(folder, 'kind: Lab\nspec: [1, 2\nmore: {\n');
	assert.ok(issues.length > 0);
	assert.match(issues[0] ?? '', /^[23]:/);
});

test("the lab's name is that of its folder", async ({ folder }) => {
	const issues = await catchIssues(folder, sound.replace('name: mine', 'name: yours'));
	assert.match(issues[0] ?? '', /^3:13 the lab's name is yours, its folder mine/);
});

test('a lab that is not there is named, with the one that was meant', async ({ folder }) => {
	await writeLab(folder, 'mine', sound);
	for (const id of ['miney', '../mine', 'mine/..', '']) {
		try {
			await loadLab(id, { labsFolder: folder });
			assert.unreachable();
		} catch (error) {
			assert.instance(error, UsageError);
			assert.match((error as UsageError).message, `There is no lab ${id}.`);
			assert.match((error as UsageError).remedy ?? '', /mine/);
		}
	}
});

test.run();
