/** Drives the built program on a real engine: each world has a home of its own and a name that nobody else uses. */

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Outcome {
	/** Null: ended by a signal. */
	code: number | null;
	stdout: string;
	stderr: string;
}

export interface RunOptions {
	env?: Record<string, string | undefined>;
	/** Sent to the program, and to nothing else, once its stderr matches; without `at`, once it runs. */
	signal?: { at?: RegExp; send: NodeJS.Signals; after?: number };
	/** Called once, at the same moment. */
	onMatch?: { at: RegExp; act(): void };
}

export interface World {
	name: string;
	home: string;
	folder: string;
	run(args: string[], options?: RunOptions): Promise<Outcome>;
	/** Containers and files that carry this world's name. */
	listLeftovers(): Promise<string[]>;
	/** Removes whatever a failed test has left, without the program under test. */
	close(): Promise<void>;
}

const execute = promisify(execFile);

export async function openWorld(): Promise<World> {
	const name = `t${randomBytes(3).toString('hex')}`;
	const home = await mkdtemp(join(tmpdir(), 'kubeproctor-test-'));
	const environments = join(home, 'environments');

	async function listContainers(): Promise<string[]> {
		const lines = await runEngine(['ps', '--all', '--format', '{{.Names}}']);
		return lines.filter((line) => line.startsWith(`${name}-`));
	}

	async function listFiles(): Promise<string[]> {
		return existsSync(environments) ? readdir(environments) : [];
	}

	return {
		name,
		home,
		folder: join(environments, name),
		run: (args, options = {}) =>
			runCli(['--name', name, ...args], { ...options, env: { KUBEPROCTOR_HOME: home, ...options.env } }),
		listLeftovers: async () => [...(await listContainers()), ...(await listFiles())],
		async close() {
			const containers = await listContainers();
			if (containers.length > 0) await runEngine(['rm', '-f', '-v', ...containers]);
			await rm(home, { recursive: true, force: true });
		},
	};
}

export function runCli(args: string[], { env, signal, onMatch }: RunOptions = {}): Promise<Outcome> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ['dist/cli.js', ...args], {
			env: { ...process.env, CI: '1', ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let stdout = '';
		let stderr = '';
		const triggers = [
			...(signal
				? [{ at: signal.at ?? /^/, act: () => void setTimeout(() => child.kill(signal.send), signal.after ?? 0) }]
				: []),
			...(onMatch ? [onMatch] : []),
		];
		function pull(): void {
			for (const trigger of triggers.filter(({ at }) => at.test(stderr))) {
				triggers.splice(triggers.indexOf(trigger), 1);
				trigger.act();
			}
		}
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
		});
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			stderr += text;
			pull();
		});
		child.on('spawn', pull);
		child.on('error', reject);
		child.on('close', (code) => {
			const [missed] = triggers;
			if (missed !== undefined) reject(new Error(`no line matched ${missed.at}:\n${stderr}`));
			else resolve({ code, stdout, stderr });
		});
	});
}

export async function runEngine(args: string[]): Promise<string[]> {
	return (await runTool('docker', args)).split('\n').filter((line) => line !== '');
}

export async function runTool(program: string, args: string[], env?: Record<string, string>): Promise<string> {
	return (await execute(program, args, { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 ** 2 })).stdout;
}
