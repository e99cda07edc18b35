/** What the API server knows of a kind of resource: recorded from a real cluster's discovery, not written by hand. */

import type { CustomType } from './custom/custom-type.ts';

export interface ResourceType {
	/** Empty for the core group. */
	group: string;
	version: string;
	/** Plural, as in the path: `pods`. */
	resource: string;
	singular: string;
	kind: string;
	isNamespaced: boolean;
	shortNames: string[];
	categories: string[];
	verbs: string[];
	subresources: Subresource[];
	/** Name of its schema: `io.k8s.api.core.v1.Pod`. */
	schema: string;
	/** Of types that a definition makes, not the recording. */
	custom?: CustomType;
}

export interface Subresource {
	/** `status`, `scale`, `log` … */
	name: string;
	group: string;
	version: string;
	kind: string;
	verbs: string[];
	/** Empty where its kind is only read from a query, as PodExecOptions is. */
	schema: string;
}

/** `pods`, `deployments.apps`: how a type is named within the emulator. */
export type TypeName = string;

export function nameType({ group, resource }: Pick<ResourceType, 'group' | 'resource'>): TypeName {
	return group === '' ? resource : `${resource}.${group}`;
}
