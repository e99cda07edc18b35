/** What a registry container needs to know: its configuration, and one user's password as a hash. */

import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../model/engine.ts';
import type { Credentials } from '../model/registry.ts';
import { writeHtpasswdLine } from '../oci/htpasswd.ts';
import { findPackageFolder } from '../package-root.ts';

/** Works on a container that is stopped, too. */
export async function copySetup(
	engine: Engine,
	container: string,
	credentials: Credentials,
	signal: AbortSignal,
): Promise<void> {
	// Readable by this account only; what is inside keeps the modes that the container's own folders have.
	const folder = await mkdtemp(join(tmpdir(), 'kubeproctor-'));
	try {
		const configFolder = join(folder, 'etc/docker/registry');
		const passwordFolder = join(folder, 'etc/kubeproctor');
		await Promise.all([mkdir(configFolder, { recursive: true }), mkdir(passwordFolder, { recursive: true })]);
		await Promise.all([
			copyFile(join(findPackageFolder('registry-setup'), 'config.yml'), join(configFolder, 'config.yml')),
			writeFile(join(passwordFolder, 'htpasswd'), await writeHtpasswdLine(credentials), { mode: 0o600 }),
		]);
		await engine.run(['cp', `${folder}/etc`, `${container}:/`], { signal });
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
