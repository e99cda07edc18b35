/** Who may use a registry: some that are named here, or those of an htpasswd file. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { compare } from 'bcryptjs';
import type { Credentials } from '../../model/registry.ts';

export interface Users {
	/** Whether the password is the one of that user. */
	admit(credentials: Credentials): Promise<boolean>;
}

export type UsersSource = { credentials: readonly Credentials[] } | { htpasswd: string };

export function openUsers(source: UsersSource): Users {
	return 'htpasswd' in source ? openPasswordFile(source.htpasswd) : nameUsers(source.credentials);
}

function nameUsers(credentials: readonly Credentials[]): Users {
	const seal = createSeal();
	const known = new Map(credentials.map(({ username, password }) => [username, seal(password)]));
	return {
		async admit({ username, password }) {
			const sealed = known.get(username);
			return sealed !== undefined && timingSafeEqual(sealed, seal(password));
		},
	};
}

/**
 * As registry:2 reads it: anew whenever it was changed, and nothing but bcrypt ever matches. A password that was right
 * is remembered while the file stays as it is, because clients send it with each request.
 */
function openPasswordFile(path: string): Users {
	const seal = createSeal();
	let version = '';
	let hashes = new Map<string, string>();
	let verified = new Map<string, Buffer>();

	async function refresh(): Promise<void> {
		const { mtimeMs, size, ino } = await stat(path);
		const current = [mtimeMs, size, ino].join();
		if (current === version) return;
		hashes = parseHtpasswd(await readFile(path, 'utf8'));
		verified = new Map();
		version = current;
	}

	return {
		async admit({ username, password }) {
			await refresh();
			const remembered = verified;
			const sealed = seal(password);
			const right = remembered.get(username);
			if (right !== undefined && timingSafeEqual(right, sealed)) return true;

			const hash = hashes.get(username);
			if (hash === undefined || !bcryptHash.test(hash) || !(await compare(password, hash))) return false;
			remembered.set(username, sealed);
			return true;
		},
	};
}

const bcryptHash = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

/** Hash by user; the last line of a user counts. Throws where a line is none of them. */
export function parseHtpasswd(text: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const [index, line] of text.split('\n').entries()) {
		const entry = line.trim();
		if (entry === '' || entry.startsWith('#')) continue;
		const colon = entry.indexOf(':');
		if (colon < 0) throw new Error(`htpasswd: invalid entry at line ${index + 1}`);
		found.set(entry.slice(0, colon), entry.slice(colon + 1));
	}
	return found;
}

/** Keeps a password recognisable in memory without keeping it. */
function createSeal(): (password: string) => Buffer {
	const salt = randomBytes(32);
	return (password) => createHash('sha256').update(salt).update(password).digest();
}
