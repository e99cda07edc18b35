/** The registries of an embedded environment, each in a folder of its own. */

import { join } from 'node:path';
import { type EmbeddedPlan, type EmbeddedRegistryPlan, nameRegistryFolder } from '../../model/embedded.ts';
import { LabError } from '../../model/error.ts';
import { type RunningRegistry, startRegistry } from '../../oci/server/index.ts';

/** By the host under which the lab knows them. */
export type Registries = ReadonlyMap<string, RunningRegistry>;

/** `nameClient`: who has that port of this machine; see `RegistryServerOptions`. */
export async function startRegistries(
	{ folder, registries }: EmbeddedPlan,
	nameClient: (address: string, port: number) => string,
): Promise<Registries> {
	const started = await Promise.all(
		registries.map(async (plan): Promise<[string, RunningRegistry]> => {
			const home = join(folder, nameRegistryFolder(plan.host));
			const users = { htpasswd: join(home, 'htpasswd') };
			return [
				plan.host,
				await startAt(plan, (port) => startRegistry({ port, users, storage: { folder: home }, nameClient })),
			];
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
