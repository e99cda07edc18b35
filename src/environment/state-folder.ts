/** The folder of an environment's own files: who may read them, and how they are written without being torn. */

import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentRecord } from '../model/environment.ts';
import { describeWriteError, LabError } from '../model/error.ts';
import type { Credentials } from '../model/registry.ts';
import { writePrivately } from '../private-file.ts';

/** By the host under which the lab knows the registry. */
export type CredentialsByHost = Record<string, Credentials>;

export class StateFolder {
	readonly path: string;
	readonly #parent: string;

	constructor(home: string, name: string) {
		this.#parent = join(home, 'environments');
		this.path = join(this.#parent, name);
	}

	get lockFile(): string {
		return `${this.path}.lock`;
	}

	/** Makes what is absent, for this account's eyes only. */
	async prepare(): Promise<void> {
		await writing(this.path, async () => {
			await mkdir(this.path, { recursive: true, mode: 0o700 });
			await chmod(this.path, 0o700);
		});
	}

	/** Null: absent or unreadable; the labels of containers and nodes tell the truth then. */
	async readRecord(): Promise<EnvironmentRecord | null> {
		const record = await this.#readJson<EnvironmentRecord>('environment.json');
		return record?.schemaVersion === 1 ? record : null;
	}

	async writeRecord(record: EnvironmentRecord): Promise<void> {
		await this.write('environment.json', `${JSON.stringify(record, null, '\t')}\n`);
	}

	async readCredentials(): Promise<CredentialsByHost> {
		return (await this.#readJson<CredentialsByHost>('credentials.json')) ?? {};
	}

	async writeCredentials(credentials: CredentialsByHost): Promise<void> {
		await this.write('credentials.json', `${JSON.stringify(credentials, null, '\t')}\n`);
	}

	/** Undefined: there is no such file. */
	async read(file: string): Promise<string | undefined> {
		return readFile(join(this.path, file), 'utf8').catch(() => undefined);
	}

	/** Whole or not at all, readable by this account only. */
	async write(file: string, text: string): Promise<void> {
		const path = join(this.path, file);
		await writing(path, () => writePrivately(path, text));
	}

	/** Whether there was one. */
	async remove(): Promise<boolean> {
		const files = await readdir(this.path).catch(() => null);
		await writing(this.path, () => rm(this.path, { recursive: true, force: true }));
		return files !== null;
	}

	async #readJson<T>(file: string): Promise<T | null> {
		try {
			return JSON.parse((await this.read(file)) ?? 'null') as T | null;
		} catch {
			return null;
		}
	}
}

/** Names of the environments that have a folder. */
export async function listStateFolders(home: string): Promise<string[]> {
	const entries = await readdir(join(home, 'environments'), { withFileTypes: true }).catch(() => []);
	return entries
		.filter((entry) => entry.isDirectory())
		.map((entry) => entry.name)
		.sort();
}

/** Turns what the file system says into an error that a person can act on. */
export async function writing<R>(path: string, action: () => Promise<R>): Promise<R> {
	try {
		return await action();
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === undefined || code === 'EEXIST') throw error;
		const isFull = code === 'ENOSPC' || code === 'EDQUOT';
		throw new LabError(
			{
				code: isFull ? 'home-full' : 'home-not-writable',
				message: `${path} cannot be written: ${describeWriteError(error)}`,
				remedy: isFull
					? 'Free some disk space there, or set KUBEPROCTOR_HOME to a folder on another disk.'
					: 'Make that folder writable for this account, or set KUBEPROCTOR_HOME to one that is.',
			},
			{ cause: error },
		);
	}
}
