/** What `new` writes, walked as a lab that ships: untouched it fails, solved it passes, its mistake is told. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { runCli } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { planEnvironment } from './environment.ts';

const test = suite('a new lab', { timeout: 90 });

test('fails untouched, passes solved, and its mistake gives its reason', async () => {
	const labs = mkdtempSync(join(tmpdir(), 'new-'));
	const environment = planEnvironment('fresh');
	const named = (...args: string[]) => environment.run('--labs', labs, ...args);
	const grade = async () => JSON.parse((await named('grade', '-o', 'json')).stdout).tasks;
	const outcomes = async () => (await grade()).map((task: { outcome: string }) => task.outcome);
	const folder = join(labs, 'my-lab');
	try {
		assert.is((await runCli(['new', folder])).code, 0);
		assert.is((await runCli(['lint', folder])).code, 0);
		const up = await named('up', 'my-lab', '--provider', 'embedded');
		assert.is(up.code, 0, up.stderr);
		assert.equal(await outcomes(), ['fail', 'fail']);
		await environment.kubectl('apply', '-f', join(folder, 'mistakes/wrong-greeting/config-map.yaml'));
		const [, greet] = await grade();
		assert.is(greet.checks[0].diagnosis.reason, 'FieldOther');
		for (const task of ['store-credentials', 'greet']) {
			await environment.kubectl('apply', '-f', join(folder, 'solution', task));
		}
		assert.equal(await outcomes(), ['pass', 'pass']);
		assert.match((await environment.run('grade')).stderr, /no lab my-lab[\s\S]*--labs DIR/);
	} finally {
		await environment.close();
		rmSync(labs, { recursive: true });
	}
});

test.run();
