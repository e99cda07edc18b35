/** A real registry:2: it answers as it was recorded, and does all that our own registry does with our client. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { writeHtpasswdLine } from '../../../src/oci/htpasswd.ts';
import { findPackageFolder } from '../../../src/package-root.ts';
import { type Answer, ask } from '../../contracts/registry/ask.ts';
import { addCases, learner } from '../../contracts/registry/cases.ts';
import { takeSteps } from '../../contracts/registry/steps.ts';
import { suite } from '../../harness.ts';

const test = suite('cluster/oci-server/registry-2', { timeout: 120 });
const container = `kubeproctor-test-contract-${process.pid}`;
let url = '';

test.before(async () => {
	const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-test-'));
	try {
		mkdirSync(join(folder, 'etc/kubeproctor'), { recursive: true });
		writeFileSync(join(folder, 'etc/kubeproctor/htpasswd'), await writeHtpasswdLine(learner));
		await docker('create', '--name', container, '--publish', '127.0.0.1::5000', 'registry:2');
		const config = join(findPackageFolder('registry-setup'), 'config.yml');
		await docker('cp', config, `${container}:/etc/docker/registry/config.yml`);
		await docker('cp', join(folder, 'etc'), `${container}:/`);
		await docker('start', container);
	} finally {
		rmSync(folder, { recursive: true });
	}
	const { stdout } = await docker('port', container, '5000/tcp');
	url = `http://${stdout.split('\n', 1)[0]}`;
	for (let tries = 0; tries < 200; tries++) {
		const answer = await ask(url, { method: 'GET', path: '/v2/' }).catch(() => null);
		if (answer?.status === 401) return;
		await sleep(50);
	}
	throw new Error('registry:2 does not answer');
});

test.after(() => docker('rm', '--force', '--volumes', container));

test('the record of its answers is true', async () => {
	const recorded = JSON.parse(readFileSync('test/fixtures/registry-2.json', 'utf8')) as Record<string, Answer>;
	const answers = await takeSteps(url);
	for (const [name, answer] of Object.entries(answers)) assert.equal(mask(answer), mask(recorded[name]), name);
	assert.is(Object.keys(answers).length, Object.keys(recorded).length);
});

addCases(test, () => url);

/** The only thing that it makes up anew each time. */
function mask(answer: Answer | undefined): unknown {
	return JSON.parse(JSON.stringify(answer).replace(/(?<=boundary=|--)[0-9a-f]{60}/g, '<boundary>'));
}

function docker(...args: string[]) {
	return execa('docker', args);
}

test.run();
