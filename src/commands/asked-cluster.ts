/** Which cluster a question is about that needs no environment: the environment's where there is one, else the user's. */

import type { ClusterAccess } from '../model/cluster.ts';
import type { Session } from '../model/session.ts';
import type { Context } from './command.ts';

export interface ClusterOptions {
	context?: string;
	kubeconfig?: string;
}

export interface FoundCluster {
	access: ClusterAccess;
	/** The environment whose cluster it is; null: any other. */
	session: Session | null;
}

export async function findCluster(
	{ name, env }: Context,
	options: ClusterOptions,
	mayTryCredentials: boolean,
): Promise<FoundCluster> {
	if (options.context !== undefined || options.kubeconfig !== undefined) {
		return { access: await findOwnContext(env, options), session: null };
	}
	const { findDefaultName, listNames, openSession } = await import('../session.ts');
	const { names } = await listNames(env);
	const asked = name ?? findDefaultName(env) ?? (names.length === 1 ? names[0] : undefined);
	if (asked !== undefined) return openEnvironment(asked);
	const access = await findOwnContext(env, options);
	// Of several, the one that kubectl points at in this shell.
	const sessions = await Promise.all(
		names.map((each) => openSession(each, { env, mayTryCredentials }).catch(() => null)),
	);
	const pointedAt = sessions.find((session) => session?.cluster.kubeconfig === access.kubeconfig);
	return { access, session: pointedAt ?? null };

	async function openEnvironment(environment: string): Promise<FoundCluster> {
		const session = await openSession(environment, { env, mayTryCredentials });
		return { access: session.cluster, session };
	}
}

/** As kubectl finds it, but for files that it would merge: the first that has the context. */
async function findOwnContext(env: NodeJS.ProcessEnv, options: ClusterOptions): Promise<ClusterAccess> {
	const [{ homedir }, { existsSync }, { delimiter, join, resolve }, { listContexts }] = await Promise.all([
		import('node:os'),
		import('node:fs'),
		import('node:path'),
		import('../kube/kubeconfig.ts'),
	]);
	const given = options.kubeconfig ?? env['KUBECONFIG'] ?? '';
	const paths = (options.kubeconfig === undefined ? given.split(delimiter) : [given]).filter((path) => path !== '');
	if (paths.length === 0) paths.push(join(homedir(), '.kube', 'config'));
	const there = paths.map((path) => resolve(path)).filter((path) => existsSync(path));
	const [first = resolve(paths[0] ?? '')] = there;
	if (options.context !== undefined) {
		const { context } = options;
		return { kubeconfig: there.find((path) => listContexts(path).names.includes(context)) ?? first, context };
	}
	const { current } = listContexts(first);
	if (current === '') {
		const { UsageError } = await import('../model/error.ts');
		throw new UsageError(`The kubeconfig ${first} has no current context.`, 'Name one: --context CONTEXT.');
	}
	return { kubeconfig: first, context: current };
}
