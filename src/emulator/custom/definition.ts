/** CustomResourceDefinitions as the API keeps them. */

import type { KubeObject } from '../object.ts';

export const definitionType = 'customresourcedefinitions.apiextensions.k8s.io';

/** Holds a definition that is being deleted until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export interface Definition extends KubeObject {
	spec: DefinitionSpec;
	status?: DefinitionStatus;
}

export interface DefinitionSpec {
	group: string;
	names: DefinitionNames;
	scope: string;
	versions: DefinitionVersion[];
	preserveUnknownFields?: boolean;
	conversion?: { strategy: string; webhook?: unknown };
}

export interface DefinitionNames {
	plural: string;
	singular?: string;
	kind: string;
	listKind?: string;
	shortNames?: string[];
	categories?: string[];
}

export interface DefinitionVersion {
	name: string;
	served: boolean;
	storage: boolean;
	deprecated?: boolean;
	deprecationWarning?: string;
	schema?: { openAPIV3Schema?: JsonSchema };
	subresources?: { status?: object; scale?: ScalePaths };
	additionalPrinterColumns?: PrinterColumn[];
	selectableFields?: { jsonPath: string }[];
}

export interface ScalePaths {
	/** `.spec.replicas` */
	specReplicasPath: string;
	statusReplicasPath: string;
	labelSelectorPath?: string;
}

export interface PrinterColumn {
	name: string;
	type: string;
	format?: string;
	description?: string;
	priority?: number;
	jsonPath: string;
}

export interface DefinitionStatus {
	conditions?: DefinitionCondition[] | null;
	acceptedNames?: DefinitionNames;
	storedVersions?: string[];
}

export interface DefinitionCondition {
	type: string;
	status: 'True' | 'False' | 'Unknown';
	lastTransitionTime?: string | null;
	reason?: string;
	message?: string;
	observedGeneration?: number;
}

/** `apiextensions.k8s.io/v1 JSONSchemaProps` */
export interface JsonSchema {
	type?: string;
	format?: string;
	description?: string;
	nullable?: boolean;
	default?: unknown;
	enum?: unknown[];
	properties?: Record<string, JsonSchema>;
	required?: string[];
	items?: JsonSchema;
	additionalProperties?: JsonSchema | boolean;
	maximum?: number;
	exclusiveMaximum?: boolean;
	minimum?: number;
	exclusiveMinimum?: boolean;
	multipleOf?: number;
	maxLength?: number;
	minLength?: number;
	pattern?: string;
	maxItems?: number;
	minItems?: number;
	uniqueItems?: boolean;
	maxProperties?: number;
	minProperties?: number;
	allOf?: JsonSchema[];
	anyOf?: JsonSchema[];
	oneOf?: JsonSchema[];
	not?: JsonSchema;
	'x-kubernetes-preserve-unknown-fields'?: boolean;
	'x-kubernetes-embedded-resource'?: boolean;
	'x-kubernetes-int-or-string'?: boolean;
	'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
	'x-kubernetes-list-map-keys'?: string[];
	'x-kubernetes-map-type'?: 'atomic' | 'granular';
	'x-kubernetes-validations'?: unknown[];
}

export function findCondition({ status }: Definition, type: string): DefinitionCondition | undefined {
	return status?.conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(definition: Definition, type: string): boolean {
	return findCondition(definition, type)?.status === 'True';
}

/** What is said of the fields of an object's values, whichever key they have; undefined where nothing is. */
export function valuesOf({ additionalProperties }: JsonSchema): JsonSchema | undefined {
	return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
