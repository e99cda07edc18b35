/** The package as others install it: its public API, and the types that come with it. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';

const test = suite<{ folder: string }>('package', { timeout: 90 });
const tsc = resolve('node_modules/.bin/tsc');

/** Packed without its scripts, which would build anew what other tests run; the types are made as they make them. */
test.before((context) => {
	context.folder = mkdtempSync(join(tmpdir(), 'package-'));
	const modules = join(context.folder, 'node_modules');
	const installed = join(modules, 'kubeproctor');
	mkdirSync(installed, { recursive: true });
	execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', context.folder]);
	const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
	const tarball = join(context.folder, `kubeproctor-${version}.tgz`);
	execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
	execFileSync(tsc, ['-p', 'tsconfig.types.json', '--outDir', join(installed, 'dist/types')]);
	for (const name of ['zod', '@types', 'undici-types']) symlinkSync(resolve('node_modules', name), join(modules, name));
	writeFileSync(join(context.folder, 'package.json'), '{ "type": "module" }');
});
test.after(({ folder }) => rmSync(folder, { recursive: true }));

const program = `
import { grade, gradeEvidence, JumpingClock, LabError, listLabs, loadLab, startEmulator } from 'kubeproctor';
import type { Emulator, Lab, Report } from 'kubeproctor';

const lab: Lab = await loadLab('pulling-from-private-registries');
const emulator: Emulator = await startEmulator({ clock: new JumpingClock() });
const namespaces = emulator.client.list('namespaces', null);
await emulator.stop();
const labs: string[] = (await listLabs()).map(({ id }) => id);
const report: ((file: string) => Promise<Report>) = gradeEvidence;
const code: string = await grade({ name: 'absent' }).then(() => 'graded', (error) => (error as LabError).code);
console.log(JSON.stringify({ tasks: lab.tasks.length, url: emulator.url, namespaces, labs, report: typeof report, code }));
`;

test('its types fit a program that uses it', ({ folder }) => {
	writeFileSync(join(folder, 'program.ts'), program);
	const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--outDir', folder];
	execFileSync(tsc, [...options, 'program.ts'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
	writeFileSync(join(folder, 'wrong.ts'), program.replace('const lab: Lab', 'const lab: number'));
	assert.throws(() => execFileSync(tsc, [...options, '--noEmit', 'wrong.ts'], { cwd: folder, stdio: 'pipe' }));
});

test('that program runs', ({ folder }) => {
	const env = { ...process.env, KUBEPROCTOR_HOME: join(folder, 'home') };
	const out = JSON.parse(execFileSync(process.execPath, ['program.js'], { cwd: folder, encoding: 'utf8', env }));
	assert.is(out.tasks, 4);
	assert.match(out.url, /^https:\/\/127\.0\.0\.1:\d+$/);
	assert.ok(out.labs.includes('pulling-from-private-registries'));
	assert.is(out.code, 'environment-absent');
	assert.match(JSON.stringify(out.namespaces), 'kube-public');
});

test('it brings the labs, their schemas, and nothing of the sources', ({ folder }) => {
	const list = execFileSync('sh', ['-c', 'tar -tzf kubeproctor-*.tgz'], { cwd: folder, encoding: 'utf8' }).split('\n');
	for (const file of ['dist/index.js', 'json-schema/lab.json', 'labs/pulling-from-private-registries/lab.yaml']) {
		assert.ok(list.includes(`package/${file}`), file);
	}
	assert.not.ok(list.some((file) => /^package\/(src|test)\//.test(file)));
});

test.run();
