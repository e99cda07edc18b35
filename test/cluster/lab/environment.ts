/** An environment of the real kind, made by the built program in a home of its own. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentRecord } from '../../../src/model/environment.ts';
import type { Report } from '../../../src/model/report.ts';
import { cli, type Ending, runProgram } from '../../cli/run-cli.ts';

export interface Environment {
	name: string;
	/** The registry's container. */
	registry: string;
	/** Runs the program on this environment. */
	run(...args: string[]): Promise<Ending>;
	grade(...args: string[]): Promise<{ code: number | null; report: Report }>;
	/** Throws unless it ends well; resolves to its stdout. */
	kubectl(...args: string[]): Promise<string>;
	apply(manifest: object): Promise<void>;
	/** What the API server answers to a GET. */
	read(path: string): Promise<unknown>;
	/** Environment variables with which any kubectl reaches the cluster. */
	env: Record<string, string>;
	/** Names of the node containers. */
	nodes(): Promise<string[]>;
	/** Name of the container that is the registry of that host. */
	nameRegistry(host: string): string;
	/** Undoes every task, whatever was done; a lab that is named takes the place of the present one. */
	reset(lab?: string): Promise<void>;
	/** Takes everything down, whatever happened. */
	close(): Promise<void>;
}

const firstLab = 'pulling-from-private-registries';

export async function openEnvironment(name: string, ...options: string[]): Promise<Environment> {
	const home = mkdtempSync(join(tmpdir(), 'kubeproctor-home-'));
	const env: Record<string, string> = { KUBEPROCTOR_HOME: home };
	const run = (...args: string[]) => runProgram(process.execPath, [cli, '--name', name, ...args], env);
	const up = await run('up', ...options);
	if (up.code !== 0) throw new Error(`up ended with ${up.code}:\n${up.stderr}`);
	env['KUBECONFIG'] = join(home, 'environments', name, 'kubeconfig');
	const kubectl = (...args: string[]) => must('kubectl', args, env);

	return {
		name,
		registry: `${name}-registry`,
		env,
		run,
		async grade(...args) {
			const { code, stdout, stderr } = await run('grade', '-o', 'json', ...args);
			if (stdout === '') throw new Error(`grade ended with ${code}:\n${stderr}`);
			return { code, report: JSON.parse(stdout) as Report };
		},
		kubectl,
		async apply(manifest) {
			await must('kubectl', ['apply', '-f', '-'], env, JSON.stringify(manifest));
		},
		read: async (path) => JSON.parse(await kubectl('get', '--raw', path)) as unknown,
		nodes: async () => (await must('kind', ['get', 'nodes', '--name', name])).trim().split('\n'),
		nameRegistry: (host) => nameRegistry(join(home, 'environments', name, 'environment.json'), host),
		async reset(lab = firstLab) {
			const { code, stderr } = await run('up', lab, '--reset');
			if (code !== 0) throw new Error(`up --reset ended with ${code}:\n${stderr}`);
		},
		async close() {
			await run('down');
			rmSync(home, { recursive: true, force: true });
		},
	};
}

function nameRegistry(file: string, host: string): string {
	const { registries } = JSON.parse(readFileSync(file, 'utf8')) as EnvironmentRecord;
	return registries.find((registry) => registry.host === host)?.container ?? '';
}

/** Throws unless the program ends well; resolves to its stdout. */
export async function must(
	program: string,
	args: string[],
	env: Record<string, string> = {},
	input?: string,
): Promise<string> {
	const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	child.stdin.end(input);
	const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
	if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}`);
	return stdout;
}
