/** The registry of an embedded environment: runs in the same process as the cluster, and keeps its journal in a folder. */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedProcess, nameRegistryFolder } from '../model/embedded.ts';
import type { Problem } from '../model/error.ts';
import type { RegistryDriver, StartedRegistry, Work } from '../model/provider.ts';
import type { Credentials } from '../model/registry.ts';
import { writePrivately } from '../private-file.ts';
import { awaitHealth, isLockedFor } from './health.ts';
import { isPortFree, portTaken } from './port.ts';

export interface EmbeddedRegistryOptions {
	/** The environment's own folder. */
	folder: string;
	labHost: string;
	/** The port to use; undefined: a free one. */
	port: number | undefined;
	/** Where it answered last; undefined: nothing is known of it. */
	lastEndpoint: string | undefined;
	process: EmbeddedProcess;
}

/** Lives and dies with the cluster's process, whose removal removes it too. */
export function openEmbeddedRegistry(options: EmbeddedRegistryOptions): RegistryDriver {
	const { labHost, port, process: host } = options;
	const folder = join(options.folder, nameRegistryFolder(labHost));
	let endpoint: string | null = null;

	async function check(): Promise<Problem[]> {
		if (port === undefined || options.lastEndpoint === `http://127.0.0.1:${port}`) return [];
		return (await isPortFree(port)) ? [] : [portTaken(port)];
	}

	async function start(label: string, credentials: Credentials, work: Work): Promise<StartedRegistry> {
		const { id, since, isNew } = await identify(folder);
		const { registries } = await host.start(label, work);
		const url = registries[labHost];
		if (url === undefined) throw new Error(`nothing was started for ${labHost}`);
		if (isNew) await setUser(credentials);
		else await order('outage', null);
		if (!(await isLockedFor(url, credentials, work.signal))) {
			work.tell('putting the password back');
			await setUser(credentials);
			await awaitHealth(url, credentials, work.signal);
		}
		endpoint = url;
		return { endpoint: url, instance: id, since, hasSavedLog: false, about: `htpasswd, ${new URL(url).host}` };
	}

	async function changePassword(credentials: Credentials, signal: AbortSignal): Promise<void> {
		if (options.lastEndpoint === undefined) throw new Error(`it is not known where ${labHost} answers`);
		await setUser(credentials);
		await awaitHealth(options.lastEndpoint, credentials, signal);
	}

	const setUser = (credentials: Credentials) => order('user', credentials);
	const order = (property: string, value: unknown) =>
		host.order('PUT', `registries/${encodeURIComponent(labHost)}/${property}`, value);

	return {
		ownership: 'ours',
		labHost,
		container: null,
		check,
		find: () => host.find(),
		start,
		changePassword,
		joinNodes: async () => endpoint,
		remove: async () => [],
	};
}

interface Identity {
	id: string;
	/** RFC 3339: when the journal began. */
	since: string;
	isNew: boolean;
}

/** Goes with the folder, so that a journal that was lost is noticed. */
async function identify(folder: string): Promise<Identity> {
	const file = join(folder, 'identity.json');
	try {
		return { ...(JSON.parse(await readFile(file, 'utf8')) as Identity), isNew: !existsSync(join(folder, 'htpasswd')) };
	} catch {
		const identity = { id: randomUUID(), since: new Date().toISOString() };
		await mkdir(folder, { recursive: true, mode: 0o700 });
		await writePrivately(file, JSON.stringify(identity));
		return { ...identity, isNew: true };
	}
}
