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
	const { findDefaultName, listNames, openSession } = await import('../session.ts');
	if (options.context === undefined && options.kubeconfig === undefined) {
		const { names } = await listNames(env);
		const asked = name ?? findDefaultName(env) ?? (names.length === 1 ? names[0] : undefined);
		if (asked !== undefined) {
			const session = await openSession(asked, { env, mayTryCredentials });
			return { access: session.cluster, session };
		}
	}
	return { access: await findOwnContext(env, options), session: null };
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
