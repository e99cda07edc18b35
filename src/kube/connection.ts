/** What a TLS connection to an API server needs, by the shortest way to it. */

import { readFileSync } from 'node:fs';
import type http from 'node:http';
import type https from 'node:https';
import type { ClusterAccess } from '../model/cluster.ts';

export interface Connection {
	server: string;
	tls: https.AgentOptions;
	headers: http.OutgoingHttpHeaders;
	/** `user:password`, from a kubeconfig that has them. */
	basicAuth: string | undefined;
	/** Set where the kubeconfig asks for a proxy. */
	proxyAgent: http.Agent | undefined;
}

/** Throws LabError where the kubeconfig is absent, broken or lacks the context. */
export async function findConnection(access: ClusterAccess): Promise<Connection> {
	return readPlain(access) ?? (await import('./kubeconfig.ts')).loadKubeconfig(access);
}

type Named<K extends string> = { name: string } & Record<K, Record<string, string>>;

interface PlainConfig {
	contexts: Named<'context'>[];
	clusters: Named<'cluster'>[];
	users: Named<'user'>[];
}

/**
 * A kubeconfig as the embedded cluster writes it: JSON, with a client's certificate and nothing else in it. Null: any
 * other, which is for a library that takes longer to load than such a file to be used.
 */
function readPlain({ kubeconfig, context }: ClusterAccess): Connection | null {
	try {
		const { contexts, clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as PlainConfig;
		const chosen = contexts.find(({ name }) => name === context)?.context;
		const cluster = clusters.find(({ name }) => name === chosen?.['cluster'])?.cluster ?? {};
		const user = users.find(({ name }) => name === chosen?.['user'])?.user ?? {};
		const { server = '', 'certificate-authority-data': ca = '', ...restOfCluster } = cluster;
		const { 'client-certificate-data': cert = '', 'client-key-data': key = '', ...restOfUser } = user;
		const isPlain = Object.keys({ ...restOfCluster, ...restOfUser }).length === 0;
		if (!isPlain || [server, ca, cert, key].includes('')) return null;
		const decode = (data: string) => Buffer.from(data, 'base64');
		const tls = { ca: decode(ca), cert: decode(cert), key: decode(key) };
		return { server, tls, headers: {}, basicAuth: undefined, proxyAgent: undefined };
	} catch {
		return null;
	}
}
