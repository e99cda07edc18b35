/** The registries of an embedded environment, each in a folder of its own. */

import { join } from 'node:path';
import { type EmbeddedPlan, type EmbeddedRegistryPlan, nameRegistryFolder } from '../../model/embedded.ts';
import { LabError } from '../../model/error.ts';
import type { Credentials } from '../../model/registry.ts';
import { writeHtpasswdLine } from '../../oci/htpasswd.ts';
import { type RunningRegistry, startRegistry } from '../../oci/server/index.ts';
import { writePrivately } from '../../private-file.ts';

export interface EmbeddedRegistry extends RunningRegistry {
	/** From then on it answers to these credentials alone. */
	setUser(credentials: Credentials): Promise<void>;
}

/** By the host under which the lab knows them. */
export type Registries = ReadonlyMap<string, EmbeddedRegistry>;

/** `nameClient`: who has that port of this machine; see `RegistryServerOptions`. */
export async function startRegistries(
	{ folder, registries }: EmbeddedPlan,
	nameClient: (address: string, port: number) => string,
): Promise<Registries> {
	const started = await Promise.all(
		registries.map(async (plan): Promise<[string, EmbeddedRegistry]> => {
			const home = join(folder, nameRegistryFolder(plan.host));
			const htpasswd = join(home, 'htpasswd');
			const running = await startAt(plan, (port) =>
				startRegistry({ port, users: { htpasswd }, storage: { folder: home }, nameClient }),
			);
			// It reads the file anew when it was changed.
			const setUser = async (credentials: Credentials) =>
				writePrivately(htpasswd, await writeHtpasswdLine(credentials));
			return [plan.host, { ...running, setUser }];
		}),
	);
	return new Map(started);
}

/** At the port that was asked for; or at the last one, and at any where somebody else has that one now. */
async function startAt(
	{ port, lastPort }: EmbeddedRegistryPlan,
	start: (port: number) => Promise<RunningRegistry>,
): Promise<RunningRegistry> {
	try {
		return await start(port ?? lastPort ?? 0);
	} catch (error) {
		const isTaken = error instanceof LabError && error.code === 'port-taken';
		if (!isTaken || port !== undefined || lastPort === undefined) throw error;
		return start(0);
	}
}
