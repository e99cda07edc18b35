/** The step that gets every registry of the lab to answer to its password. */

import type { RegistryRecord } from '../../model/environment.ts';
import type { StartedRegistry } from '../../model/provider.ts';
import type { Step } from '../run.ts';
import type { UpRequest } from '../up.ts';
import type { Ground } from './look-around.ts';

/** What runs each of the lab's registries, in the lab's order. */
export async function startRegistries(request: UpRequest, ground: Ground, step: Step): Promise<RegistryRecord[]> {
	const { label } = ground.record;
	const found = await Promise.all(
		request.registries.map(async (driver): Promise<{ record: RegistryRecord; about: string }> => {
			const host = request.hosts[driver.labHost] ?? driver.labHost;
			const credentials = ground.credentials[driver.labHost];
			if (credentials === undefined) throw new Error(`no credentials were chosen for ${driver.labHost}`);
			const before = ground.record.registries.find((registry) => registry.host === host);
			const started = await driver.start(label, credentials, step, () =>
				step.takeBack(`registry ${host}`, (signal) => driver.remove(label, signal)),
			);
			const record: RegistryRecord = {
				host,
				endpoint: started.endpoint,
				username: credentials.username,
				ownership: driver.ownership,
				instance: started.instance,
				container: driver.container,
				lostBefore: tellLoss(before, started),
				passwordChangedAt: ground.record.isResetting ? null : (before?.passwordChangedAt ?? null),
			};
			return { record, about: started.about };
		}),
	);
	step.report(found.map(({ about }) => about).join('; '));
	return found.map(({ record }) => record);
}

/** A container that is another one than last time took the log of the former with it, unless we saved it. */
function tellLoss(before: RegistryRecord | undefined, started: StartedRegistry): string | null {
	const isSame = before === undefined || before.instance === null || before.instance === started.instance;
	return isSame || started.hasSavedLog ? (before?.lostBefore ?? null) : started.since;
}
