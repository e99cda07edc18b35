/** Objects get the defaults that a real API server gave them when it was asked to create them. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { decode } from '../../../src/emulator/patch/decode.ts';
import { applyDefaults } from '../../../src/emulator/patch/defaults/index.ts';
import { findType } from '../../../src/emulator/schema/index.ts';
import { suite } from '../../harness.ts';

const test = suite('defaults');

// biome-ignore lint/suspicious/noExplicitAny: any kind of object
type Loose = Record<string, any>;

const created = JSON.parse(readFileSync(new URL('fixtures/created.json', import.meta.url), 'utf8')) as {
	group: string;
	version: string;
	resource: string;
	sent: Loose;
	answer: Loose;
}[];

for (const [index, { group, version, resource, sent, answer }] of created.entries()) {
	test(`${resource} ${index}`, () => {
		const type = findType(group, version, resource);
		assert.ok(type);
		const { object } = decode<Loose>(type, JSON.stringify(sent), 'Strict');
		const ours = applyDefaults(type, object);
		forget(ours, resource);
		forget(answer, resource);
		assert.equal(ours, answer);
	});
}

test('an image without a tag is always pulled, one with a tag or a digest is not', async () => {
	const { pullPolicyOf } = await import('../../../src/emulator/patch/defaults/pod.ts');
	const digest = `sha256:${'0'.repeat(64)}`;
	const images = {
		nginx: 'Always',
		'nginx:latest': 'Always',
		'nginx:1': 'IfNotPresent',
		'localhost:5000/nginx': 'Always',
		[`nginx@${digest}`]: 'IfNotPresent',
		[`nginx:latest@${digest}`]: 'Always',
		'': 'IfNotPresent',
		'registry.example.com/MyApp': 'IfNotPresent',
		'nginx:latest@sha256:a': 'IfNotPresent',
	};
	for (const [image, policy] of Object.entries(images)) assert.is(pullPolicyOf(image), policy, image);
});

test.run();

/** What other parts of the server set: names and times, admission, the strategies of single types. */
function forget({ metadata, spec, status }: Loose, resource: string): void {
	for (const name of ['uid', 'creationTimestamp', 'managedFields', 'generation', 'namespace', 'resourceVersion']) {
		delete metadata[name];
	}
	if (resource === 'pods') {
		for (const name of ['priority', 'preemptionPolicy', 'tolerations', 'serviceAccount', 'serviceAccountName']) {
			delete spec[name];
		}
		for (const name of ['qosClass', 'phase']) delete status[name];
		spec.volumes = spec.volumes?.filter(({ name }: { name: string }) => !name.startsWith('kube-api-access-'));
		if (!spec.volumes?.length) delete spec.volumes;
		for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
			const isOwn = ({ name }: { name: string }) => !name.startsWith('kube-api-access-');
			container.volumeMounts = container.volumeMounts?.filter(isOwn);
			if (!container.volumeMounts?.length) delete container.volumeMounts;
		}
	}
	if (resource === 'jobs') {
		for (const each of [metadata, spec.template.metadata]) {
			for (const label of Object.keys(each.labels ?? {})) {
				if (/controller-uid|job-name/.test(label)) delete each.labels[label];
			}
			if (Object.keys(each.labels ?? {}).length === 0) delete each.labels;
		}
		delete spec.selector;
	}
	if (resource === 'services') {
		for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete spec[name];
	}
	if (resource === 'namespaces') delete spec.finalizers;
	if (resource === 'persistentvolumeclaims') delete metadata.finalizers;
}
