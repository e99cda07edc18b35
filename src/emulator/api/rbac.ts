/** Whether somebody may do something: role-based access control over the stored roles and bindings. */

import type { KubeObject } from '../object.ts';
import type { Caller } from '../operations/core.ts';
import type { Store } from '../store.ts';

/** What is asked for. */
export type Attributes =
	| {
			verb: string;
			group: string;
			/** With its subresource: `pods/log`. */
			resource: string;
			name: string;
			/** Empty: at the cluster scope. */
			namespace: string;
	  }
	| { verb: string; path: string };

export interface PolicyRule {
	verbs: string[];
	apiGroups?: string[];
	resources?: string[];
	resourceNames?: string[];
	nonResourceURLs?: string[];
}

export interface Decision {
	isAllowed: boolean;
	reason: string;
}

interface Subject {
	kind: string;
	name: string;
	namespace?: string;
}

interface Binding extends KubeObject {
	roleRef: { kind: string; name: string };
	subjects?: Subject[];
}

const group = 'rbac.authorization.k8s.io';

export function authorize(store: Store, caller: Caller, attributes: Attributes): Decision {
	if (caller.groups.includes('system:masters')) return { isAllowed: true, reason: '' };
	const namespace = 'path' in attributes ? '' : attributes.namespace;
	const absent = new Set<string>();
	for (const { rules, role, describe } of listGrants(store, caller, namespace)) {
		if (rules === null) absent.add(`${role} not found`);
		else if (rules.some((rule) => covers(rule, attributes))) return { isAllowed: true, reason: describe() };
	}
	const faults = [...absent].join(', ');
	return { isAllowed: false, reason: faults === '' ? '' : `RBAC: ${absent.size > 1 ? `[${faults}]` : faults}` };
}

/** Every rule that holds for the caller in a namespace. */
export function listRules(store: Store, caller: Caller, namespace: string): PolicyRule[] {
	return [...listGrants(store, caller, namespace)].flatMap(({ rules }) => rules ?? []);
}

interface Grant {
	/** Null: the role is not there. */
	rules: PolicyRule[] | null;
	/** `role.rbac.authorization.k8s.io "reader"` */
	role: string;
	describe(): string;
}

function* listGrants(store: Store, caller: Caller, namespace: string): Iterable<Grant> {
	for (const binding of store.list(`clusterrolebindings.${group}`, null))
		yield* grantOf(store, caller, binding as Binding);
	if (namespace === '') return;
	for (const binding of store.list(`rolebindings.${group}`, namespace))
		yield* grantOf(store, caller, binding as Binding);
}

function* grantOf(store: Store, caller: Caller, binding: Binding): Iterable<Grant> {
	const { namespace = '', name } = binding.metadata;
	const subject = binding.subjects?.find((each) => isSubject(caller, each, namespace));
	if (subject === undefined) return;
	const { kind, name: role } = binding.roleRef;
	const key =
		kind === 'ClusterRole'
			? { type: `clusterroles.${group}`, namespace: '', name: role }
			: { type: `roles.${group}`, namespace, name: role };
	const found = store.get(key);
	const rules = found === null ? null : ((found['rules'] ?? []) as PolicyRule[]);
	const which = namespace === '' ? `"${name}"` : `"${name}/${namespace}"`;
	const whom = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace}` : subject.name;
	const describe = () => `RBAC: allowed by ${binding.kind} ${which} of ${kind} "${role}" to ${subject.kind} "${whom}"`;
	yield { rules, role: `${kind.toLowerCase()}.${group} "${role}"`, describe };
}

function isSubject({ username, groups }: Caller, subject: Subject, namespace: string): boolean {
	if (subject.kind === 'User') return subject.name === username;
	if (subject.kind === 'Group') return groups.includes(subject.name);
	return `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}` === username;
}

function covers(rule: PolicyRule, attributes: Attributes): boolean {
	if (!includes(rule.verbs, attributes.verb)) return false;
	if ('path' in attributes) return (rule.nonResourceURLs ?? []).some((url) => coversPath(url, attributes.path));
	const [, subresource] = attributes.resource.split('/');
	const resources = rule.resources ?? [];
	return (
		includes(rule.apiGroups ?? [], attributes.group) &&
		(includes(resources, attributes.resource) ||
			(subresource !== undefined && resources.includes(`*/${subresource}`))) &&
		((rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(attributes.name))
	);
}

function includes(list: readonly string[], item: string): boolean {
	return list.includes('*') || list.includes(item);
}

function coversPath(url: string, path: string): boolean {
	return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
}
