/** What the API server knows of a resource because a CustomResourceDefinition says so. */

import type { Schema } from '../schema/index.ts';
import type { JsonSchema, PrinterColumn, ScalePaths } from './definition.ts';

export interface CustomType {
	listKind: string;
	schema: JsonSchema;
	/** The same, as server-side apply reads schemas. */
	typed: Schema;
	/** In which its objects are kept. */
	storageVersion: string;
	columns: readonly PrinterColumn[];
	hasStatus: boolean;
	scale?: ScalePaths;
	/** `spec.colour` */
	selectableFields: readonly string[];
	/** What whoever uses it is warned of. */
	deprecation?: string;
	/** Nothing can be created any more. */
	isTerminating: boolean;
}
