/** Clients of other languages, as they come: what they see of the embedded cluster is what they see of a real one. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import * as assert from 'uvu/assert';
import { startEmulator } from '../../../src/emulator/index.ts';
import { suite } from '../../harness.ts';
import { type Environment, openEnvironment } from '../lab/environment.ts';

interface Context {
	folder: string;
	real: Environment;
	embedded: { kubeconfig: string; stop(): Promise<void> };
}

type Told = Record<string, unknown>;

const test = suite<Context>('clients of other languages', { timeout: 600, context: {} as Context });
const here = import.meta.dirname;

test.before(async (context) => {
	context.folder = await mkdtemp(path.join(tmpdir(), 'clients-'));
	context.real = await openEnvironment('clients', '--provider', 'kind');
	context.embedded = await startAgain(context.folder);
});
test.after(async ({ folder, real, embedded }) => {
	await embedded?.stop();
	await real?.close();
	await rm(folder, { recursive: true, force: true });
});

whereInstalled('go', ['version'], "client-go's informers, watches, patches and errors", async (context) => {
	const program = path.join(context.folder, 'client');
	await execa('go', ['build', '-o', program, '.'], { cwd: path.join(here, 'go'), env: { CGO_ENABLED: '0' } });
	const told = await compare(context, (KUBECONFIG) => execa(program, { env: { KUBECONFIG } }));
	assert.equal(told['informed'], ['add before', 'add after', 'update after', 'delete before', 'cached 2']);
	assert.is(told['forgotten'], 'ERROR true');
});

whereInstalled(
	'python3',
	['-m', 'venv', '--help'],
	"the kubernetes package's watches, patches and errors",
	async (context) => {
		const own = path.join(context.folder, 'venv');
		await execa('python3', ['-m', 'venv', own]);
		const python = path.join(own, 'bin/python');
		await execa(python, ['-m', 'pip', 'install', '--quiet', '--requirement', path.join(here, 'requirements.txt')]);
		const script = path.join(here, 'client.py');
		const told = await compare(context, (KUBECONFIG) => execa(python, [script], { env: { KUBECONFIG } }));
		assert.equal(told['changes'], ['LISTED before', 'ADDED after', 'MODIFIED after', 'DELETED before']);
		assert.equal(told['forgotten'], [410, 'Expired']);
	},
);

test.run();

/** Started a second time, a cluster has forgotten the versions of the first. */
async function startAgain(folder: string): Promise<Context['embedded']> {
	const kubeconfig = path.join(folder, 'kubeconfig');
	const options = { journal: path.join(folder, 'journal') };
	await (await startEmulator(options)).stop();
	const emulator = await startEmulator(options);
	await writeFile(kubeconfig, emulator.kubeconfig, { mode: 0o600 });
	return { kubeconfig, stop: () => emulator.stop() };
}

async function compare(
	{ real, embedded }: Context,
	run: (kubeconfig: string) => PromiseLike<{ stdout: string }>,
): Promise<Told> {
	const [expected, actual] = await Promise.all(
		[real.env['KUBECONFIG'] ?? '', embedded.kubeconfig].map(async (kubeconfig) => {
			return JSON.parse((await run(kubeconfig)).stdout) as Told;
		}),
	);
	// A real cluster forgets after some minutes; this one has just been made.
	assert.equal({ ...actual, forgotten: null }, { ...expected, forgotten: null });
	return actual ?? {};
}

function whereInstalled(
	program: string,
	args: string[],
	name: string,
	callback: (context: Context) => Promise<void>,
): void {
	if (execaSync(program, args, { reject: false }).failed) test.skip(name, `${program} is not installed`);
	else test(name, callback);
}
