/** Reads the mistakes of a lab and plays them as people make them, on whatever provider. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../../src/model/lab.ts';
import { parseOwn } from '../../../src/yaml.ts';
import type { Environment } from './environment.ts';
import { type Fault, pushFaulty } from './faulty-image.ts';

export interface Mistake {
	slug: string;
	folder: string;
	title: string;
	expect: { task: string; check: string; reason: string };
	base: 'untouched' | 'solution';
	steps: Step[];
}

type Step = { namespace?: string } & (
	| { apply: string }
	| { solve: string }
	| { delete: string }
	| { wait: string; until: 'running' | 'waiting' | 'crashing' }
	| { push: string; as: Fault }
	| { preload: string }
	| { unload: string }
	| { kubectl: string[] }
	| { rotate: string }
	| { registry: 'stop' | 'password' | 'tls' | Outage; host?: string }
);

/** What a registry answers to everybody on a bad day: 429, 500, or 403 to whoever has the password. */
export type Outage = 'busy' | 'broken' | 'denied';

export function readMistakes(lab: string): Mistake[] {
	const folder = join('labs', lab, 'mistakes');
	return (existsSync(folder) ? readdirSync(folder) : []).map((slug) => {
		const file = join(folder, slug, 'mistake.yaml');
		const { data, issues } = parseOwn(readFileSync(file, 'utf8'));
		if (issues.length > 0) throw new Error(`${file}: ${issues[0]?.message}`);
		return { ...(data as Omit<Mistake, 'slug' | 'folder'>), slug, folder: join(folder, slug) };
	});
}

/** What is done otherwise than with kubectl, and is other on each provider. */
export interface Acts {
	preload(image: string): Promise<void>;
	unload(image: string): Promise<void>;
	stopRegistry(host: string): Promise<unknown>;
	failRegistry(host: string, outage: Outage): Promise<unknown>;
	/** Undoes `failRegistry`. */
	bringBack(host: string): Promise<unknown>;
	/** Gives it a second name, `secure.HOST`, at which the nodes expect TLS. */
	claimTls(host: string): Promise<unknown>;
	/** Behind the program's back. */
	changePassword(host: string): Promise<unknown>;
}

type Player = Pick<Environment, 'name' | 'env' | 'kubectl' | 'run' | 'read'>;

export async function play(environment: Player, lab: Lab, mistake: Mistake, acts: Acts): Promise<void> {
	if (mistake.base === 'solution') await solve(environment, lab);
	for (const step of mistake.steps) {
		const namespace = step.namespace ?? 'default';
		if ('apply' in step) await environment.kubectl('apply', '-f', join(mistake.folder, step.apply));
		else if ('solve' in step) await solveTask(environment, lab, step.solve);
		else if ('delete' in step) await environment.kubectl('-n', namespace, 'delete', step.delete, '--now');
		else if ('wait' in step) await waitUntil(environment, namespace, step);
		else if ('kubectl' in step) await environment.kubectl('-n', namespace, ...step.kubectl);
		else if ('rotate' in step) await rotate(environment, step.rotate);
		else if ('push' in step) await pushFaulty(environment, step.push, step.as);
		else if ('preload' in step) await acts.preload(step.preload);
		else if ('unload' in step) await acts.unload(step.unload);
		else await spoilRegistry(acts, step.registry, step.host ?? lab.registries[0]?.host ?? '');
	}
}

/** As a learner gets there who makes no mistake: the password is changed first, where the lab is about that. */
export async function solve(environment: Player, lab: Lab): Promise<void> {
	await rotateFirst(environment, lab);
	await applyAnswers(
		environment,
		lab.tasks.map(({ id }) => join(lab.folder, 'solution', id)),
	);
}

export async function rotateFirst(environment: Player, lab: Lab): Promise<void> {
	for (const { host, nextPassword } of lab.registries) if (nextPassword !== null) await rotate(environment, host);
}

export function solveTask(environment: Pick<Player, 'kubectl'>, lab: Lab, task: string): Promise<void> {
	return applyAnswers(environment, [join(lab.folder, 'solution', task)]);
}

/** At once, in the order of the folders. A Pod that is there and cannot be changed to what it should be is made anew. */
async function applyAnswers({ kubectl }: Pick<Player, 'kubectl'>, folders: readonly string[]): Promise<void> {
	const apply = (paths: readonly string[]) => kubectl('apply', ...paths.flatMap((path) => ['-f', path]));
	const accounts = folders.flatMap((folder) =>
		readdirSync(folder)
			.filter((name) => name.includes('account'))
			.map((name) => join(folder, name)),
	);
	if (accounts.length > 0) {
		await apply(accounts);
		// Admission hears of an account's change a moment later, and a person is slower than that.
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	try {
		await apply(folders);
	} catch (error) {
		if (!String(error).includes('pod updates may not change fields')) throw error;
		const [folder = '', ...others] = folders;
		if (others.length === 0) await kubectl('replace', '--force', '-f', folder);
		else for (const each of folders) await applyAnswers({ kubectl }, [each]);
	}
}

async function rotate(environment: Player, host: string): Promise<void> {
	const { code, stderr } = await environment.run('rotate', host);
	if (code !== 0) throw new Error(`rotate ended with ${code}:\n${stderr}`);
}

async function spoilRegistry(acts: Acts, how: 'stop' | 'password' | 'tls' | Outage, host: string): Promise<void> {
	if (how === 'stop') await acts.stopRegistry(host);
	else if (how === 'password') await acts.changePassword(host);
	else if (how === 'tls') await acts.claimTls(host);
	else await acts.failRegistry(host, how);
}

export async function waitUntil(
	environment: Pick<Player, 'read'>,
	namespace: string,
	step: { wait: string; until: string },
): Promise<void> {
	const path =
		step.wait === 'controls'
			? '/api/v1/namespaces/kubeproctor/pods?labelSelector=kubeproctor.dev/control'
			: `/api/v1/namespaces/${namespace}/pods/${step.wait.replace(/^pods?\//, '')}`;
	for (const deadline = Date.now() + 150_000; Date.now() < deadline; ) {
		const found = (await environment.read(path)) as { items?: Pod[] } & Pod;
		const states = (found.items ?? [found]).flatMap(({ status }) =>
			(status?.containerStatuses ?? []).map(({ state }) => state),
		);
		if (states.some((state) => isIn(state, step.until))) return;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	throw new Error(`${step.wait} is not ${step.until}`);
}

interface Pod {
	status?: { containerStatuses?: { state: State }[] };
}

interface State {
	waiting?: { reason?: string };
	running?: object;
}

function isIn({ waiting, running }: State, until: string): boolean {
	if (until === 'running') return running !== undefined;
	if (until === 'crashing') return waiting?.reason === 'CrashLoopBackOff';
	return waiting !== undefined && waiting.reason !== 'ContainerCreating';
}
