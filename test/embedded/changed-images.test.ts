/** A container's image is set while it runs, as it is judged from that moment on until the node has replaced it. */

import * as assert from 'uvu/assert';
import { gradeLab } from '../../src/grading/index.ts';
import { systemClock } from '../../src/model/clock.ts';
import { openSession } from '../../src/session.ts';
import { check } from '../checks/facts.ts';
import { labOf, taskOf } from '../grading/made-lab.ts';
import { suite } from '../harness.ts';
import { canary } from '../runner/canary.ts';
import { type EmbeddedEnvironment, openWithPassword } from './environment.ts';

const test = suite('images that are changed', { timeout: 90 });
const image = 'registry.example.com/myapp:1.0';
const pause = 'registry.k8s.io/pause:3.10';
let environment: EmbeddedEnvironment;

test.before(async () => {
	environment = await openWithPassword('changed-images', canary);
	const auths = { 'registry.example.com': { username: 'myuser', password: canary } };
	await environment.apply([
		{
			apiVersion: 'v1',
			kind: 'Secret',
			metadata: { name: 'creds' },
			type: 'kubernetes.io/dockerconfigjson',
			stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
		},
	]);
});
test.after(() => environment.close());

const listed = { imagePullSecrets: [{ name: 'creds' }] };

async function run(name: string, first: string, spec: object): Promise<void> {
	const containers = [{ name: 'app', image: first }];
	await environment.apply([{ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers, ...spec } }]);
	await environment.kubectl('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=30s');
}

/** What the check says at each look, until it is not that the Pod is starting any more; `pass` where it says nothing. */
async function follow(kind: string, name: string): Promise<string[]> {
	const session = await openSession(environment.name, { env: environment.env });
	const lab = labOf(taskOf('task', [check(kind, { namespace: 'default', name, image })]));
	const { signal } = new AbortController();
	const said: string[] = [];
	for (;;) {
		const { report } = await gradeLab({ lab, session, timeout: 0, clock: systemClock, signal });
		const verdict = report.tasks[0]?.checks[0];
		const now = verdict?.diagnosis?.reason ?? verdict?.outcome ?? '';
		if (said.at(-1) !== now) said.push(now);
		if (now !== 'PodStarting') return said;
		await systemClock.sleep(50, signal);
	}
}

test('a Pod that runs another image is not failed once it names the right one', async () => {
	await run('mended', pause, listed);
	assert.equal(await follow('pulled-pod', 'mended'), ['ImageOther']);
	await environment.kubectl('set', 'image', 'pod/mended', `app=${image}`);
	assert.equal(await follow('pulled-pod', 'mended'), ['PodStarting', 'pass']);
});

test('a Pod that runs the right image does not pass once it names another', async () => {
	await run('spoilt', image, listed);
	assert.equal(await follow('pulled-pod', 'spoilt'), ['pass']);
	await environment.kubectl('set', 'image', 'pod/spoilt', 'app=registry.example.com/myapp:9.9');
	assert.equal(await follow('pulled-pod', 'spoilt'), ['PodStarting', 'ImageNotFound']);
	await environment.kubectl('set', 'image', 'pod/spoilt', `app=${pause}`);
	assert.equal(await follow('pulled-pod', 'spoilt'), ['PodStarting', 'ImageOther']);
});

test('nor is a Pod held against the image that it ran before it was to be refused', async () => {
	await run('refused', pause, {});
	await environment.kubectl('set', 'image', 'pod/refused', `app=${image}`);
	assert.equal(await follow('refused-pod', 'refused'), ['PodStarting', 'pass']);
});

test('a Pod is of the digest that it names, where its node knows a tag of it', async () => {
	await run('by-tag', image, listed);
	const id = await environment.kubectl('get', 'pod', 'by-tag', '-o', 'jsonpath={.status.containerStatuses[0].imageID}');
	await environment.kubectl('set', 'image', 'pod/by-tag', `app=${id}`);
	assert.equal(await follow('pulled-pod', 'by-tag'), ['pass']);
});

test.run();
