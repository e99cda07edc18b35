/** `grade --wait` on an embedded environment: a Secret that comes after the Pod. */

import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { type EmbeddedEnvironment, openEmbedded } from './environment.ts';

const test = suite('grade --wait', { timeout: 180 });
let environment: EmbeddedEnvironment;

test.before(async () => {
	environment = await openEmbedded('grade-wait');
});
test.after(() => environment.close());

const server = ['--docker-server=registry.example.com', '--docker-username=myuser', '--docker-password=mypassword'];

test('a mended pull is told as such at once, and waited for where that is asked for', async () => {
	await environment.apply([
		{
			...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'private-pod' } },
			spec: {
				containers: [{ name: 'app', image: 'registry.example.com/myapp:1.0' }],
				imagePullSecrets: [{ name: 'my-registry-creds' }],
			},
		},
	]);
	const reason = async (...args: string[]) => {
		const { code, report } = await environment.grade('--task', '2', ...args);
		return [code, report.tasks[0]?.checks[0]?.diagnosis?.reason ?? report.tasks[0]?.outcome];
	};
	assert.equal(await reason(), [1, 'skip'], 'the Secret is not there');
	const path = '{.status.containerStatuses[0].state.waiting.reason}';
	while (
		!/^(ErrImagePull|ImagePullBackOff)$/.test(
			await environment.kubectl('get', 'pod', 'private-pod', '-o', `jsonpath=${path}`),
		)
	);
	await environment.kubectl('create', 'secret', 'docker-registry', 'my-registry-creds', ...server);
	assert.equal(await reason(), [1, 'PullRetryPending']);
	const { code, stderr } = await environment.run('grade', '--task', '2', '--wait');
	assert.is(code, 0);
	assert.match(stderr, /^Waiting: .*private-pod/m, 'what for');
	assert.match(stderr, /^… Looking at the cluster {2}\d+\.\d s$/m, 'and for how long');
});

test('what was kept is not waited for', async () => {
	const { code, stderr } = await environment.run('grade', '--evidence', 'x.json', '--wait');
	assert.is(code, 2);
	assert.match(stderr, '--evidence and --wait do not go together');
});

test.run();
