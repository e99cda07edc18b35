/** From a kubeconfig file and a context to what a TLS connection needs. */

import { existsSync } from 'node:fs';
import type http from 'node:http';
import type https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterAccess } from '../model/cluster.ts';
import { describeError, LabError } from '../model/error.ts';
import type { Connection } from './connection.ts';
import { brokenKubeconfig } from './kube-error.ts';

/** Exec plugins and OIDC are run here, once. */
export async function loadKubeconfig(access: ClusterAccess): Promise<Connection> {
	const config = readKubeconfig(access.kubeconfig);
	if (config.getContextObject(access.context) === null) throw missingContext(access.kubeconfig, access.context, config);
	config.setCurrentContext(access.context);
	const cluster = config.getCurrentCluster();
	if (cluster === null)
		throw brokenKubeconfig(access.kubeconfig, `context ${access.context} names a cluster that is not there`);

	const options: https.RequestOptions = {};
	try {
		await config.applyToHTTPSOptions(options);
	} catch (error) {
		throw brokenKubeconfig(access.kubeconfig, `its credentials cannot be used: ${describeError(error)}`, error);
	}
	const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
	return {
		server: cluster.server,
		tls: dropUndefined({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }),
		headers: (options.headers as http.OutgoingHttpHeaders | undefined) ?? {},
		basicAuth: options.auth ?? undefined,
		proxyAgent: cluster.proxyUrl ? (options.agent as http.Agent) : undefined,
	};
}

/** Names of the contexts of a file, and which one is current. */
export function listContexts(kubeconfig: string): { names: string[]; current: string } {
	const config = readKubeconfig(kubeconfig);
	return { names: config.getContexts().map((context) => context.name), current: config.getCurrentContext() };
}

/** Where kubectl looks when nobody names a namespace. */
export function findNamespace({ kubeconfig, context }: ClusterAccess): string {
	return readKubeconfig(kubeconfig).getContextObject(context)?.namespace || 'default';
}

/** URL of the API server of a context; null: the file is absent or broken, or has no such context. */
export function findServer({ kubeconfig, context }: ClusterAccess): string | null {
	try {
		const config = readKubeconfig(kubeconfig);
		const found = config.getContextObject(context);
		return (found && config.getCluster(found.cluster)?.server) ?? null;
	} catch {
		return null;
	}
}

/**
 * A kubeconfig that holds one context of another file and nothing else, with a default namespace; JSON, which every
 * reader of YAML reads. Paths in it are absolute.
 */
export function extractContext({ kubeconfig, context }: ClusterAccess, namespace: string): string {
	const source = readKubeconfig(kubeconfig);
	const found = source.getContextObject(context);
	if (found === null) throw missingContext(kubeconfig, context, source);
	const single = new KubeConfig();
	single.loadFromOptions({
		clusters: source.getClusters().filter((cluster) => cluster.name === found.cluster),
		users: source.getUsers().filter((user) => user.name === found.user),
		contexts: [{ ...found, namespace }],
		currentContext: context,
	});
	return `${single.exportConfig()}\n`;
}

function missingContext(kubeconfig: string, context: string, config: KubeConfig): LabError {
	const names = config.getContexts().map(({ name }) => name);
	return new LabError({
		code: 'context-missing',
		message: `The kubeconfig ${kubeconfig} has no context ${context}.`,
		remedy: names.length > 0 ? `It has: ${names.join(', ')}.` : 'It has none at all.',
	});
}

function readKubeconfig(path: string): KubeConfig {
	if (!existsSync(path)) {
		throw new LabError({
			code: 'kubeconfig-missing',
			message: `There is no kubeconfig at ${path}.`,
			remedy: 'kubeproctor up makes it again; --kubeconfig names another one.',
		});
	}
	const config = new KubeConfig();
	try {
		config.loadFromFile(path);
	} catch (error) {
		throw brokenKubeconfig(path, describeError(error), error);
	}
	return config;
}

function dropUndefined<T extends object>(values: T): T {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
