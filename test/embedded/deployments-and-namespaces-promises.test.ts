/** The promises of the lab deployments-and-namespaces, on the embedded cluster. */

import * as assert from 'uvu/assert';
import { runProgram } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { testPromises } from './walk-lab.ts';

const id = 'deployments-and-namespaces';
const test = suite<{ environment: EmbeddedEnvironment }>(`promises of ${id}`, { timeout: 120 });
await testPromises(test, id);

test('graded through the API, so much is asked at once, and nothing is said of that', async ({ environment }) => {
	const { name, env } = environment;
	const program = `
		import { grade } from './dist/index.js';
		const { report } = await grade({ name: '${name}', timeout: 0 });
		console.log(report.lab.id);
	`;
	const { stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '-e', program], env);
	assert.equal([stdout, stderr], [`${id}\n`, '']);
});

test.run();
