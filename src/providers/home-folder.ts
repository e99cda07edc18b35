/** Whether a folder of ours can be written, and has room. */

import { existsSync } from 'node:fs';
import { mkdtemp, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeError, type Problem } from '../model/error.ts';

/** Bytes. An embedded environment takes a few megabytes; the rest is for what learners push. */
const leastRoom = 100 * 1024 ** 2;

/**
 * By making a folder in it, or where it would be made; that is taken away again. `name`: what it is called where it is told.
 * `found` is in a few words.
 */
export async function lookAtFolder(
	folder: string,
	name = folder,
): Promise<{ found: string | null; problem: Problem | null }> {
	const place = findPlace(folder);
	try {
		await rmdir(await mkdtemp(join(place, '.kubeproctor-')));
	} catch (error) {
		const message = `${name} cannot be written: ${describeError(error)}`;
		const remedy = 'Make that folder writable for this account, or set KUBEPROCTOR_HOME to one that is.';
		return { found: null, problem: { code: 'home-not-writable', message, remedy } };
	}
	const { bavail, bsize } = await statfs(place);
	const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`;
	if (bavail * bsize >= leastRoom) return { found: `${name}, ${free}`, problem: null };
	const message = `The disk of ${name} is full: ${free}.`;
	const remedy = 'Free some disk space there, or set KUBEPROCTOR_HOME to a folder on another disk.';
	return { found: null, problem: { code: 'home-full', message, remedy } };
}

/** The folder itself, else the nearest above it that is there. */
function findPlace(folder: string): string {
	return existsSync(folder) || folder === dirname(folder) ? folder : findPlace(dirname(folder));
}
