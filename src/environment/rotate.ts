/** Gives a registry another password while a lab is being done, as happens to every registry one day. */

import { systemClock } from '../model/clock.ts';
import type { EnvironmentRecord } from '../model/environment.ts';
import { LabError } from '../model/error.ts';
import type { Lab } from '../model/lab.ts';
import type { RegistryDriver } from '../model/provider.ts';
import { makePassword } from './credentials.ts';
import type { StateFolder } from './state-folder.ts';

export interface RotateRequest {
	lab: Lab;
	/** The host as Pods name it; undefined: the registry that the lab wants to see changed, else its first. */
	host: string | undefined;
	record: EnvironmentRecord;
	state: StateFolder;
	registries: readonly RegistryDriver[];
	signal: AbortSignal;
}

/** Milliseconds. Nodes and registries tell of pulls in whole seconds, so one that begins tells before from after. */
const second = 1000;

/** Resolves to the host whose password it was, and when it was changed. */
export async function rotatePassword(request: RotateRequest): Promise<{ host: string; passwordChangedAt: string }> {
	const { record, state, registries, signal } = request;
	const chosen = findRegistry(request);
	const driver = registries.find(({ labHost }) => labHost === chosen.host);
	const credentials = await state.readCredentials();
	const current = credentials[chosen.host];
	if (driver === undefined || current === undefined) throw unknownPassword(chosen.host);
	const isOfLab = current.password === chosen.password;
	const next = { ...current, password: isOfLab ? (chosen.nextPassword ?? makePassword()) : makePassword() };
	// The registry first: one that was changed and not written down gets the old one back from the next up.
	await driver.changePassword(next, signal);
	await state.writeCredentials({ ...credentials, [chosen.host]: next });
	const host = record.hosts[chosen.host] ?? chosen.host;
	const changed = Math.ceil(Date.now() / second) * second;
	const passwordChangedAt = new Date(changed).toISOString();
	await state.writeRecord({
		...record,
		registries: record.registries.map((registry) =>
			registry.host === host ? { ...registry, passwordChangedAt } : registry,
		),
	});
	await systemClock.sleep(changed - Date.now(), signal);
	return { host, passwordChangedAt };
}

function findRegistry({ lab, host: asked, record }: RotateRequest) {
	const usual = lab.registries.find(({ nextPassword }) => nextPassword !== null) ?? lab.registries[0];
	const found = asked === undefined ? usual : lab.registries.find(({ host }) => asked === (record.hosts[host] ?? host));
	if (found !== undefined) return found;
	const hosts = lab.registries.map(({ host }) => record.hosts[host] ?? host);
	throw new LabError({
		code: 'registry-unknown',
		message: `This environment has no registry ${asked}.`,
		remedy: `There is: ${hosts.join(', ')}`,
	});
}

function unknownPassword(host: string): LabError {
	return new LabError({
		code: 'password-unknown',
		message: `The password of ${host} is not known here: the file that held it is lost.`,
		remedy: 'kubeproctor up gives the registry one again.',
	});
}
