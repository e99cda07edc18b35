/** A registry of our own: the OCI distribution spec 1.1 over HTTP, with passwords, and a journal of who pulled what. */

import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { LabError } from '../../model/error.ts';
import { openFolderStorage } from './folder-storage.ts';
import { createGuard } from './guard.ts';
import { type AccessRecord, type Journal, openJournal, openJournalIn } from './journal.ts';
import { openMemoryStorage } from './memory-storage.ts';
import type { Outage } from './outage.ts';
import { openRepositories } from './repositories.ts';
import { createResponder, type SeenRequest } from './respond.ts';
import { openUploads } from './uploads.ts';
import { openUsers, type UsersSource } from './users.ts';

export type { AccessRecord, Outage, SeenRequest, UsersSource };

export interface RegistryServerOptions {
	/** Default: this machine's loopback, and nobody else. */
	host?: string;
	/** Default: any that is free. */
	port?: number;
	/** Null: everybody, without a password. */
	users: UsersSource | null;
	/** Default: `memory`. In a folder, images and journal are there again after a restart, however it came. */
	storage?: 'memory' | { folder: string };
	clock?: { now(): Date };
	/** What a client is told when it is asked for a password. */
	realm?: string;
	/** Default 4 GiB. */
	maxBlobSize?: number;
	/** Milliseconds without a byte in either direction until a connection is given up; default two minutes. */
	patience?: number;
	/** Name of a client in the journal, e.g. the node that has that port; default: its address. */
	nameClient?: (address: string, port: number) => string;
	/** Told of each request that was answered, or that broke off. */
	onRequest?: (request: SeenRequest) => void;
}

export interface RunningRegistry {
	/** e.g. `http://127.0.0.1:41873` */
	readonly url: string;
	readonly port: number;
	/** Every request for a manifest since the journal began, in order. */
	readonly records: readonly AccessRecord[];
	/** From the next request on. */
	setUsers(users: UsersSource | null): void;
	/** A bad day, until it is set to null again. */
	setOutage(outage: Outage | null): Promise<void>;
	/** Breaks off what is under way. */
	stop(): Promise<void>;
}

/** Throws LabError where the port is taken or the folder is damaged. */
export async function startRegistry(options: RegistryServerOptions): Promise<RunningRegistry> {
	const { host = '127.0.0.1', realm = 'kubeproctor private registry', clock = { now: () => new Date() } } = options;
	const guardFor = (users: UsersSource | null) => createGuard(users && openUsers(users), realm);
	const { storage, journal } = await openState(options.storage ?? 'memory');
	const repositories = await openRepositories(storage);
	const uploads = openUploads({ storage, clock, maxBlobSize: options.maxBlobSize ?? 4 * 1024 ** 3 });
	const state = { guard: guardFor(options.users), outage: null as Outage | null };
	const { nameClient = (address: string) => address, onRequest = () => {} } = options;
	const respond = createResponder({ state, storage, repositories, uploads, journal, clock, nameClient, onRequest });

	const underWay = new Set<Promise<void>>();
	const createServer = () =>
		http
			.createServer(timeouts, (request, response) => {
				const responding = respond(request, response).finally(() => underWay.delete(responding));
				underWay.add(responding);
			})
			.setTimeout(options.patience ?? 120_000);
	let server: http.Server | null = await listen(createServer(), host, options.port ?? 0);
	const { port } = server.address() as AddressInfo;

	async function hangUp(): Promise<void> {
		const closing = server;
		server = null;
		if (closing === null) return;
		closing.close();
		closing.closeAllConnections();
		await once(closing, 'close');
		await Promise.all(underWay);
	}

	return {
		url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
		port,
		records: journal.records,
		setUsers(users) {
			state.guard = guardFor(users);
		},
		async setOutage(outage) {
			state.outage = outage;
			if (outage === 'stopped') await hangUp();
			else server ??= await listen(createServer(), host, port);
		},
		async stop() {
			await hangUp();
			await uploads.discardAll();
			journal.close();
		},
	};
}

async function openState(where: 'memory' | { folder: string }) {
	if (where === 'memory') return { storage: openMemoryStorage(), journal: openJournal() };
	await mkdir(where.folder, { recursive: true, mode: 0o700 });
	const journal: Journal = openJournalIn(where.folder);
	return { storage: openFolderStorage(where.folder), journal };
}

/** A push may take as long as it gets on. Idle connections outlive those of clients, so that none is cut while in use. */
const timeouts = { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 75_000 };

async function listen(server: http.Server, host: string, port: number): Promise<http.Server> {
	server.listen({ host, port, exclusive: true });
	try {
		await once(server, 'listening');
	} catch (cause) {
		throw new LabError(
			{
				code: 'port-taken',
				message: `The registry cannot listen on port ${port} of ${host}.`,
				remedy: 'Another program has it: end that one, or leave the port open to get a free one.',
			},
			{ cause },
		);
	}
	return server;
}
