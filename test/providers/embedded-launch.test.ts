import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { listStateFolders } from '../../src/environment/state-folder.ts';
import { startAhead } from '../../src/providers/embedded-launch.ts';
import { suite } from '../harness.ts';

interface Place {
	home: string;
	environments: string;
	/** Of the environment that is to be made. */
	folder: string;
}

const test = suite<Place>('launch of an embedded environment ahead of its plan');

test.before.each((place) => {
	place.home = mkdtempSync(join(tmpdir(), 'kubeproctor-launch-'));
	place.environments = join(place.home, 'environments');
	place.folder = join(place.environments, 'ann');
	mkdirSync(place.environments);
});
test.after.each(({ home }) => rmSync(home, { recursive: true }));

test('leaves nothing where no plan comes', async ({ folder, environments }) => {
	const standby = startAhead(folder, 'ann');
	assert.ok(standby);
	await standby?.dismiss();
	assert.equal(readdirSync(environments), []);
});

test('makes no environment: whoever is killed before the plan leaves none behind', async ({ home, folder }) => {
	// What somebody left who was killed just then.
	writeFileSync(`${folder}.log`, '');
	const standby = startAhead(folder, 'ann');
	assert.ok(standby);
	assert.equal(await listStateFolders(home), []);
	await standby?.dismiss();
});

test('is for an environment that has no folder yet', ({ folder }) => {
	mkdirSync(folder);
	assert.is(startAhead(folder, 'ann'), null);
});

test('is taken once, and what was taken is left alone', async ({ folder, environments }) => {
	const standby = startAhead(folder, 'ann');
	mkdirSync(folder);
	const child = standby?.take();
	assert.is(standby?.take(), null);
	await standby?.dismiss();
	assert.ok(child && child.signalCode === null && existsSync(join(folder, 'embedded.log')));
	assert.equal(readdirSync(environments), ['ann']);
	const ended = new Promise((resolve) => child?.once('exit', resolve));
	// Without a plan it ends by itself once nobody can send one any more.
	child?.disconnect();
	assert.is(await ended, 2);
});

test.run();
