/** From the options of `up` to what is wished for, with everything asked that has to be asked before it begins. */

import type { ClusterAccess } from '../model/cluster.ts';
import type { EnvironmentRecord } from '../model/environment.ts';
import type { LabRegistry } from '../model/lab.ts';
import type { Credentials } from '../model/registry.ts';
import type { Wishes } from '../parts.ts';
import type { Context } from './command.ts';

export interface UpOptions {
	provider: 'auto' | 'kind' | 'existing' | 'embedded';
	nodeImage?: string;
	workers?: number;
	context?: string;
	kubeconfig?: string;
	registryPort?: number;
	registry: string[];
	registryUsername: string[];
	randomPassword?: true;
	mergeKubeconfig?: true;
	foreground?: true;
}

export interface ReadWishes {
	wishes: Wishes;
	/** Why this provider, where nobody named one; null: somebody did, or it is the one that is there. */
	why: string | null;
	credentials: Record<string, Credentials> | 'lab' | 'random';
}

/** Throws UsageError with the first thing that does not fit. */
export async function readWishes(
	context: Context,
	registries: readonly LabRegistry[],
	record: EnvironmentRecord | null,
	options: UpOptions,
): Promise<ReadWishes> {
	const asked = options.provider === 'auto' ? record?.provider : options.provider;
	const { provider, why }: Choice = asked ? { provider: asked, why: null } : await chooseProvider(context, options);
	if (provider === 'existing') return readExisting(context, registries, record, options);
	const wishes = provider === 'kind' ? await readKind(context.env, options) : await readEmbedded(options);
	return { wishes, why, credentials: options.randomPassword ? 'random' : 'lab' };
}

/** kind where it can work, because its containers run; and where an option asks for it. */
async function chooseProvider(context: Context, options: UpOptions): Promise<Choice> {
	if (options.foreground) return { provider: 'embedded', why: 'it can run in the foreground' };
	if (options.nodeImage !== undefined || options.workers !== undefined || options.mergeKubeconfig)
		return { provider: 'kind', why: 'options of its own were given' };
	const { findKindProblem } = await import('../providers/fitness.ts');
	const { env, signal } = context;
	const problem = await context.showWait('Looking for kind', () => findKindProblem(env, signal));
	if (problem === null) return { provider: 'kind', why: 'it is installed, and a container engine answers' };
	return { provider: 'embedded', why: `kind cannot be used: ${problem.message}` };
}

interface Choice {
	provider: 'kind' | 'existing' | 'embedded';
	why: string | null;
}

async function readEmbedded(options: UpOptions): Promise<Wishes> {
	const { registryPort, foreground } = options;
	await refuseBesideOwnRegistry(options, 'embedded');
	await refuseGiven('The provider embedded', [
		['--node-image', options.nodeImage],
		['--workers', options.workers],
		['--merge-kubeconfig', options.mergeKubeconfig],
	]);
	return { provider: 'embedded', registryPort, isForeground: foreground };
}

/** What is only for a cluster that somebody lends, and a port that is none. */
async function refuseBesideOwnRegistry(options: UpOptions, provider: 'kind' | 'embedded'): Promise<void> {
	const { registryPort, registry, registryUsername, context, kubeconfig } = options;
	if (registry.length > 0 || registryUsername.length > 0 || context !== undefined || kubeconfig !== undefined) {
		await refuse(
			'--registry, --registry-username, --context and --kubeconfig go with an existing cluster.',
			`Add --provider existing, or leave them out: ${provider} gets a registry of its own.`,
		);
	}
	if (registryPort !== undefined && !(registryPort >= 1 && registryPort <= 65_535)) {
		await refuse('--registry-port takes a port, from 1 to 65535.');
	}
}

async function refuseGiven(what: string, options: [option: string, value: unknown][]): Promise<void> {
	const misplaced = options.flatMap(([option, value]) => (value === undefined ? [] : [option]));
	if (misplaced.length > 0) await refuse(`${what} does not go with ${misplaced.join(', ')}.`);
}

