/** A registry of our own for a test, and the requests that tests make of it. */

import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistryClient, type RegistryClient } from '../../../src/oci/client.ts';
import { type RegistryServerOptions, type RunningRegistry, startRegistry } from '../../../src/oci/server/index.ts';
import { type Answer, ask } from '../../contracts/registry/ask.ts';
import { learner } from '../../contracts/registry/cases.ts';

export const authorization = `Basic ${Buffer.from(`${learner.username}:${learner.password}`).toString('base64')}`;

export async function withRegistry<T>(
	options: Partial<RegistryServerOptions>,
	action: (registry: RunningRegistry) => Promise<T>,
): Promise<T> {
	const registry = await startRegistry({ users: { credentials: [learner] }, ...options });
	try {
		return await action(registry);
	} finally {
		await registry.stop();
	}
}

export async function withClient<T>(url: string, action: (client: RegistryClient) => Promise<T>): Promise<T> {
	const client = openRegistryClient({ endpoint: url, credentials: learner });
	try {
		return await action(client);
	} finally {
		client.close();
	}
}

export async function withFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
	const folder = join(tmpdir(), `kubeproctor-test-${randomUUID()}`);
	mkdirSync(folder);
	try {
		return await action(folder);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

export function askAsLearner(
	{ url }: RunningRegistry,
	method: string,
	path: string,
	headers: Record<string, string> = {},
	body = '',
): Promise<Answer> {
	return ask(url, { method, path, headers: { authorization, ...headers }, body });
}

/** The path under which an upload goes on. */
export async function beginUpload(registry: RunningRegistry, repository: string): Promise<string> {
	const { headers } = await askAsLearner(registry, 'POST', `/v2/${repository}/blobs/uploads/`);
	return headers['location']?.replace(registry.url, '') ?? '';
}

export function listBytes(folder: string): string[] {
	return readdirSync(join(folder, 'blobs')).sort();
}

export function listDrafts(folder: string): string[] {
	return readdirSync(join(folder, 'drafts'));
}
