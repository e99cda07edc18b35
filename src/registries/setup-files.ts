/** What a registry container needs to know: its configuration, and one user's password as a hash. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../model/engine.ts';
import type { Credentials } from '../model/registry.ts';
import { packFiles } from '../oci/archive.ts';
import { writeHtpasswdLine } from '../oci/htpasswd.ts';
import { findPackageFolder } from '../package-root.ts';

/** Works on a container that is stopped, too. */
export async function copySetup(
	engine: Engine,
	container: string,
	credentials: Credentials,
	signal: AbortSignal,
): Promise<void> {
	const [config, htpasswd] = await Promise.all([
		readFile(join(findPackageFolder('registry-setup'), 'config.yml'), 'utf8'),
		writeHtpasswdLine(credentials),
	]);
	const input = await packFiles([
		{ path: 'etc/docker/registry/config.yml', text: config, mode: 0o644 },
		{ path: 'etc/kubeproctor/htpasswd', text: htpasswd, mode: 0o600 },
	]);
	await engine.run(['cp', '-', `${container}:/`], { input, signal });
}
