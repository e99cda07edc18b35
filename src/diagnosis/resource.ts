/** Why an object of any kind is not as a task asks for it. */

import { type Expression, evaluateExpression } from '../expression/index.ts';
import { findClosest } from '../model/closest.ts';
import type { ResourceFacts, SeenObject } from '../model/evidence.ts';
import type { Reason } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { addCauses } from './also.ts';
import { inNamespace } from './kubectl.ts';
import { findMismatches, type Mismatch } from './partial-match.ts';
import { diagnoseAbsentNamespace } from './secret.ts';

/** What is asked for, as far as it is needed to name it. */
export interface WantedResource {
	apiVersion: string;
	/** The kind. */
	resource: string;
	namespace: string;
	name?: string | undefined;
	selector?: Record<string, string> | undefined;
}

export interface WantedExpression {
	expression: string;
	/** What is so where it holds. */
	message?: string | undefined;
	remedy?: string | undefined;
}

/** Null: there is at least one. */
export function diagnoseAbsentResource(facts: ResourceFacts, wanted: WantedResource): Diagnosis | null {
	if (facts.objects.length > 0) return null;
	const { resource, namespace, name, apiVersion } = wanted;
	if (facts.isKindUnknown) {
		return {
			reason: 'ResourceMissing',
			message: `The cluster knows no kind ${resource} in ${apiVersion}.`,
			expected: `${resource}, ${apiVersion}`,
			remedy: 'Create its CustomResourceDefinition first; kubectl api-resources shows the kinds there are.',
		};
	}
	if (facts.isNamespaceAbsent) return diagnoseAbsentNamespace(namespace);
	const where = facts.isNamespaced ? ` in namespace ${namespace}` : '';
	const closest = name === undefined ? null : findClosest(name, facts.siblings);
	const what = name === undefined ? `${resource} with the labels ${writeSelector(wanted)}` : `${resource} ${name}`;
	return {
		reason: chooseAbsence(wanted),
		message: `There is no ${what}${where}${closest === null ? '' : `, but there is ${closest}`}.`,
		expected: name ?? writeSelector(wanted),
		...(closest !== null && { actual: closest }),
		remedy: `Create it; this shows what is there:\nkubectl${facts.isNamespaced ? inNamespace(namespace) : ''} get ${resource.toLowerCase()}${name === undefined ? ' --show-labels' : ''}`,
	};
}

/** Null: there is none. */
export function diagnosePresentResource({ objects }: ResourceFacts, wanted: WantedResource): Diagnosis | null {
	const [object] = objects;
	if (object === undefined) return null;
	const { kubectl, title } = nameObject(object, wanted);
	const isGoing = objects.every(({ metadata }) => metadata.deletionTimestamp !== undefined);
	return {
		reason: 'ResourcePresent',
		message: isGoing ? `${title} is still being deleted.` : `${title} is there, and the task asks that it be gone.`,
		expected: 'no such object',
		actual: objects.map(({ metadata }) => metadata.name).join(', '),
		remedy: isGoing ? `What keeps it is among its finalizers:\n${kubectl('get')} -o yaml` : kubectl('delete'),
		...(isGoing && { isUnsettled: true as const }),
	};
}

function chooseAbsence({ apiVersion, resource }: WantedResource): Reason {
	if (apiVersion !== 'v1') return 'ResourceMissing';
	if (resource === 'Pod') return 'PodMissing';
	if (resource === 'Namespace') return 'NamespaceMissing';
	return resource === 'ServiceAccount' ? 'ServiceAccountMissing' : 'ResourceMissing';
}

export function writeSelector({ selector = {} }: Pick<WantedResource, 'selector'>): string {
	return Object.entries(selector)
		.map(([key, value]) => `${key}=${value}`)
		.join(',');
}

/** Null: every field that `match` names is as it says. */
export function diagnoseFields(object: SeenObject, match: unknown, wanted: WantedResource): Diagnosis | null {
	const found = findMismatches(match, object);
	const isOfStatus = ({ path }: Mismatch) => /^status\b/.test(path);
	const [first, ...others] = found.toSorted((one, other) => Number(isOfStatus(one)) - Number(isOfStatus(other)));
	if (first === undefined) return null;
	const { kubectl, title } = nameObject(object, wanted);
	const describe = ({ path, expected, actual }: Mismatch): Diagnosis => ({
		reason: 'FieldOther',
		message: `${title} has another value at ${path} than the task asks for.`,
		expected: `${path}: ${expected}`,
		actual: `${path}: ${actual}`,
		remedy: `What the field is for, the object, and how to change it:\nkubectl explain ${wanted.resource.toLowerCase()}.${path.replaceAll(/\[.*?\]/g, '')}\n${kubectl('get')} -o yaml\n${kubectl('edit')}`,
	});
	return {
		...addCauses(describe(first), others.slice(0, 5).map(describe)),
		// Its controller writes it, after whoever changed the rest.
		...(isOfStatus(first) && { isUnsettled: true as const }),
	};
}

/** Null: it is true of the object. */
export function diagnoseExpression(
	object: SeenObject,
	read: Expression,
	{ expression, message, remedy }: WantedExpression,
	wanted: WantedResource,
): Diagnosis | null {
	const result = evaluateExpression(read, object);
	if (result.outcome === 'true') return null;
	const { kubectl, title } = nameObject(object, wanted);
	if (result.outcome === 'too-much') {
		return {
			reason: 'NotObserved',
			message: `${title} is too large to be judged: ${result.message}.`,
			expected: expression,
			remedy: 'Make the object smaller, or tell the author of the lab.',
			isError: true,
		};
	}
	return {
		reason: 'FieldOther',
		message:
			message === undefined
				? `${title} is not as the task asks for it.`
				: `${title} is not as the task asks for it: ${message}`,
		expected: expression,
		actual: result.outcome === 'undefined' ? result.message : 'it is not so',
		remedy: remedy ?? `To see the object, and to change it:\n${kubectl('get')} -o yaml\n${kubectl('edit')}`,
		...(/\bstatus\b/.test(expression) && { isUnsettled: true as const }),
	};
}

function nameObject(object: SeenObject, { resource }: WantedResource) {
	const { name, namespace } = object.metadata;
	const kubectl = (verb: string) =>
		`kubectl${namespace === undefined ? '' : inNamespace(namespace)} ${verb} ${resource.toLowerCase()} ${name}`;
	return { kubectl, title: `${resource} ${namespace === undefined ? '' : `${namespace}/`}${name}` };
}
