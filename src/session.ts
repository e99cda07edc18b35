/** From a name to its environment: the only place that knows which provider and which registries make one. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { mergeLog, readPullLog } from './environment/pull-log.ts';
import { type Lock, takeLock } from './environment/lock.ts';
import { listStateFolders, StateFolder } from './environment/state-folder.ts';
import type { EnvironmentRecord, RegistryRecord } from './model/environment.ts';
import { LabError, UsageError } from './model/error.ts';
import { isEnvironmentName } from './model/identity.ts';
import type { Lab } from './model/lab.ts';
import type { Provider, RegistryDriver } from './model/provider.ts';
import type { PullLog, RegistryAccess } from './model/registry.ts';
import type { Session } from './model/session.ts';

const defaultName = 'kubeproctor';

/** Where everything of ours is kept. */
export function findHome(env: NodeJS.ProcessEnv = process.env): string {
	return env['KUBEPROCTOR_HOME'] || envPaths('kubeproctor', { suffix: '' }).data;
}

/** The name that was given, else the only one there is, else the default. */
export async function resolveName(given: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<string> {
	if (given !== undefined) {
		if (isEnvironmentName(given)) return given;
		throw new UsageError(
			`${given} cannot be the name of an environment.`,
			'A name is up to 40 of a-z, 0-9 and -, and begins and ends with a letter or a digit.',
		);
	}
	const names = await listStateFolders(findHome(env));
	if (names.length > 1) throw new UsageError('There are several environments.', `Name one: --name ${names.join(', --name ')}`);
	return names[0] ?? defaultName;
}

/** Every environment that this machine remembers. */
export async function listEnvironments(env: NodeJS.ProcessEnv = process.env): Promise<EnvironmentRecord[]> {
	const home = findHome(env);
	const names = await listStateFolders(home);
	const records = await Promise.all(names.map((name) => new StateFolder(home, name).readRecord()));
	return records.filter((record) => record !== null);
}

export interface SessionOptions {
	env?: NodeJS.ProcessEnv;
	/** Whether credentials that a learner wrote may be sent to a registry that is not ours; to ours they always may. */
	mayTryCredentials?: boolean | undefined;
}

/**
 * Reads files only: neither the engine nor the cluster is asked, since most commands begin with this.
 * Throws LabError where there is no environment of that name, or `up` never came to its end.
 */
export async function openSession(
	given: string | undefined,
	{ env = process.env, mayTryCredentials = false }: SessionOptions = {},
): Promise<Session> {
	const name = await resolveName(given, env);
	const state = new StateFolder(findHome(env), name);
	const [record, credentials] = await Promise.all([state.readRecord(), state.readCredentials()]);
	if (record === null) throw absent(name);
	if (record.completedAt === null) throw incomplete(name);
	const registries = record.registries.map((registry): RegistryAccess => {
		const labHost = Object.keys(record.hosts).find((host) => record.hosts[host] === registry.host) ?? registry.host;
		const { host, endpoint, username, ownership } = registry;
		return {
			host,
			endpoint,
			username,
			ownership,
			credentials: credentials[labHost] ?? null,
			mayTryCredentials: ownership === 'ours' || mayTryCredentials,
			pullLog: () => openPullLog(state, record, registry),
		};
	});
	return {
		name,
		label: record.label,
		provider: record.provider,
		lab: record.lab,
		cluster: { kubeconfig: join(state.path, 'kubeconfig'), context: record.context },
		registries,
		images: record.images,
		hosts: record.hosts,
		namespaces: record.namespaces,
		controlNamespace: record.controlNamespace,
		folder: state.path,
	};
}

/** What `up` may be told about the parts of an environment. */
export interface KindWishes {
	provider: 'kind';
	nodeImage: string | undefined;
	workers: number;
	registryPort: number | undefined;
	isMerged: boolean;
}

/** What an environment is made of, ready to be made, looked at or removed. */
export interface Parts {
	name: string;
	state: StateFolder;
	provider: Provider;
	/** In the order of the lab's registries; empty without a lab. */
	registries: RegistryDriver[];
	removeRegistries(signal: AbortSignal): Promise<string[]>;
	engine: string | null;
}

/** `lab`: null where only what exists matters. `lock`: told of every program that changes something. */
export async function openParts(
	name: string,
	lab: Lab | null,
	wishes: KindWishes,
	{ env, signal, lock }: { env: NodeJS.ProcessEnv; signal: AbortSignal; lock: Lock | null },
): Promise<Parts> {
	const [{ findEngine, openKind }, { openContainerRegistry, removeRegistryContainers }] = await Promise.all([
		import('./providers/index.ts'),
		import('./registries/index.ts'),
	]);
	const state = new StateFolder(findHome(env), name);
	const [engine, record] = await Promise.all([findEngine(env, signal), state.readRecord()]);
	const { nodeImage, workers, registryPort } = wishes;
	const provider = openKind({
		name,
		engine,
		folder: state.path,
		nodeImage,
		workers,
		isMerged: wishes.isMerged || (record?.isMerged ?? false),
		onChild: (pid) => void lock?.addChild(pid),
	});
	const registries = (lab?.registries ?? []).map(({ host }, index) => {
		const container = index === 0 ? `${name}-registry` : `${name}-registry-${index + 1}`;
		const before = record?.registries.find((registry) => registry.container === container);
		return openContainerRegistry({
			environment: name,
			container,
			engine,
			labHost: host,
			port: index === 0 ? registryPort : undefined,
			lastPort: before === undefined ? undefined : Number(new URL(before.endpoint).port),
			network: findNetwork(engine.program, env),
			saveLog: async (text) => void (await mergeLog(state, container, text)),
		});
	});
	return {
		name,
		state,
		provider,
		registries,
		removeRegistries: (given) => removeRegistryContainers(engine, name, given),
		engine: engine.program,
	};
}

/** kind v0.33 pkg/cluster/internal/providers: each engine has a variable of its own, but nerdctl. */
function findNetwork(program: string, env: NodeJS.ProcessEnv): string {
	return env[`KIND_EXPERIMENTAL_${program.toUpperCase()}_NETWORK`] || 'kind';
}

/** Runs what changes an environment; nothing else may change it meanwhile. */
export async function withLock<R>(name: string, action: string, change: (lock: Lock) => Promise<R>): Promise<R> {
	const state = new StateFolder(findHome(), name);
	const lock = await takeLock(state.lockFile, action);
	try {
		return await change(lock);
	} finally {
		await lock.release();
	}
}

/** Whether a name is in use on this machine, complete or not. */
export function hasEnvironment(name: string, env: NodeJS.ProcessEnv = process.env): boolean {
	return existsSync(new StateFolder(findHome(env), name).path);
}

async function openPullLog(state: StateFolder, record: EnvironmentRecord, registry: RegistryRecord): Promise<PullLog | null> {
	const { container, instance } = registry;
	if (container === null || instance === null || record.engine === null) return null;
	const { openEngine, readContainerLog } = await import('./providers/engine.ts');
	return readPullLog(state, registry, container, await readContainerLog(openEngine(record.engine), instance));
}

function absent(name: string): LabError {
	return new LabError({
		code: 'environment-absent',
		message: name === defaultName ? 'There is no environment.' : `There is no environment ${name}.`,
		remedy: name === defaultName ? 'kubeproctor up makes one.' : `kubeproctor up --name ${name} makes it.`,
	});
}

function incomplete(name: string): LabError {
	return new LabError({
		code: 'environment-incomplete',
		message: `Environment ${name} is not complete: kubeproctor up has not come to its end.`,
		remedy: 'kubeproctor up goes on where it stopped.',
	});
}
