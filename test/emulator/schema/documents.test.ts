/** Discovery and OpenAPI say what kubectl looks for in them. */

import * as assert from 'uvu/assert';
import { readBytes, readFields, readText } from '../../../src/emulator/protobuf/wire.ts';
import {
	describeAll,
	describeGroup,
	describeResources,
	indexOpenApi,
	joinGroupVersion,
	openApiOf,
	openApiV2,
	openApiV2Protobuf,
	resourceTypes,
} from '../../../src/emulator/schema/index.ts';
import { suite } from '../../harness.ts';

const test = suite('documents');

interface Operation {
	'x-kubernetes-group-version-kind': { group: string; version: string; kind: string };
	parameters: { name: string; in: string }[];
}

interface OpenApi {
	paths: Record<string, { patch?: Operation }>;
	components: { schemas: Record<string, { 'x-kubernetes-group-version-kind'?: object[] }> };
}

test('the aggregated discovery and the older one list the same', () => {
	const all = [describeAll('api'), describeAll('apis')] as {
		items: { metadata: { name?: string }; versions: { version: string; resources: { resource: string }[] }[] }[];
	}[];
	const aggregated = all.flatMap(({ items }) =>
		items.flatMap(({ metadata: { name: group = '' }, versions }) =>
			versions.map(({ version, resources }) => [
				joinGroupVersion({ group, version }),
				resources.map(({ resource }) => resource),
			]),
		),
	);
	const older = aggregated.map(([groupVersion]) => {
		const { resources } = describeResources(String(groupVersion)) as { resources: { name: string }[] };
		return [groupVersion, resources.map(({ name }) => name).filter((name) => !name.includes('/'))];
	});
	assert.equal(aggregated, older);
	assert.is(aggregated.length, 22);
});

test('what is not there is null', () => {
	assert.is(describeResources('apps/v2'), null);
	assert.is(describeGroup(''), null);
	assert.is(describeGroup('example.com'), null);
	assert.is(openApiOf('apps/v2'), null);
});

test('recorded columns and schemas stay out of discovery', () => {
	assert.not.match(JSON.stringify(describeResources('v1')), /columns|"schema"/);
});

test('each kind that can be patched has a PATCH with fieldValidation, which kubectl asks for before it validates', () => {
	for (const type of resourceTypes().filter(({ verbs }) => verbs.includes('patch'))) {
		const { paths } = JSON.parse(openApiOf(joinGroupVersion(type))?.text ?? '') as OpenApi;
		const found = Object.values(paths).find(
			({ patch }) => patch?.['x-kubernetes-group-version-kind'].kind === type.kind,
		);
		assert.ok(
			found?.patch?.parameters.some((each) => each.name === 'fieldValidation' && each.in === 'query'),
			type.kind,
		);
	}
});

test('each kind has a schema that names it, which explain looks for', () => {
	for (const { group, version, kind } of resourceTypes()) {
		const document = JSON.parse(openApiOf(joinGroupVersion({ group, version }))?.text ?? '') as OpenApi;
		const kinds = Object.values(document.components.schemas).flatMap(
			(each) => each['x-kubernetes-group-version-kind'] ?? [],
		);
		assert.ok(
			kinds.some((each) => JSON.stringify(each) === JSON.stringify({ group, kind, version })),
			kind,
		);
	}
});

test('the index leads to each document by its hash', () => {
	const { paths } = indexOpenApi() as { paths: Record<string, { serverRelativeURL: string }> };
	const { hash } = openApiOf('apps/v1') ?? {};
	assert.is(paths['apis/apps/v1']?.serverRelativeURL, `/openapi/v3/apis/apps/v1?hash=${hash}`);
	assert.ok(paths['api/v1']);
});

test('version 2 refers to its own definitions, and knows no allOf', () => {
	const { text } = openApiV2();
	assert.not.match(text, /components\/schemas|allOf|requestBody/);
	const { definitions } = JSON.parse(text) as { definitions: Record<string, { properties: object }> };
	assert.equal(definitions['io.k8s.api.core.v1.Container']?.properties, {
		...definitions['io.k8s.api.core.v1.Container']?.properties,
		lifecycle: { $ref: '#/definitions/io.k8s.api.core.v1.Lifecycle' },
	});
});

test('version 2 in protobuf has the same definitions and paths as in JSON', () => {
	const { paths, definitions } = JSON.parse(openApiV2().text) as { paths: object; definitions: object };
	const read = (bytes: Uint8Array, number: number) =>
		readFields(bytes).flatMap((field) => (field.number === number ? [readBytes(field.value)] : []));
	const { bytes } = openApiV2Protobuf();
	const names = (field: number, inner: number) =>
		read(read(bytes, field)[0] ?? new Uint8Array(), inner).map((pair) => readText(read(pair, 1)[0] ?? 0n));
	assert.is(readText(read(bytes, 1)[0] ?? 0n), '2.0');
	assert.equal(names(8, 2), Object.keys(paths));
	assert.equal(names(9, 1), Object.keys(definitions));
});

test.run();
