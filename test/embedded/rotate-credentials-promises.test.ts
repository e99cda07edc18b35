/** The promises of the lab rotate-credentials, on the embedded cluster. */

import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testPromises } from './walk-lab.ts';

const test = suite<{ environment: EmbeddedEnvironment }>('promises of rotate-credentials', { timeout: 60 });
await testPromises(test, 'rotate-credentials');

test('no pull is in the second that tells before from after a change of the password', async ({ environment }) => {
	const { stdout } = await environment.run('rotate', '-o', 'json');
	const { passwordChangedAt } = JSON.parse(stdout) as { passwordChangedAt: string };
	assert.match(passwordChangedAt, /\.000Z$/);
	assert.ok(Date.now() >= Date.parse(passwordChangedAt), 'whoever pulls from now on pulls after it');
});

test.run();
