/** Field selectors: which fields may be asked for, and whether an object matches. */

import type { KubeObject } from '../object.ts';
import { nameType, type ResourceType } from '../resource-type.ts';
import { badRequest } from './errors.ts';

export type FieldMatcher = (object: KubeObject) => boolean;

interface Requirement {
	path: string;
	value: string;
	isNegated: boolean;
}

/** Beside `metadata.name` and `metadata.namespace`, which every type knows. */
const selectable: Record<string, readonly string[]> = {
	pods: [
		'spec.nodeName',
		'spec.host',
		'spec.restartPolicy',
		'spec.schedulerName',
		'spec.serviceAccountName',
		'spec.hostNetwork',
		'status.phase',
		'status.podIP',
		'status.podIPs',
		'status.nominatedNodeName',
	],
	events: [
		'involvedObject.kind',
		'involvedObject.namespace',
		'involvedObject.name',
		'involvedObject.uid',
		'involvedObject.apiVersion',
		'involvedObject.resourceVersion',
		'involvedObject.fieldPath',
		'reason',
		'reportingComponent',
		'source',
		'type',
	],
	'events.events.k8s.io': [
		'regarding.kind',
		'regarding.namespace',
		'regarding.name',
		'regarding.uid',
		'regarding.apiVersion',
		'regarding.resourceVersion',
		'regarding.fieldPath',
		'reason',
		'reportingController',
		'type',
	],
	secrets: ['type'],
	nodes: ['spec.unschedulable'],
	namespaces: ['status.phase'],
	services: ['spec.clusterIP', 'spec.type'],
	replicationcontrollers: ['status.replicas'],
	'jobs.batch': ['status.successful'],
	'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
};

/** Fields whose absence reads as something else than an empty string. */
const absent: Record<string, string> = {
	'spec.hostNetwork': 'false',
	'spec.unschedulable': 'false',
	'status.replicas': '0',
	'status.successful': '0',
};

/** What clients of the first days still say. */
const formerNames: Record<string, string> = { 'spec.host': 'spec.nodeName' };

export function parseFieldSelector(type: ResourceType, text: string): FieldMatcher {
	const requirements = splitTerms(text).map((term) => readTerm(text, term));
	for (const { path } of requirements) {
		if (path === 'metadata.name' || (path === 'metadata.namespace' && type.isNamespaced)) continue;
		if ((type.custom?.selectableFields ?? selectable[nameType(type)])?.includes(path)) continue;
		throw badRequest(describeRefusal(type, path));
	}
	return (object) =>
		requirements.every(({ path, value, isNegated }) => (readField(object, path) === value) !== isNegated);
}

function describeRefusal(type: ResourceType, path: string): string {
	const name = nameType(type);
	if (type.custom) return `field label not supported: ${path}`;
	if (name === 'jobs.batch') return `field label "${path}" not supported for Job`;
	if (selectable[name] !== undefined) return `field label not supported: ${path}`;
	return `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/** The name that a selector asks for and nothing else, so that one object can be looked up instead of all. */
export function findSelectedName(text: string): string | undefined {
	return /^metadata\.name==?([^,=!\\]+)$/.exec(text)?.[1];
}

function readField(object: KubeObject, path: string): string {
	if (path === 'source') return readSource(object);
	let value: unknown = object;
	for (const part of (formerNames[path] ?? path).split('.'))
		value = (value as Record<string, unknown> | undefined)?.[part];
	if (value === undefined && path === 'reportingComponent') return '';
	return value === undefined || value === null ? (absent[path] ?? '') : String(value);
}

/** An event's `source` is its component, or the controller that reported it. */
function readSource(object: KubeObject): string {
	const { component } = (object.source ?? {}) as { component?: string };
	return component || String(object.reportingComponent ?? '');
}

function splitTerms(text: string): string[] {
	return text === '' ? [] : (text.match(/(?:\\.|[^,\\])+/g) ?? []);
}

function readTerm(selector: string, term: string): Requirement {
	const parts = /^((?:\\.|[^=!\\])*)(!=|==|=)(.*)$/s.exec(term);
	if (!parts) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
	const [, path = '', operator, value = ''] = parts;
	const fault = /\\(?![\\,=]).?/s.exec(value.replaceAll(/\\[\\,=]/g, ''));
	if (fault) throw badRequest(`invalid field selector: invalid escape sequence: ${fault[0]}`);
	return { path, value: value.replace(/\\([\\,=])/g, '$1'), isNegated: operator === '!=' };
}
