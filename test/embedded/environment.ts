/** An embedded environment, made by the built program in a home of its own. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/kube/client.ts';
import type { EmbeddedRecord } from '../../src/model/embedded.ts';
import type { Report } from '../../src/model/report.ts';
import { sendOrder } from '../../src/providers/embedded-control.ts';
import { nameContext } from '../../src/providers/embedded-process.ts';
import { cli, type Ending, runProgram } from '../cli/run-cli.ts';
import type { Acts } from '../cluster/lab/mistakes.ts';
import { findKubectl } from '../contracts/kubectl/find-kubectl.ts';

export interface EmbeddedEnvironment {
	name: string;
	folder: string;
	env: Record<string, string>;
	/** Runs the program on this environment. */
	run(...args: string[]): Promise<Ending>;
	grade(...args: string[]): Promise<{ code: number | null; report: Report }>;
	/** Throws unless it ends well; resolves to its stdout. */
	kubectl(...args: string[]): Promise<string>;
	/** What a learner applies, by way of kubectl's stdin. */
	apply(items: readonly object[], namespace?: string): Promise<void>;
	/** What the API server answers to a GET. */
	read(path: string): Promise<unknown>;
	record(): EmbeddedRecord;
	acts: Acts;
	/** Takes everything down, whatever happened. */
	close(): Promise<void>;
}

/** `up` is not run yet. */
export function planEnvironment(
	name: string,
	home = mkdtempSync(join(tmpdir(), 'kubeproctor-home-')),
): EmbeddedEnvironment {
	const folder = join(home, 'environments', name);
	const env = { KUBEPROCTOR_HOME: home, KUBECONFIG: join(folder, 'kubeconfig'), CI: '1' };
	const run = (...args: string[]) => runProgram(process.execPath, [cli, '--name', name, ...args], env);
	const record = () => JSON.parse(readFileSync(join(folder, 'embedded.json'), 'utf8')) as EmbeddedRecord;
	const kubectl = async (args: string[], input?: string) => {
		const { code, stdout, stderr } = await runProgram(await findKubectl(), args, env, input);
		if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}:\n${stderr}`);
		return stdout;
	};
	const order = (method: string, path: string, body?: unknown) => sendOrder(record(), method, path, body);

	return {
		name,
		folder,
		env,
		run,
		record,
		async grade(...args) {
			const { code, stdout, stderr } = await run('grade', '-o', 'json', ...args);
			if (stdout === '') throw new Error(`grade ended with ${code}:\n${stderr}`);
			return { code, report: JSON.parse(stdout) as Report };
		},
		kubectl: (...args) => kubectl(args),
		async read(path) {
			const client = await openCluster({ kubeconfig: env.KUBECONFIG, context: nameContext(name) });
			try {
				return await client.get(path);
			} finally {
				client.close();
			}
		},
		async apply(items, namespace) {
			const where = namespace === undefined ? [] : ['-n', namespace];
			await kubectl([...where, 'apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
		},
		acts: {
			preload: (image) => order('PUT', `images/${encodeURIComponent(image)}`),
			unload: (image) => order('DELETE', `images/${encodeURIComponent(image)}`),
			stopRegistry: (host) => order('PUT', `registries/${encodeURIComponent(host)}/outage`, 'stopped'),
			failRegistry: (host, outage) => order('PUT', `registries/${encodeURIComponent(host)}/outage`, outage),
			bringBack: (host) => order('PUT', `registries/${encodeURIComponent(host)}/outage`, null),
			async claimTls(host) {
				const route = readFileSync(join(folder, 'certs.d', host, 'hosts.toml'), 'utf8');
				mkdirSync(join(folder, 'certs.d', `secure.${host}`), { recursive: true });
				writeFileSync(join(folder, 'certs.d', `secure.${host}`, 'hosts.toml'), route.replace('"http://', '"https://'));
			},
			changePassword: async (host) => writeFileSync(join(folder, 'registries', host, 'htpasswd'), 'myuser:nonsense\n'),
		},
		async close() {
			if (existsSync(folder)) await run('down');
			rmSync(home, { recursive: true, force: true });
		},
	};
}

export async function openEmbedded(name: string, ...options: string[]): Promise<EmbeddedEnvironment> {
	const environment = planEnvironment(name);
	await bringUp(environment, ...options);
	return environment;
}

/** One whose registry has that password, as if `up` had begun and got no further than the credentials. */
export async function openWithPassword(name: string, password: string): Promise<EmbeddedEnvironment> {
	const environment = planEnvironment(name);
	const { folder } = environment;
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const credentials = { 'registry.example.com': { username: 'myuser', password } };
	writeFileSync(join(folder, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 });
	await bringUp(environment);
	return environment;
}

/** Throws unless `up` ends well. */
export async function bringUp(environment: EmbeddedEnvironment, ...options: string[]): Promise<void> {
	const { code, stderr } = await environment.run('up', '--provider', 'embedded', ...options);
	if (code !== 0) throw new Error(`up ended with ${code}:\n${stderr}`);
}
