/** A lab's own manifests, with the names and passwords of an environment. */

import * as assert from 'uvu/assert';
import { placeObject } from '../../src/environment/place.ts';
import { suite } from '../harness.ts';

const test = suite('environment/place');

const registry = {
	host: 'registry.example.com',
	username: 'myuser',
	password: 'mypassword',
	nextPassword: null,
	images: [],
};
const names = {
	hosts: { 'registry.example.com': 'registry.school.example:5000' },
	namespaces: { default: 'ann-default', staging: 'ann-staging' },
	registries: [registry],
	credentials: { 'registry.example.com': { username: 'ann', password: 'pass"word' } },
};
const secret = (text: string) => ({
	apiVersion: 'v1',
	kind: 'Secret',
	metadata: { name: 'login', namespace: 'staging' },
	stringData: { '.dockerconfigjson': text },
});

test('namespaces and hosts become those that are used here', () => {
	const pod = {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name: 'a' },
		spec: { containers: [{ name: 'app', image: 'registry.example.com/myapp:1.0', args: ['mypassword'] }] },
	};
	assert.equal(placeObject(pod, names), {
		...pod,
		metadata: { name: 'a', namespace: 'ann-default' },
		spec: { containers: [{ name: 'app', image: 'registry.school.example:5000/myapp:1.0', args: ['mypassword'] }] },
	});
});

test('a Secret gets the user and the password that the registry has here, and keeps wrong ones', () => {
	const right = '{"auths": {"registry.example.com": {"username": "myuser", "password": "mypassword"}}}';
	const wrong = right.replace('mypassword', 'not-the-password');
	const place = (text: string) => {
		const { metadata, stringData } = placeObject(secret(text), names) as ReturnType<typeof secret>;
		assert.is(metadata.namespace, 'ann-staging');
		return JSON.parse(stringData['.dockerconfigjson']);
	};
	const host = 'registry.school.example:5000';
	assert.equal(place(right), { auths: { [host]: { username: 'ann', password: 'pass"word' } } });
	assert.equal(place(wrong), { auths: { [host]: { username: 'ann', password: 'not-the-password' } } });
});

test.run();
