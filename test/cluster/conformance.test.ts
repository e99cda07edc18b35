/** Kubernetes' own end-to-end specs that need no running container, on the embedded cluster: every one of them passes. */

import * as assert from 'uvu/assert';
import { runProgram } from '../cli/run-cli.ts';
import { suite } from '../harness.ts';
import { type Environment, openEnvironment } from './lab/environment.ts';

/** Takes a kubeconfig, compiles the specs once, and prints how many ran, passed and failed. */
const program = process.env['KUBEPROCTOR_KUBERNETES_CONFORMANCE'];
const specs = 51;

interface Context {
	environment: Environment;
}

const test = suite<Context>('cluster/conformance', { timeout: 1500, context: {} as Context });
const name = `${specs} of ${specs} specs pass`;

if (program === undefined) {
	test.skip(name, 'KUBEPROCTOR_KUBERNETES_CONFORMANCE names no program');
} else {
	test.before(async (context) => {
		context.environment = await openEnvironment('conformance', '--provider', 'embedded');
	});
	test.after(({ environment }) => environment?.close());
	test(name, async ({ environment }) => {
		const { stdout, stderr } = await runProgram(program, [environment.env['KUBECONFIG'] ?? '']);
		assert.match(stdout, `${specs} Passed | 0 Failed`, `${stdout}\n${stderr}`);
	});
}

test.run();
