/** CustomResourceDefinitions: whose names are free are established, and one that goes takes its objects with it. */

import type { ClusterClient } from '../cluster-client.ts';
import { setCondition } from '../custom/conditions.ts';
import {
	cleanupFinalizer,
	type Definition,
	type DefinitionCondition,
	type DefinitionNames,
	definitionType,
	findCondition,
	isConditionTrue,
} from '../custom/definition.ts';
import { isEqual } from '../patch/index.ts';
import { StatusError } from '../status-error.ts';
import { formatTime } from '../time.ts';
import type { TimerClock } from '../timers.ts';
import { keyOf, type Loop, startLoop } from './reconcile.ts';

/** Milliseconds until it is looked again whether all objects have gone. */
const patience = 5000;

export function startDefinitions(client: ClusterClient, clock: TimerClock): Loop {
	return startLoop({
		client,
		clock,
		types: [definitionType],
		findKeys: (object, change) => {
			// What has gone, or has other names now, may free a name that another one waits for.
			const others = change === null || change.type === 'ADDED' ? [] : listGroup(client, object as Definition);
			return [object, ...others].map(keyOf);
		},
		reconcile({ name }, loop) {
			const definition = client.get<Definition>(definitionType, '', name);
			if (definition === null) return;
			acceptNames(client, clock, definition);
			establish(client, clock, name);
			if (!removeObjects(client, clock, name)) loop.enqueue({ namespace: '', name }, patience);
		},
	});
}

function listGroup(client: ClusterClient, { spec, metadata }: Definition): Definition[] {
	const all = client.list<Definition>(definitionType, null);
	return all.filter((other) => other.spec.group === spec.group && other.metadata.name !== metadata.name);
}

function acceptNames(client: ClusterClient, clock: TimerClock, definition: Definition): void {
	if (isEqual(definition.spec.names, definition.status?.acceptedNames)) return;
	const { accepted, condition } = judgeNames(definition, listGroup(client, definition));
	const isKnown = isEqual(accepted, definition.status?.acceptedNames);
	if (isKnown && isSame(condition, findCondition(definition, 'NamesAccepted'))) return;
	changeStatus(client, clock, definition.metadata.name, (live, time) => {
		const named = { ...live, status: { ...live.status, acceptedNames: accepted } };
		return setCondition(setCondition(named, condition, time), beforeEstablished(live, condition), time);
	});
}

function isSame(condition: DefinitionCondition, before: DefinitionCondition | undefined): boolean {
	return (['status', 'reason', 'message'] as const).every((name) => condition[name] === before?.[name]);
}

function beforeEstablished(definition: Definition, accepted: DefinitionCondition): DefinitionCondition {
	const before = findCondition(definition, 'Established');
	if (before?.status === 'True') return before;
	const type = 'Established';
	if (accepted.status !== 'True') {
		return before ?? { type, status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
	}
	return { type, status: 'False', reason: 'Installing', message: 'the initial names have been accepted' };
}

const noNames: DefinitionNames = { plural: '', kind: '' };

/** Each name that is free is taken; the last one that is not is told of. */
function judgeNames({ spec, status }: Definition, others: readonly Definition[]) {
	const taken = others.map((other) => other.status?.acceptedNames ?? noNames);
	const resources = taken.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]);
	const kinds = taken.flatMap(({ kind, listKind = '' }) => [kind, listKind]);
	const wanted = spec.names;
	const had = status?.acceptedNames ?? noNames;
	const accepted: DefinitionNames = { ...had, ...(wanted.categories && { categories: wanted.categories }) };
	let refusal: { reason: string; message: string } | null = null;
	const faultOf = (name: string, own: string, used: readonly string[]) =>
		name !== own && used.includes(name) ? `${JSON.stringify(name)} is already in use` : null;
	const judge = (field: 'plural' | 'singular' | 'kind' | 'listKind', reason: string, used: readonly string[]) => {
		const name = wanted[field] ?? '';
		const message = faultOf(name, had[field] ?? '', used);
		if (message === null) accepted[field] = name;
		else refusal = { reason, message };
	};
	judge('plural', 'PluralConflict', resources);
	judge('singular', 'SingularConflict', resources);
	const { shortNames = [] } = wanted;
	const faults = shortNames.flatMap((name) => {
		const fault = had.shortNames?.includes(name) ? null : faultOf(name, '', resources);
		return fault === null ? [] : [fault];
	});
	if (faults.length === 0) Object.assign(accepted, wanted.shortNames && { shortNames });
	else {
		const message = faults.length === 1 ? String(faults[0]) : `[${faults.join(', ')}]`;
		refusal = { reason: 'ShortNamesConflict', message };
	}
	judge('kind', 'KindConflict', kinds);
	judge('listKind', 'ListKindConflict', kinds);
	const type = 'NamesAccepted';
	const good = { reason: 'NoConflicts', message: 'no conflicts found' };
	const condition: DefinitionCondition =
		refusal === null ? { type, status: 'True', ...good } : { type, status: 'False', ...(refusal as typeof good) };
	return { accepted, condition };
}

function establish(client: ClusterClient, clock: TimerClock, name: string): void {
	const definition = client.get<Definition>(definitionType, '', name);
	if (definition === null || !isConditionTrue(definition, 'NamesAccepted')) return;
	if (isConditionTrue(definition, 'Established')) return;
	const reason = 'InitialNamesAccepted';
	const message = 'the initial names have been accepted';
	changeStatus(client, clock, name, (live, time) =>
		setCondition(live, { type: 'Established', status: 'True', reason, message }, time),
	);
}

/** False: some are left. */
function removeObjects(client: ClusterClient, clock: TimerClock, name: string): boolean {
	const definition = client.get<Definition>(definitionType, '', name);
	const { deletionTimestamp, finalizers = [] } = definition?.metadata ?? {};
	if (deletionTimestamp === undefined || !finalizers.includes(cleanupFinalizer)) return true;
	const tell = (status: 'True' | 'False', reason: string, message: string) =>
		changeStatus(client, clock, name, (live, time) =>
			setCondition(live, { type: 'Terminating', status, reason, message }, time),
		);
	if (findCondition(definition as Definition, 'Terminating')?.reason === 'InstanceDeletionPending') {
		tell('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
	}
	if (isConditionTrue(definition as Definition, 'Established')) {
		for (const { metadata } of client.list(name, null)) remove(client, name, metadata.namespace ?? '', metadata.name);
	}
	const left = client.list(name, null).length;
	if (left > 0) {
		const why = `could not confirm zero CustomResources remaining: timed out waiting for the condition`;
		tell('True', 'InstanceDeletionCheck', why);
		return false;
	}
	tell('False', 'InstanceDeletionCompleted', 'removed all instances');
	client.update<Definition>(definitionType, '', name, (live) => {
		const others = (live.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
		return { ...live, metadata: { ...live.metadata, finalizers: others } };
	});
	return true;
}

function remove(client: ClusterClient, type: string, namespace: string, name: string): void {
	try {
		client.delete(type, namespace, name);
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
	}
}

function changeStatus(
	client: ClusterClient,
	clock: TimerClock,
	name: string,
	change: (definition: Definition, time: string) => Definition,
): void {
	const time = formatTime(clock.now());
	client.update<Definition>(definitionType, '', name, (live) => change(live, time), { subresource: 'status' });
}
