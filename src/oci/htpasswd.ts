/** A line of an htpasswd file, as registry:2 reads it: bcrypt, and nothing else. */

import { hash, truncates } from 'bcryptjs';
import { UsageError } from '../model/error.ts';
import type { Credentials } from '../model/registry.ts';

/** What Apache's htpasswd takes; the registry computes it anew for each request. */
const cost = 5;

/** Ends in a newline. Throws UsageError for what an htpasswd file cannot hold. */
export async function writeHtpasswdLine({ username, password }: Credentials): Promise<string> {
	if (!/^[^:\s#][^:\r\n\0]*$/.test(username)) {
		throw new UsageError(
			'A registry username may be neither empty nor begin with # or a space, and holds neither colon nor line break.',
		);
	}
	if (password === '') throw new UsageError('A registry password may not be empty.');
	if (truncates(password))
		throw new UsageError('A registry password may have at most 72 bytes: bcrypt ignores the rest.');
	// The same algorithm under the name that Go's and Apache's readers know.
	return `${username}:${(await hash(password, cost)).replace(/^\$2[ab]\$/, '$2y$')}\n`;
}
