/** The conditions of a definition, and how its end begins. */

import { cleanupFinalizer, type Definition, type DefinitionCondition } from './definition.ts';

/** `time`: of a condition that is new, or changes its status. */
export function setCondition(definition: Definition, condition: DefinitionCondition, time: string): Definition {
	const { conditions, ...status } = definition.status ?? {};
	const known = conditions ?? [];
	const before = known.find(({ type }) => type === condition.type);
	const isSame = before?.status === condition.status;
	const lastTransitionTime = isSame ? (before.lastTransitionTime ?? time) : time;
	const next = { lastTransitionTime, ...condition };
	const all =
		before === undefined ? [...known, next] : known.map((each) => (each.type === condition.type ? next : each));
	return { ...definition, status: { ...status, conditions: all } };
}

/** A definition goes when all its objects have gone. */
export function endDefinition(definition: Definition, time: string): Definition {
	const { metadata } = definition;
	const { finalizers = [] } = metadata;
	const held = finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer];
	const marked = { ...definition, metadata: { ...metadata, deletionTimestamp: time, finalizers: held } };
	const condition = {
		type: 'Terminating',
		status: 'True',
		reason: 'InstanceDeletionPending',
		message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
	} as const;
	return setCondition(marked, condition, time);
}
