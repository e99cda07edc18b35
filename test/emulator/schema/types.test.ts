/** The recorded resources are found by path, kind and name, and everything they name is recorded too. */

import * as assert from 'uvu/assert';
import {
	fieldOf,
	findKind,
	findType,
	findTypeNamed,
	listKindOf,
	patchMetaOf,
	referenceOf,
	resolve,
	resourceTypes,
	type Schema,
	schemaNamed,
} from '../../../src/emulator/schema/index.ts';
import { readSchema } from '../../../src/emulator/schema/recording.ts';
import { suite } from '../../harness.ts';

const test = suite('resource types');

test('a type is found by path, kind and name', () => {
	const deployments = findType('apps', 'v1', 'deployments');
	assert.is(deployments?.kind, 'Deployment');
	assert.is(findKind('apps/v1', 'Deployment'), deployments);
	assert.is(findTypeNamed('deployments.apps'), deployments);
	assert.is(findType('', 'v1', 'deployments'), null);
	assert.is(findKind('v1', 'Deployment'), null);
});

test('a name without a version means the preferred one', () => {
	assert.is(findTypeNamed('horizontalpodautoscalers.autoscaling')?.version, 'v2');
});

test('subresources say whose kind they speak', () => {
	const { subresources = [] } = findType('apps', 'v1', 'deployments') ?? {};
	assert.equal(
		subresources.map(({ name, group, version, kind }) => [name, group, version, kind]),
		[
			['scale', 'autoscaling', 'v1', 'Scale'],
			['status', 'apps', 'v1', 'Deployment'],
		],
	);
});

test('every schema and every reference is there', () => {
	const missing = new Set<string>();
	const seen = new Set<string>();
	const waiting = resourceTypes().flatMap(({ schema, subresources }) => [
		schema,
		...subresources.map((each) => each.schema),
	]);
	for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
		if (name === '' || seen.has(name)) continue;
		seen.add(name);
		const schema = readSchema(name);
		if (schema === null) missing.add(name);
		waiting.push(...listReferences(schema ?? {}));
	}
	assert.equal([...missing], []);
	assert.ok(seen.size > 300, `only ${seen.size} schemas`);
});

test('fields, list keys and patch keys are found through references', () => {
	const template = fieldOf(fieldOf(schemaNamed('io.k8s.api.apps.v1.Deployment'), 'spec') ?? {}, 'template') ?? {};
	const spec = fieldOf(template, 'spec') ?? {};
	assert.is(referenceOf(spec), 'io.k8s.api.core.v1.PodSpec');
	const containers = fieldOf(spec, 'containers') ?? {};
	assert.equal(listKindOf(containers), { kind: 'map', keys: ['name'] });
	const ports = fieldOf(containers.items ?? {}, 'ports') ?? {};
	assert.equal(listKindOf(ports), { kind: 'map', keys: ['containerPort', 'protocol'] });
	assert.equal(patchMetaOf(ports), { strategies: ['merge'], mergeKey: 'containerPort' });
	assert.is(fieldOf(spec, 'imagePullSecret'), null);
	assert.is(
		resolve(fieldOf(fieldOf(schemaNamed('io.k8s.api.core.v1.Secret'), 'data') ?? {}, 'any') ?? {}).format,
		'byte',
	);
});

test('a field named like a member of Object is not a field', () => {
	assert.is(fieldOf(schemaNamed('io.k8s.api.core.v1.Pod'), 'constructor'), null);
});

test.run();

function listReferences(schema: Schema): string[] {
	const own = referenceOf(schema);
	const { properties = {}, items, additionalProperties } = schema;
	const inner = [
		...Object.values(properties),
		...(items ? [items] : []),
		...(additionalProperties ? [additionalProperties] : []),
	];
	return [...(own === null ? [] : [own]), ...inner.flatMap(listReferences)];
}
