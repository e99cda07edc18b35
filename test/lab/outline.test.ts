/** What `up` reads of a lab is what there is to be read, whether the build has seen it or not. */

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { LabFilesError, loadLab } from '../../src/lab/index.ts';
import { type KnownLabs, loadOutline } from '../../src/lab/outline.ts';
import { labsVariable } from '../../src/model/lab.ts';
import { suite } from '../harness.ts';

const test = suite<{ labs: string }>('outline of a lab');
const known = JSON.parse(readFileSync('dist/labs.json', 'utf8')) as KnownLabs;

test.before((context) => {
	context.labs = mkdtempSync(join(tmpdir(), 'labs-'));
	cpSync('labs/two-registries', join(context.labs, 'mine'), { recursive: true });
	process.env[labsVariable] = context.labs;
});
test.after(({ labs }) => {
	delete process.env[labsVariable];
	rmSync(labs, { recursive: true });
});

test('the build knows every lab that comes with the program', () => {
	assert.equal(Object.keys(known).sort(), readdirSync('labs').sort());
});

for (const id of readdirSync('labs')) {
	test(`of ${id} it is the lab, with no more of its tasks than their names`, async () => {
		const { digest, ...lab } = await loadLab(id);
		const tasks = lab.tasks.map(({ id, title }) => ({ id, title }));
		assert.equal(await loadOutline(id), { ...lab, tasks });
		assert.is(known[id]?.digest, digest);
	});
}

test('of a lab that the build has not seen as it is, the file is read', async ({ labs }) => {
	const file = join(labs, 'mine', 'lab.yaml');
	const text = readFileSync(file, 'utf8').replace('name: two-registries', 'name: mine');
	writeFileSync(file, text.replace(/^ {2}title: .*$/m, '  title: Another one'));
	assert.is((await loadOutline('mine')).title, 'Another one');
	writeFileSync(file, text.replace('minutes:', 'minuts:'));
	assert.instance(await loadOutline('mine').catch((error: unknown) => error), LabFilesError);
});

test.run();
