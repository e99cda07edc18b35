/** The first step of `up`: is the machine fit, and what of this environment is there already? */

import { randomBytes } from 'node:crypto';
import type { EnvironmentRecord } from '../../model/environment.ts';
import { describeProblem, LabError, type Problem } from '../../model/error.ts';
import { environmentLabel } from '../../model/identity.ts';
import type { Found } from '../../model/provider.ts';
import { chooseCredentials } from '../credentials.ts';
import type { Step } from '../run.ts';
import type { CredentialsByHost } from '../state-folder.ts';
import type { UpRequest } from '../up.ts';

export interface Ground {
	record: EnvironmentRecord;
	cluster: Found;
	credentials: CredentialsByHost;
	/** Whether an earlier `up` came to its end here, as far as this machine remembers; null: it does not. */
	wasComplete: boolean | null;
	/** A registry of ours was not running, so that what nodes say of their last pull may be about its absence. */
	wasRegistryAway: boolean;
}

export async function lookAround(request: UpRequest, step: Step): Promise<Ground> {
	const { provider, registries, state } = request;
	const { signal } = step;
	step.tell('asking what is there');
	const [machine, ports, cluster, found] = await Promise.all([
		provider.check(signal),
		Promise.all(registries.map((registry) => registry.check(signal).catch(() => []))),
		settle(provider.find(signal)),
		settle(Promise.all(registries.map((registry) => registry.find(signal)))),
	]);
	refuseProblems([...machine.problems, ...ports.flat()]);
	for (const warning of machine.warnings ?? []) request.progress.note(describeProblem(warning));
	const everything = [unwrap(cluster), ...unwrap(found)];
	for (const thing of everything) if (thing.state === 'foreign') throw nameInUse(thing.what);

	const remembered = await state.readRecord();
	const label = findLabel(everything) ?? remembered?.label ?? `${request.name}-${randomBytes(4).toString('hex')}`;
	const known = remembered?.label === label ? remembered : null;
	if (provider.isShared && known === null && everything.some(({ state }) => state !== 'absent'))
		throw takenOnShared(request.name, label);
	const hadFolder = remembered !== null;
	if (!hadFolder) step.takeBack(`folder ${state.path}`, () => state.remove());
	await state.prepare();
	const credentials = await chooseCredentials(request, known !== null && known.completedAt !== null ? known : null);
	const record = describe(request, label, known);
	await state.writeRecord(record);
	// Before any registry: one that starts first may be given the address that a node had, and its certificates name it.
	if (unwrap(cluster).state === 'stopped') await provider.start(step);
	step.report(machine.about);
	return {
		record,
		cluster: unwrap(cluster),
		credentials,
		wasComplete: known && known.completedAt !== null,
		wasRegistryAway: registries.some(
			({ ownership }, index) => ownership === 'ours' && unwrap(found)[index]?.state !== 'running',
		),
	};
}

function describe(request: UpRequest, label: string, known: EnvironmentRecord | null): EnvironmentRecord {
	const isResetting = request.isReset || known?.isResetting === true;
	return {
		schemaVersion: 1,
		name: request.name,
		label,
		provider: request.provider.id,
		lab: request.lab.id,
		context: known?.context ?? '',
		registries: known?.registries ?? [],
		images: known?.images ?? [],
		hosts: request.hosts,
		namespaces: request.namespaces,
		controlNamespace: request.controlNamespace,
		createdAt: known?.createdAt ?? new Date().toISOString(),
		completedAt: isResetting ? null : (known?.completedAt ?? null),
		isResetting,
		hasRandomPasswords: request.credentials === 'random' || known?.hasRandomPasswords === true,
		mergedInto: request.mergedInto,
		engine: request.engine,
	};
}

/** The cluster comes first: a learner's work is in it. */
function findLabel(found: readonly Found[]): string | undefined {
	return found.flatMap((thing) => ('label' in thing ? [thing.label] : []))[0];
}

function refuseProblems([first, ...also]: readonly Problem[]): void {
	if (first !== undefined) throw new LabError(first, { also });
}

function nameInUse(what: string): LabError {
	return new LabError({
		code: 'name-in-use',
		message: `There is a ${what} that kubeproctor did not make; it is left alone.`,
		remedy: 'Give the environment another name: kubeproctor --name NAME up',
	});
}

function takenOnShared(name: string, label: string): LabError {
	return new LabError({
		code: 'name-in-use',
		message: `Somebody else has an environment ${name} on this cluster, or its folder on this machine is lost.`,
		remedy: `Take another name; or, if it was yours: kubectl delete namespaces -l ${environmentLabel}=${label}`,
	});
}

/** Keeps a failure until it is known whether the machine explains it better. */
async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
	return (await Promise.allSettled([promise]))[0];
}

function unwrap<T>(settled: PromiseSettledResult<T>): T {
	if (settled.status === 'rejected') throw settled.reason;
	return settled.value;
}