async function readKind(env: NodeJS.ProcessEnv, options: UpOptions): Promise<Wishes> {
	const { workers, registryPort } = options;
	await refuseBesideOwnRegistry(options, 'kind');
	await refuseGiven('The provider kind', [['--foreground', options.foreground]]);
	if (workers !== undefined && !(workers <= 9)) await refuse('--workers takes a number from 0 to 9.');
	const nodeImage = options.nodeImage ?? (env['KUBEPROCTOR_NODE_IMAGE'] || undefined);
	const mergedInto = options.mergeKubeconfig ? await findOwnKubeconfig(env) : undefined;
	return { provider: 'kind', nodeImage, workers, registryPort, mergedInto };
}

async function readExisting(
	context: Context,
	registries: readonly LabRegistry[],
	record: EnvironmentRecord | null,
	options: UpOptions,
): Promise<ReadWishes> {
	await refuseGiven('An existing cluster', [
		['--node-image', options.nodeImage],
		['--workers', options.workers],
		['--registry-port', options.registryPort],
		['--random-password', options.randomPassword],
		['--merge-kubeconfig', options.mergeKubeconfig],
		['--foreground', options.foreground],
	]);
	if (context.name === undefined) {
		await refuse('On an existing cluster an environment needs a name.', 'Give it one: --name NAME');
	}
	const isSaidAgain = options.context !== undefined || options.registry.length > 0;
	const isKnown = record !== null && registries.every(({ host }) => record.hosts[host] !== undefined);
	if (isKnown && !isSaidAgain) return { wishes: { provider: 'existing' }, why: null, credentials: 'lab' };
	if (options.context === undefined) {
		return refuse('An existing cluster needs a context.', 'Name it: --context CONTEXT');
	}
	if (options.registry.length !== registries.length || options.registryUsername.length !== registries.length) {
		const what = registries.length === 1 ? 'a registry' : `${registries.length} registries`;
		await refuse(
			`This lab needs ${what} that the nodes reach, and an account that may push there.`,
			'Name both: --registry HOST --registry-username USER',
		);
	}
	const { isRegistryHost } = await import('../oci/reference.ts');
	const unfit = options.registry.find((host) => !isRegistryHost(host));
	if (unfit !== undefined) {
		await refuse(
			`--registry takes the host of a registry as images name it, with its port if it has one, not ${unfit}.`,
			'A host has a dot or a port in it, or is localhost; a path, or https:// before it, is no part of it.',
		);
	}
	const source = await findSource(context.env, options.context, options.kubeconfig);
	return {
		wishes: { provider: 'existing', source, registryHosts: options.registry },
		why: null,
		credentials: await askCredentials(context, registries, options),
	};
}

async function askCredentials(
	context: Context,
	registries: readonly LabRegistry[],
	options: UpOptions,
): Promise<Record<string, Credentials>> {
	const { askPassword } = await import('../terminal/prompt.ts');
	const credentials: Record<string, Credentials> = {};
	for (const [index, { host }] of registries.entries()) {
		const username = options.registryUsername[index] ?? '';
		const password =
			context.env['KUBEPROCTOR_REGISTRY_PASSWORD'] ||
			(await askPassword(
				`Password of ${username} at ${options.registry[index]}`,
				'Set KUBEPROCTOR_REGISTRY_PASSWORD.',
				context,
			));
		credentials[host] = { username, password };
	}
	return credentials;
}

async function findSource(env: NodeJS.ProcessEnv, context: string, kubeconfig?: string): Promise<ClusterAccess> {
	const { resolve } = await import('node:path');
	return { kubeconfig: kubeconfig === undefined ? await findOwnKubeconfig(env) : resolve(kubeconfig), context };
}

/** As kubectl finds it, but for what `env` of ours may have put into KUBECONFIG. */
async function findOwnKubeconfig(env: NodeJS.ProcessEnv): Promise<string> {
	const [{ homedir }, { delimiter, join, resolve }, { findHome }] = await Promise.all([
		import('node:os'),
		import('node:path'),
		import('../session.ts'),
	]);
	const ours = join(findHome(env), 'environments');
	const paths = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '' && !path.startsWith(ours));
	return resolve(paths[0] ?? join(homedir(), '.kube', 'config'));
}

async function refuse(message: string, remedy?: string): Promise<never> {
	const { UsageError } = await import('../model/error.ts');
	throw new UsageError(message, remedy);
}
