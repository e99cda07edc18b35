/** From a name to its environment: the only place that knows which provider and which registries make one. */

import { join } from 'node:path';
import envPaths from 'env-paths';
import { removeEmptyFolders } from './environment/down.ts';
import { type Lock, takeLock } from './environment/lock.ts';
import { mergeLog, readPullLog } from './environment/pull-log.ts';
import { listStateFolders, StateFolder } from './environment/state-folder.ts';
import type { ClusterAccess, ProviderId } from './model/cluster.ts';
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
	if (names.length > 1)
		throw new UsageError('There are several environments.', `Name one: --name ${names.join(', --name ')}`);
	return names[0] ?? defaultName;
}

/** The environment of that name as it was written down; `record` null: there is none, or its folder is lost. */
export async function readKnown(
	given: string | undefined,
	env: NodeJS.ProcessEnv = process.env,
): Promise<{ name: string; record: EnvironmentRecord | null }> {
	const name = await resolveName(given, env);
	return { name, record: await new StateFolder(findHome(env), name).readRecord() };
}

/** Throws LabError where there is no environment of that name. */
export async function openRecord(
	given: string | undefined,
	env: NodeJS.ProcessEnv = process.env,
): Promise<{ name: string; record: EnvironmentRecord }> {
	const { name, record } = await readKnown(given, env);
	if (record === null) throw absent(name);
	return { name, record };
}

/** Every environment that this machine remembers; `lent`: those of them on somebody else's cluster. */
export async function listNames(env: NodeJS.ProcessEnv = process.env): Promise<{ names: string[]; lent: string[] }> {
	const home = findHome(env);
	const names = await listStateFolders(home);
	const records = await Promise.all(names.map((name) => new StateFolder(home, name).readRecord()));
	return { names, lent: names.filter((_, index) => records[index]?.provider === 'existing') };
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
	const { name, record } = await openRecord(given, env);
	const state = new StateFolder(findHome(env), name);
	const credentials = await state.readCredentials();
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

/** What a command line says about the parts of an environment; what is undefined stays as it was. */
export interface Wishes {
	provider: ProviderId | undefined;
	nodeImage?: string | undefined;
	workers?: number | undefined;
	registryPort?: number | undefined;
	mergedInto?: string | undefined;
	/** A lent cluster, and the registries there in the order of the lab's. */
	source?: ClusterAccess | undefined;
	registryHosts?: string[] | undefined;
}

/** What an environment is made of, ready to be made, looked at or removed. */
export interface Parts {
	name: string;
	state: StateFolder;
	record: EnvironmentRecord | null;
	provider: Provider;
	/** In the order of the lab's registries. */
	registries: RegistryDriver[];
	hosts: Record<string, string>;
	namespaces: Record<string, string>;
	controlNamespace: string;
	engine: string | null;
	mergedInto: string | null;
	/** Removes what the environment put into registries, or the registries themselves. */
	removeRegistries(signal: AbortSignal): Promise<string[]>;
}

export interface PartsOptions {
	env: NodeJS.ProcessEnv;
	signal: AbortSignal;
	/** Told of every program that changes something. */
	lock?: Lock;
}

/** `lab` null: of the environment as it is, only what was written down is known. */
export async function openParts(name: string, lab: Lab | null, wishes: Wishes, options: PartsOptions): Promise<Parts> {
	const state = new StateFolder(findHome(options.env), name);
	const record = await state.readRecord();
	const id = wishes.provider ?? record?.provider ?? 'kind';
	if (record !== null && record.provider !== id) throw anotherProvider(name, record.provider);
	const known = { name, state, record, lab, wishes };
	return id === 'existing' ? openExistingParts(known) : openKindParts(known, options);
}

interface Known {
	name: string;
	state: StateFolder;
	record: EnvironmentRecord | null;
	lab: Lab | null;
	wishes: Wishes;
}

async function openKindParts(
	{ name, state, record, lab, wishes }: Known,
	{ env, signal, lock }: PartsOptions,
): Promise<Parts> {
	const [{ findEngine, openKind }, { openContainerRegistry, removeRegistryContainers }] = await Promise.all([
		import('./providers/index.ts'),
		import('./registries/index.ts'),
	]);
	const onChild = (pid: number) => lock?.addChild(pid);
	const engine = await findEngine(env, signal, onChild);
	const { nodeImage, workers = 0, registryPort } = wishes;
	const mergedInto = wishes.mergedInto ?? record?.mergedInto ?? null;
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
		record,
		provider: openKind({ name, engine, folder: state.path, nodeImage, workers, mergedInto, onChild }),
		registries,
		hosts: lab === null ? (record?.hosts ?? {}) : mapEach(lab.registries, ({ host }) => [host, host]),
		namespaces:
			lab === null ? (record?.namespaces ?? {}) : mapEach(lab.namespaces, (namespace) => [namespace, namespace]),
		controlNamespace: 'kubeproctor',
		engine: engine.program,
		mergedInto,
		removeRegistries: (given) => removeRegistryContainers(engine, name, given),
	};
}

