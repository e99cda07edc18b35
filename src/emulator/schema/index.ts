/** What the API server knows of its resources: their kinds, discovery, OpenAPI and the structure of their objects. */

export { describeAll, describeCoreVersions, describeGroup, describeGroups, describeResources } from './discovery.ts';
export {
	buildOpenApi,
	type DescribedType,
	indexOpenApi,
	type OpenApiDocument,
	openApiOf,
	openApiOfVersion,
	openApiV2,
	openApiV2Protobuf,
} from './open-api.ts';
export {
	type GoField,
	type RecordedColumn,
	type RecordedGroupVersion,
	type RecordedResource,
	readGoFields,
	readVersion,
} from './recording.ts';
export {
	elementSchema,
	fieldOf,
	fieldsOf,
	type ListKind,
	listKindOf,
	type PatchMeta,
	patchMetaOf,
	referenceOf,
	resolve,
	type Schema,
	schemaNamed,
} from './schema.ts';
export {
	findKind,
	findType,
	findTypeNamed,
	joinGroupVersion,
	readColumns,
	resourceTypes,
	splitGroupVersion,
} from './types.ts';
