/** Strategic merge patches give what apimachinery's strategicpatch gives, on patches that kubectl's own code made. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { applyStrategicMergePatch } from '../../../src/emulator/patch/strategic-merge-patch.ts';
import { StatusError } from '../../../src/emulator/status-error.ts';
import { suite } from '../../harness.ts';

const test = suite('strategic merge patch');

const merges = JSON.parse(readFileSync(new URL('fixtures/merges.json', import.meta.url), 'utf8')) as {
	original: object;
	patch: object;
	result?: object;
	error?: string;
}[];
const deployment = { schema: 'io.k8s.api.apps.v1.Deployment' };
const account = { schema: 'io.k8s.api.core.v1.ServiceAccount' };

for (const [index, { original, patch, result, error }] of merges.entries()) {
	test(`case ${index}`, () => {
		const before = JSON.stringify([original, patch]);
		assert.equal(attempt(original, patch), error ?? result);
		assert.is(JSON.stringify([original, patch]), before, 'what was given has been changed');
	});
}

test('an account has its list of secrets replaced, a Pod merged', () => {
	const live = { imagePullSecrets: [{ name: 'a' }] };
	const patch = { imagePullSecrets: [{ name: 'b' }] };
	assert.equal(applyStrategicMergePatch(account, live, patch), patch);
	const pod = { schema: 'io.k8s.api.core.v1.Pod' };
	assert.equal(applyStrategicMergePatch(pod, { spec: live }, { spec: patch }), {
		spec: { imagePullSecrets: [{ name: 'b' }, { name: 'a' }] },
	});
});

test('directives in objects and items', () => {
	const containers = [{ name: 'a', image: 'x' }, { name: 'b' }];
	const change = (patch: object) =>
		applyStrategicMergePatch(deployment, { spec: { template: { spec: { containers } } } }, patch);
	const within = (spec: object) => ({ spec: { template: { spec } } });
	assert.equal(
		change(within({ containers: [{ name: 'a', $patch: 'delete' }] })),
		within({ containers: [{ name: 'b' }] }),
	);
	assert.equal(change(within({ $patch: 'replace', hostname: 'h' })), within({ hostname: 'h' }));
	assert.equal(
		change(within({ containers: [{ $patch: 'replace' }, { name: 'c' }] })),
		within({ containers: [{ name: 'c' }] }),
	);
	assert.equal(change({ spec: { template: { $patch: 'delete' } } }), { spec: { template: {} } });
	assert.equal(change({ spec: { template: null } }), { spec: {} });
});

test.run();

function attempt(original: object, patch: object): object | string {
	try {
		return applyStrategicMergePatch(deployment, original, patch);
	} catch (error) {
		if (error instanceof StatusError) return error.message;
		throw error;
	}
}
