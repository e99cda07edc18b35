/** The OpenAPI documents that clients ask for: the recorded schemas, and of the paths what kubectl reads of them. */

import { createHash } from 'node:crypto';
import type { ResourceType } from '../resource-type.ts';
import { encodeOpenApi } from './open-api-protobuf.ts';
import { readResources, readSchema, readVersion } from './recording.ts';
import { refPrefix, type Schema } from './schema.ts';
import { joinGroupVersion, resourceTypes } from './types.ts';

export interface OpenApiDocument {
	text: string;
	/** The `hash` in its address, and its ETag. */
	hash: string;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const documents = new Map<string, OpenApiDocument>();
let hash: string | undefined;
let protobuf: Uint8Array | undefined;

/** A type with the schemas that are its own, for those that were not recorded. */
export interface DescribedType extends ResourceType {
	schemas: Record<string, Schema>;
}

/** What `/openapi/v3` answers. `more`: group versions beside those recorded, each with the hash of its document. */
export function indexOpenApi(more: readonly (readonly [groupVersion: string, hash: string])[] = []): object {
	const recorded = readResources().map(({ groupVersion }) => [groupVersion, hashRecording()] as const);
	const paths = [...recorded, ...more].map(([groupVersion, hash]) => {
		const path = groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`;
		return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
	});
	const version = { serverRelativeURL: `/openapi/v3/version?hash=${openApiOfVersion().hash}` };
	return { paths: { ...Object.fromEntries(paths), version } };
}

/** What `/openapi/v3/version` answers. */
export function openApiOfVersion(): OpenApiDocument {
	const known = documents.get('version') ?? hashText(JSON.stringify(describeVersion()));
	documents.set('version', known);
	return known;
}

function describeVersion(): object {
	const info = 'io.k8s.apimachinery.pkg.version.Info';
	const content = { 'application/json': { schema: { $ref: refPrefix + info } } };
	const responses = {
		'200': { description: 'OK', content },
		'401': { description: 'Unauthorized' },
	};
	const names = Object.keys(readVersion()).sort();
	const required = names.filter((name) => !/^(?:emulation|minCompatibility)/.test(name));
	const properties = names.map((name) => [name, { type: 'string', ...(required.includes(name) && { default: '' }) }]);
	return {
		openapi: '3.0.0',
		info: describeServer(),
		paths: { '/version/': { get: { tags: ['version'], operationId: 'getCodeVersion', responses } } },
		components: { schemas: { [info]: { type: 'object', required, properties: Object.fromEntries(properties) } } },
	};
}

/** What `/openapi/v3/api/v1` and `/openapi/v3/apis/{group}/{version}` answer; null where there is no such version. */
export function openApiOf(groupVersion: string): OpenApiDocument | null {
	const types = resourceTypes().filter((type) => joinGroupVersion(type) === groupVersion);
	if (types.length === 0) return null;
	const document = documents.get(groupVersion) ?? { text: JSON.stringify(buildV3(types, {})), hash: hashRecording() };
	documents.set(groupVersion, document);
	return document;
}

/** The document of types that were not recorded. */
export function buildOpenApi(types: readonly DescribedType[]): OpenApiDocument {
	return hashText(JSON.stringify(buildV3(types, schemasOf(types))));
}

function schemasOf(types: readonly DescribedType[]): Record<string, Schema> {
	return Object.assign({}, ...types.map(({ schemas }) => schemas));
}

function hashText(text: string): OpenApiDocument {
	return { text, hash: createHash('sha512').update(text).digest('hex').toUpperCase() };
}

/** What `/openapi/v2` answers to whoever accepts JSON. */
export function openApiV2(more: readonly DescribedType[] = []): OpenApiDocument {
	if (more.length > 0) return hashText(JSON.stringify(buildV2(more)));
	const document = documents.get('v2') ?? { text: JSON.stringify(buildV2([])), hash: hashRecording() };
	documents.set('v2', document);
	return document;
}

/** What `/openapi/v2` answers to kubectl. */
export function openApiV2Protobuf(more: readonly DescribedType[] = []): { bytes: Uint8Array; hash: string } {
	if (more.length > 0) return { bytes: encodeOpenApi(buildV2(more)), hash: openApiV2(more).hash };
	protobuf ??= encodeOpenApi(buildV2([]));
	return { bytes: protobuf, hash: hashRecording() };
}

/** Clients keep a document for as long as its hash stays: it may only stay while the document does. */
function hashRecording(): string {
	const format = 1;
	hash ??= createHash('sha512')
		.update(JSON.stringify([format, readVersion(), readResources()]))
		.digest('hex')
		.toUpperCase();
	return hash;
}

function buildV3(types: readonly ResourceType[], own: Record<string, Schema>): object {
	return {
		openapi: '3.0.0',
		info: describeServer(),
		paths: Object.assign({}, ...types.map(describePaths)),
		components: { schemas: collectSchemas(types, own) },
	};
}

function buildV2(more: readonly DescribedType[]): object {
	const { paths, components } = buildV3([...resourceTypes(), ...more], schemasOf(more)) as {
		paths: Record<string, Record<string, { requestBody?: { content: object }; consumes?: string[] }>>;
		components: object;
	};
	for (const operations of Object.values(paths)) {
		for (const [method, { requestBody, ...operation }] of Object.entries(operations)) {
			if (requestBody === undefined) continue;
			operations[method] = { ...operation, consumes: Object.keys(requestBody.content) };
		}
	}
	const info = describeServer();
	const { schemas } = toV2(components) as { schemas: object };
	return { swagger: '2.0', info, paths, definitions: schemas };
}

/** References point elsewhere, and what stands beside one does so without `allOf`. */
function toV2(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(toV2);
	if (value === null || typeof value !== 'object') return value;
	const { allOf, oneOf, ...rest } = value as Schema;
	const entries = Object.entries({ ...rest, ...allOf?.[0], ...(oneOf && { type: 'string' }) });
	return Object.fromEntries(
		entries.map(([key, each]) => [
			key,
			key === '$ref' && typeof each === 'string' ? each.replace(refPrefix, '#/definitions/') : toV2(each),
		]),
	);
}

/** Everything that the kinds of these types, their lists and what is sent with them refer to. */
function collectSchemas(types: readonly ResourceType[], own: Record<string, Schema>): Record<string, Schema> {
	const schemas: Record<string, Schema> = {};
	const waiting = [
		...types.flatMap(({ schema, subresources }) => [
			schema,
			`${schema}List`,
			...subresources.map((each) => each.schema),
		]),
		...['DeleteOptions', 'Patch', 'Status', 'WatchEvent', 'APIResourceList'].map((kind) => `${meta}.${kind}`),
	];
	for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
		if (Object.hasOwn(schemas, name)) continue;
		const schema = name === '' ? null : (own[name] ?? readSchema(name));
		if (schema === null) continue;
		schemas[name] = schema;
		for (const [, reference = ''] of JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
			waiting.push(reference);
		}
	}
	return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Verb → method, what the extension calls it, and whether it is asked of the collection. */
const operations = [
	{ verb: 'list', method: 'get', action: 'list', isOnCollection: true },
	{ verb: 'create', method: 'post', action: 'post', isOnCollection: true },
	{ verb: 'deletecollection', method: 'delete', action: 'deletecollection', isOnCollection: true },
	{ verb: 'get', method: 'get', action: 'get', isOnCollection: false },
	{ verb: 'update', method: 'put', action: 'put', isOnCollection: false },
	{ verb: 'patch', method: 'patch', action: 'patch', isOnCollection: false },
	{ verb: 'delete', method: 'delete', action: 'delete', isOnCollection: false },
] as const;

function describePaths(type: ResourceType): Record<string, object> {
	const root = `${type.group === '' ? '/api' : '/apis'}/${joinGroupVersion(type)}`;
	const collection = `${root}${type.isNamespaced ? '/namespaces/{namespace}' : ''}/${type.resource}`;
	const paths: Record<string, object> = {};
	const own = operations.filter(({ verb }) => type.verbs.includes(verb));
	add(
		collection,
		type,
		own.filter(({ isOnCollection }) => isOnCollection),
	);
	add(
		`${collection}/{name}`,
		type,
		own.filter(({ isOnCollection }) => !isOnCollection),
	);
	for (const sub of type.subresources) {
		add(
			`${collection}/{name}/${sub.name}`,
			type.custom === undefined ? sub : { ...sub, custom: type.custom },
			operations.filter(({ verb }) => sub.verbs.includes(verb)),
		);
	}
	return paths;

	function add(path: string, kind: KindOfSchema, chosen: readonly (typeof operations)[number][]): void {
		if (chosen.length === 0) return;
		paths[path] = Object.fromEntries(chosen.map(({ method, action }) => [method, describeOperation(kind, action)]));
	}
}

interface KindOfSchema {
	group: string;
	version: string;
	kind: string;
	schema: string;
	custom?: unknown;
}

function describeOperation({ group, version, kind, schema, custom }: KindOfSchema, action: string): object {
	const isPatch = action === 'patch';
	const isWrite = isPatch || action === 'post' || action === 'put';
	const parameters = ['dryRun', 'fieldManager', 'fieldValidation', ...(isPatch ? ['force'] : [])].map((name) => ({
		name,
		in: 'query',
		schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
	}));
	const body = isPatch ? describePatch(custom === undefined) : { '*/*': { schema: { $ref: refPrefix + schema } } };
	return {
		...(isWrite && { parameters, requestBody: { content: body, required: true } }),
		responses: { '200': { description: 'OK' } },
		'x-kubernetes-action': action,
		'x-kubernetes-group-version-kind': { group, version, kind },
	};
}

/** Of what it has no Go type of the server merges no lists by key. */
function describePatch(hasStrategic: boolean): object {
	const schema = { $ref: `${refPrefix}${meta}.Patch` };
	return {
		'application/apply-patch+yaml': { schema },
		'application/json-patch+json': { schema },
		'application/merge-patch+json': { schema },
		...(hasStrategic && { 'application/strategic-merge-patch+json': { schema } }),
	};
}

function describeServer(): object {
	const { major, minor } = readVersion();
	return { title: 'Kubernetes', version: `${major}.${minor}` };
}
