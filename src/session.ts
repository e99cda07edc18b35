/** From a name to what is written down about its environment. */

import { join } from 'node:path';
import envPaths from 'env-paths';
import { removeEmptyFolders } from './environment/down.ts';
import { type Lock, takeLock } from './environment/lock.ts';
import { readPullLog } from './environment/pull-log.ts';
import { listStateFolders, StateFolder } from './environment/state-folder.ts';
import type { EnvironmentRecord, RegistryRecord } from './model/environment.ts';
import { LabError, UsageError } from './model/error.ts';
import { callProgram, isEnvironmentName } from './model/identity.ts';
import type { PullLog, RegistryAccess } from './model/registry.ts';
import type { Session } from './model/session.ts';

const defaultName = 'kubeproctor';

/** Where everything of ours is kept. */
export function findHome(env: NodeJS.ProcessEnv = process.env): string {
	return env['KUBEPROCTOR_HOME'] || envPaths('kubeproctor', { suffix: '' }).data;
}

/** What stands for a name that is not given; undefined: only the environments that there are can tell. */
export function findDefaultName(env: NodeJS.ProcessEnv): string | undefined {
	return env['KUBEPROCTOR_NAME'] || undefined;
}

/** Where everything of one environment is kept. */
export function findFolder(name: string, env: NodeJS.ProcessEnv = process.env): string {
	return new StateFolder(findHome(env), name).path;
}

/** The name that was given, else that of the shell we are in, else the only one there is, else the default. */
export async function resolveName(asked: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<string> {
	const given = asked ?? findDefaultName(env);
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
		const { host, endpoint, username, ownership, passwordChangedAt } = registry;
		return {
			host,
			endpoint,
			username,
			ownership,
			passwordChangedAt,
			credentials: credentials[labHost] ?? null,
			mayTryCredentials: ownership === 'ours' || mayTryCredentials,
			pullLog: () => openPullLog(state, record, registry, labHost),
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

/** Runs what changes an environment; nothing else may change it meanwhile. */
export async function withLock<R>(
	{ name, env }: { name: string; env: NodeJS.ProcessEnv },
	action: string,
	change: (lock: Lock) => Promise<R>,
): Promise<R> {
	const state = new StateFolder(findHome(env), name);
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
	labHost: string,
): Promise<PullLog | null> {
	const { container, instance, lostBefore } = registry;
	if (record.provider === 'embedded') {
		const { readEmbeddedLog } = await import('./registries/embedded-log.ts');
		return readEmbeddedLog(state.path, labHost, lostBefore);
	}
	if (container === null || instance === null || record.engine === null) return null;
	const { openEngine, readContainerLog } = await import('./providers/engine.ts');
	return readPullLog(state, registry, container, await readContainerLog(openEngine(record.engine), instance));
}

function absent(name: string): LabError {
	return new LabError({
		code: 'environment-absent',
		message: name === defaultName ? 'There is no environment.' : `There is no environment ${name}.`,
		remedy: name === defaultName ? 'kubeproctor up makes one.' : `${callProgram(name)} up makes it.`,
	});
}

function incomplete(name: string): LabError {
	return new LabError({
		code: 'environment-incomplete',
		message: `Environment ${name} is not complete: kubeproctor up has not come to its end.`,
		remedy: 'kubeproctor up goes on where it stopped.',
	});
}
