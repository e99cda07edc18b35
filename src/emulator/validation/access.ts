/** Roles and their bindings (kubernetes pkg/apis/rbac/validation). */

import type { LabelSelector } from '../label-selection.ts';
import type { KubeObject } from '../object.ts';
import { isEqual } from './equality.ts';
import { type FieldError, invalid, required, unsupported } from './field-error.ts';
import { checkDnsSubdomain, checkPathSegment } from './formats.ts';
import { validateLabelSelector } from './labels.ts';

interface Rule {
	verbs?: string[];
	apiGroups?: string[];
	resources?: string[];
	resourceNames?: string[];
	nonResourceURLs?: string[];
}

interface Subject {
	kind?: string;
	apiGroup?: string;
	name?: string;
	namespace?: string;
}

export interface Role extends KubeObject {
	rules?: Rule[];
	aggregationRule?: { clusterRoleSelectors?: LabelSelector[] };
}

export interface Binding extends KubeObject {
	roleRef?: { apiGroup?: string; kind?: string; name?: string };
	subjects?: Subject[];
}

const group = 'rbac.authorization.k8s.io';

export function* validateRole({ rules = [], aggregationRule, metadata }: Role): Generator<FieldError> {
	for (const [index, rule] of rules.entries())
		yield* validateRule(rule, `rules[${index}]`, Boolean(metadata.namespace));
	if (!aggregationRule) return;
	const selectors = aggregationRule.clusterRoleSelectors ?? [];
	if (selectors.length === 0)
		yield required(
			'aggregationRule.clusterRoleSelectors',
			'at least one clusterRoleSelector required if aggregationRule is non-nil',
		);
	for (const [index, selector] of selectors.entries())
		yield* validateLabelSelector(selector, `aggregationRule.clusterRoleSelectors[${index}]`);
}

function* validateRule(rule: Rule, path: string, isNamespaced: boolean): Generator<FieldError> {
	const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
	if (verbs.length === 0) yield required(`${path}.verbs`, 'verbs must contain at least one value');
	if (nonResourceURLs.length > 0) {
		const field = `${path}.nonResourceURLs`;
		if (isNamespaced) yield invalid(field, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs');
		if (apiGroups.length + resources.length + resourceNames.length > 0)
			yield invalid(field, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs');
		return;
	}
	if (apiGroups.length === 0) yield required(`${path}.apiGroups`, 'resource rules must supply at least one api group');
	if (resources.length === 0) yield required(`${path}.resources`, 'resource rules must supply at least one resource');
}

export function* validateBinding({ metadata, roleRef = {}, subjects = [] }: Binding): Generator<FieldError> {
	const kinds = metadata.namespace ? ['Role', 'ClusterRole'] : ['ClusterRole'];
	const { apiGroup = '', kind = '', name = '' } = roleRef;
	if (apiGroup !== group) yield unsupported('roleRef.apiGroup', apiGroup, [group]);
	if (!kinds.includes(kind)) yield unsupported('roleRef.kind', kind, kinds);
	if (name === '') yield required('roleRef.name');
	for (const text of checkPathSegment(name)) yield invalid('roleRef.name', name, text);
	for (const [index, subject] of subjects.entries())
		yield* validateSubject(subject, `subjects[${index}]`, Boolean(metadata.namespace));
}

function* validateSubject(subject: Subject, path: string, isNamespaced: boolean): Generator<FieldError> {
	const { kind = '', apiGroup = '', name = '', namespace = '' } = subject;
	if (name === '') yield required(`${path}.name`);
	if (kind === 'ServiceAccount') {
		if (name !== '') for (const text of checkDnsSubdomain(name)) yield invalid(`${path}.name`, name, text);
		if (apiGroup !== '') yield unsupported(`${path}.apiGroup`, apiGroup, ['']);
		if (!isNamespaced && namespace === '') yield required(`${path}.namespace`);
	} else if (kind === 'User' || kind === 'Group') {
		if (apiGroup !== group) yield unsupported(`${path}.apiGroup`, apiGroup, [group]);
	} else yield unsupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
}

export function* validateBindingChange({ roleRef = {} }: Binding, old: Binding): Generator<FieldError> {
	if (isEqual(roleRef, old.roleRef)) return;
	const value = { APIGroup: roleRef.apiGroup ?? '', Kind: roleRef.kind ?? '', Name: roleRef.name ?? '' };
	yield invalid('roleRef', value, 'cannot change roleRef');
}