/** kind v0.33 pkg/cluster/internal/providers: docker and podman have a variable for it, nerdctl has none. */
function findNetwork(program: string, env: NodeJS.ProcessEnv): string {
	return env[`KIND_EXPERIMENTAL_${program.toUpperCase()}_NETWORK`] || 'kind';
}

/** Names that several learners on one cluster do not share. */
async function openExistingParts({ name, state, record, lab, wishes }: Known): Promise<Parts> {
	const [{ openExisting }, { openExternalRegistry, removePushedImages }] = await Promise.all([
		import('./providers/index.ts'),
		import('./registries/index.ts'),
	]);
	const own = record && { kubeconfig: join(state.path, 'kubeconfig'), context: record.context };
	const source = wishes.source ?? own;
	if (source === null) throw new UsageError('An existing cluster needs a context.', 'Name it: --context CONTEXT');
	const hosts =
		lab === null || wishes.registryHosts === undefined
			? (record?.hosts ?? {})
			: mapEach(lab.registries, ({ host }, index) => [host, wishes.registryHosts?.[index] ?? host]);
	const namespaces =
		lab === null
			? (record?.namespaces ?? {})
			: mapEach(lab.namespaces, (namespace) => [namespace, `${name}-${namespace}`]);
	const controlNamespace = `${name}-kubeproctor`;
	const defaultNamespace = namespaces['default'] ?? `${name}-default`;
	return {
		name,
		state,
		record,
		provider: openExisting({ folder: state.path, source, defaultNamespace, controlNamespace }),
		registries: Object.entries(hosts).map(([labHost, host]) => openExternalRegistry({ labHost, host })),
		hosts,
		namespaces,
		controlNamespace,
		engine: null,
		mergedInto: null,
		async removeRegistries(signal) {
			const credentials = await state.readCredentials();
			const findCredentials = (host: string) =>
				credentials[Object.keys(hosts).find((key) => hosts[key] === host) ?? host];
			return removePushedImages(record?.images ?? [], findCredentials, signal);
		},
	};
}

function mapEach<T>(
	things: readonly T[],
	entry: (thing: T, index: number) => [string, string],
): Record<string, string> {
	return Object.fromEntries(things.map(entry));
}

function anotherProvider(name: string, provider: ProviderId): UsageError {
	return new UsageError(
		`Environment ${name} is on provider ${provider}.`,
		'Leave --provider out, or give the new environment another name: --name NAME',
	);
}

/** Runs what changes an environment; nothing else may change it meanwhile. */
export async function withLock<R>(name: string, action: string, change: (lock: Lock) => Promise<R>): Promise<R> {
	const state = new StateFolder(findHome(), name);
	const lock = await takeLock(state.lockFile, action);
	try {
		return await change(lock);
	} finally {
		await lock.release();
		await removeEmptyFolders(state);
	}
}

async function openPullLog(
	state: StateFolder,
	record: EnvironmentRecord,
	registry: RegistryRecord,
): Promise<PullLog | null> {
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
