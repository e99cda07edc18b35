/** What an environment is made of: the only place that knows which provider and which registries make one. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Lock } from './environment/lock.ts';
import { mergeLog } from './environment/pull-log.ts';
import { StateFolder } from './environment/state-folder.ts';
import type { ClusterAccess, ProviderId } from './model/cluster.ts';
import type { EnvironmentRecord } from './model/environment.ts';
import { UsageError } from './model/error.ts';
import type { LabOutline } from './model/lab.ts';
import type { Provider, RegistryDriver } from './model/provider.ts';
import type { Standby } from './providers/embedded-launch.ts';
import { findHome } from './session.ts';

/** What a command line says about the parts of an environment; what is undefined stays as it was. */
export interface Wishes {
	provider: ProviderId | undefined;
	nodeImage?: string | undefined;
	workers?: number | undefined;
	registryPort?: number | undefined;
	mergedInto?: string | undefined;
	/** Embedded: in this process instead of one of its own. */
	isForeground?: boolean | undefined;
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
	/** Of an embedded environment that is to be made: the process that waits to run it. */
	standby?: Standby | null;
}

/** `lab` null: of the environment as it is, only what was written down is known. */
export async function openParts(
	name: string,
	lab: LabOutline | null,
	wishes: Wishes,
	options: PartsOptions,
): Promise<Parts> {
	const state = new StateFolder(findHome(options.env), name);
	const record = await state.readRecord();
	const id = wishes.provider ?? record?.provider ?? (await guessProvider(state, options));
	if (record !== null && record.provider !== id) throw anotherProvider(name, record.provider);
	const known = { name, state, record, lab, wishes };
	if (id === 'existing') return openExistingParts(known);
	return id === 'embedded' ? openEmbeddedParts(known, options) : openKindParts(known, options);
}

/** Of an environment whose record is lost: kind tells what there is of it, but for a machine that has no kind. */
async function guessProvider({ path }: StateFolder, { env, signal }: PartsOptions): Promise<'kind' | 'embedded'> {
	if (existsSync(join(path, 'cluster'))) return 'embedded';
	const { findKindProblem } = await import('./providers/fitness.ts');
	const problem = await findKindProblem(env, signal);
	return problem?.code === 'kind-absent' || problem?.code === 'engine-absent' ? 'embedded' : 'kind';
}

interface Known {
	name: string;
	state: StateFolder;
	record: EnvironmentRecord | null;
	lab: LabOutline | null;
	wishes: Wishes;
}

async function openKindParts(
	{ name, state, record, lab, wishes }: Known,
	{ env, signal, lock }: PartsOptions,
): Promise<Parts> {
	const [{ findEngine }, { openKind }, { openContainerRegistry, removeRegistryContainers }] = await Promise.all([
		import('./providers/engine.ts'),
		import('./providers/kind.ts'),
		import('./registries/container.ts'),
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
		...nameAsTheLab(lab, record),
		engine: engine.program,
		mergedInto,
		removeRegistries: (given) => removeRegistryContainers(engine, name, given),
	};
}

/** kind v0.33 pkg/cluster/internal/providers: docker and podman have a variable for it, nerdctl has none. */
function findNetwork(program: string, env: NodeJS.ProcessEnv): string {
	return env[`KIND_EXPERIMENTAL_${program.toUpperCase()}_NETWORK`] || 'kind';
}

async function openEmbeddedParts(
	{ name, state, record, lab, wishes }: Known,
	{ lock, standby = null }: PartsOptions,
): Promise<Parts> {
	const [{ openEmbedded }, { openEmbeddedProcess }, { launchApart, launchHere }, { openEmbeddedRegistry }] =
		await Promise.all([
			import('./providers/embedded.ts'),
			import('./providers/embedded-process.ts'),
			import('./providers/embedded-launch.ts'),
			import('./registries/embedded.ts'),
		]);
	const folder = state.path;
	const wanted = (lab?.registries ?? []).map(({ host }, index) => {
		return { host, port: index === 0 ? wishes.registryPort : undefined };
	});
	const process = openEmbeddedProcess({
		name,
		folder,
		knownLabel: record?.label ?? null,
		registries: wanted,
		isForeground: wishes.isForeground === true,
		launch: wishes.isForeground ? launchHere : launchApart((pid) => lock?.addChild(pid), standby),
	});
	return {
		name,
		state,
		record,
		provider: openEmbedded({ name, folder, process }),
		registries: wanted.map(({ host, port }) => {
			const lastEndpoint = record?.registries.find((registry) => registry.host === host)?.endpoint;
			return openEmbeddedRegistry({ folder, labHost: host, port, lastEndpoint, process });
		}),
		...nameAsTheLab(lab, record),
		engine: null,
		mergedInto: null,
		// They are in the cluster's process and in its folder.
		removeRegistries: async () => [],
	};
}

/** A cluster of our own has room for the lab's own names. */
function nameAsTheLab(lab: LabOutline | null, record: EnvironmentRecord | null) {
	return {
		hosts: lab === null ? (record?.hosts ?? {}) : mapEach(lab.registries, ({ host }) => [host, host]),
		namespaces:
			lab === null ? (record?.namespaces ?? {}) : mapEach(lab.namespaces, (namespace) => [namespace, namespace]),
		controlNamespace: 'kubeproctor',
	};
}

/** Names that several learners on one cluster do not share. */
async function openExistingParts({ name, state, record, lab, wishes }: Known): Promise<Parts> {
	const [{ openExisting }, { openExternalRegistry, removePushedImages }] = await Promise.all([
		import('./providers/existing.ts'),
		import('./registries/external.ts'),
	]);
	const own = record && { kubeconfig: join(state.path, 'kubeconfig'), context: record.context };
	const source = wishes.source ?? own;
	if (source === null) throw new UsageError('An existing cluster needs a context.', 'Name it: --context CONTEXT');
	const hosts =
		lab === null
			? (record?.hosts ?? {})
			: mapEach(lab.registries, ({ host }, index) => [
					host,
					wishes.registryHosts?.[index] ?? record?.hosts[host] ?? host,
				]);
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
