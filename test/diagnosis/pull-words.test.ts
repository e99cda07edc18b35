/** What is said of a pull that failed for another cause than credentials, and whose fault it is. */

import * as assert from 'uvu/assert';
import type { ContainerFacts, PodFacts, PullFacts } from '../../src/model/evidence.ts';
import type { Diagnosis } from '../../src/model/verdict.ts';
import * as facts from '../checks/facts.ts';
import { absent, denied, end, entry, found, host, image, pod, pull, running, waiting } from '../checks/facts.ts';
import { suite } from '../harness.ts';
import { judgePod, said } from './situations.ts';

const test = suite('words about a pull');

function say(seen: PullFacts, asked: Parameters<typeof judgePod>[1] = {}): Diagnosis {
	const given = judgePod(seen, asked);
	if (given === null) throw new Error('it passes');
	return given;
}

const of = (container: ContainerFacts, change: Partial<PodFacts> = {}) =>
	denied([found()], { containers: [container], ...change });
const refused = 'dial tcp 10.0.0.1:5000: connect: connection refused';
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

test('an outage is the fault of the environment where it hits what the task asks for, of its own registry', () => {
	const blame = (container: Partial<ContainerFacts>, asked: Parameters<typeof judgePod>[1] = {}) => {
		const { reason, isError = false } = say(of(waiting(refused, 'ErrImagePull', container)), asked);
		assert.is(reason, 'RegistryUnreachable');
		return isError;
	};
	assert.is(blame({}), true);
	assert.is(blame({ image: `${host}/other:1.0` }), false, 'another image than the task asks for');
	assert.is(blame({ image: 'ghcr.io/myapp:1.0' }), false);
	const beside = (helper: Partial<ContainerFacts>) =>
		say(
			pull({ pod: pod({ containers: [running(), waiting(refused, 'ErrImagePull', { name: 'helper', ...helper })] }) }),
		).isError;
	assert.is(beside({ image: 'ghcr.io/helper:1.0' }), undefined, 'a helper of a registry that is not ours');
	assert.is(beside({ image: `${host}/helper:1.0` }), true);
});

test("the node's own limit is nobody's fault, whatever the image", () => {
	for (const change of [{}, { image: 'ghcr.io/other:1.0' }]) {
		const { reason, isError, remedy } = say(of(waiting('pull QPS exceeded', 'ErrImagePull', change)));
		assert.equal([reason, isError], ['PullThrottled', true]);
		assert.match(remedy ?? '', /^The node tries again by itself/);
	}
});

test('of an outage of another registry the credentials for it are no cause', () => {
	const lookups = [
		[found({ entries: [entry({ trial: facts.rejected })] })],
		[found({ entries: [] })],
		[found({ entries: [entry({ matches: false, trial: null })] })],
	];
	const down = { image: 'ghcr.io/myapp:1.0' };
	for (const each of lookups) {
		const { also = [] } = say(denied(each, { containers: [waiting(refused, 'ErrImagePull', down)] }));
		assert.equal(
			also.map(({ reason }) => reason),
			['ImageOther'],
		);
	}
	const turned = entry({ trial: { outcome: 'turned-away', status: 429, answer: '429' } });
	const busy = denied([found({ entries: [turned] })], { containers: [waiting('429 Too Many Requests')] });
	assert.is(say(busy).also, undefined, 'that the registry told nothing is none either');
});

test('what a learner can do about it', () => {
	const remedy = (container: ContainerFacts, change: Partial<PodFacts> = {}) => say(of(container, change)).remedy;
	const remake = 'kubectl replace --force -f private-pod.yaml';
	assert.is(
		remedy(waiting('invalid reference format', 'InvalidImageName', { image: `${host}/MyApp:1.0` })),
		`Correct the image's name: lower case, host/repository:tag. Then:\n${remake}`,
	);
	assert.is(remedy(waiting(said.platform)), `Use an image that is built for the node's platform, then:\n${remake}`);
	const forbidden = waiting('unexpected status from HEAD request to http://x: 403 Forbidden');
	const again = (secret: string) =>
		[
			`Use credentials of somebody who may pull ${image}:`,
			`kubectl delete secret ${secret}`,
			`kubectl create secret docker-registry ${secret} \\`,
			`  --docker-server=${host} \\`,
			'  --docker-username=myuser --docker-password=PASSWORD',
			'(kubeproctor credentials --password shows the password.)',
			'The node keeps trying; another Pod is tried at once:',
			'kubectl delete pod private-pod',
			'and create it as before.',
		].join('\n');
	assert.is(remedy(forbidden), again('my-registry-creds'));
	assert.is(remedy(forbidden, { pullSecrets: ['', 'second'] }), again('second'));
	assert.is(remedy(forbidden, { pullSecrets: [''] }), again('NAME'));
	const tls = waiting('http: server gave HTTP response to HTTPS client', 'ErrImagePull', { image: 'x.io:1/myapp:1.0' });
	assert.is(remedy(tls), `Correct host or port in the image's name:\nkubectl set image pod/private-pod app=${image}`);
	const owned = (owner: string) => remedy(tls, { owner })?.split('\n').slice(1).join('\n');
	assert.is(owned('deployment/api'), `kubectl set image deployment/api app=${image}`);
	assert.is(owned('daemonset/api'), `kubectl set image daemonset/api app=${image}`);
	for (const owner of ['statefulset/api', 'replicaset/api'])
		assert.is(owned(owner), 'kubectl apply -f api.yaml\nkubectl delete pod private-pod');
	assert.is(owned('job/api'), 'kubectl replace --force -f api.yaml');
});

test('a Pod of a workload is made anew by deleting it', () => {
	const pending = say(of(waiting(), { owner: 'deployment/api' }));
	assert.match(pending.remedy ?? '', /\nkubectl delete pod private-pod\n\(deployment\/api makes another\.\)$/);
});

test('the container that is asked for is the one that has to run the image', () => {
	const right = running({ name: 'helper' });
	const other = running({ image: 'nginx:1', imageId: `docker.io/library/nginx@${digestOf('c')}` });
	assert.is(say(pull({ pod: pod({ containers: [other, right] }) }), { container: 'app' }).reason, 'ImageOther');
	assert.is(judgePod(pull({ pod: pod({ containers: [other, right] }) }), { container: 'helper' }), null);
	const init = waiting(said.absent, 'ErrImagePull', { name: 'setup', kind: 'init', image: `${host}/setup:1.0` });
	const aside = say(of(init, { containers: [init, waiting('', 'PodInitializing')] }), { container: 'app' });
	assert.equal([aside.reason, aside.also], ['ImageNotFound', undefined], 'what runs before it may be another image');
});

test('a container that could not be started did not crash', () => {
	const words = 'exec: "serve": executable file not found in $PATH';
	const start = end({ exitCode: 128, reason: 'StartError', message: words, startedAt: null });
	const backOff = (endedBefore: ContainerFacts['endedBefore']) =>
		say(pull({ pod: pod({ containers: [waiting('back-off 10s', 'CrashLoopBackOff', { endedBefore })] }) })).reason;
	assert.is(backOff(start), 'ContainerNotCreated');
	assert.is(backOff(end({ exitCode: 1 })), 'ContainerCrashing');
	assert.is(backOff({ ...start, message: '' }), 'ContainerCrashing');
	assert.is(backOff({ ...start, startedAt: '2026-01-01T00:04:30Z' }), 'ContainerCrashing');
	assert.is(backOff(null), 'ContainerCrashing');
	const ended = (change: Partial<typeof start>) =>
		say(pull({ pod: pod({ containers: [running({ state: 'terminated', ended: { ...start, ...change } })] }) })).reason;
	assert.is(ended({}), 'ContainerNotCreated');
	assert.is(ended({ message: '' }), 'ContainerCrashing');
	assert.is(ended({ startedAt: '2026-01-01T00:04:30Z' }), 'ContainerCrashing');
});

test('a Pod that runs by no credentials of its own', () => {
	const runs = (lookups: ReturnType<typeof found>[], pullSecrets = lookups.map(({ name }) => name)) =>
		say(pull({ pod: pod({ pullSecrets }), secrets: [{ container: 'app', lookups }] }));
	const none = runs([]);
	assert.equal(none, {
		reason: 'PullNotProven',
		message: 'Pod default/private-pod runs, but not by credentials of its own: it lists no pull Secret.',
		expected: 'a pull Secret whose credentials the registry accepts',
		actual: 'no pull Secret',
		remedy: 'Name the Secret under spec.imagePullSecrets, then:\nkubectl replace --force -f private-pod.yaml',
	});
	const two = runs([absent('gone'), found({ entries: [entry({ matches: false, trial: null })] })]);
	assert.is(two.actual, 'gone, my-registry-creds');
	assert.match(two.message, /no Secret that it lists opens the registry\.$/);
	assert.equal(
		two.also?.map(({ reason }) => reason),
		['RegistryNotListed', 'PullSecretMissing'],
	);
	assert.is(two.remedy, two.also?.[0]?.remedy, 'the one that got furthest says what to do');
	const rejected = runs([found({ entries: [entry({ trial: facts.rejected })] })]);
	assert.match(rejected.message, /Pod private-pod runs all the same: the image was on its node already\.$/);
	assert.match(rejected.remedy ?? '', /--docker-username=myuser/);
});

test('a Pod whose node the registry never served', () => {
	const seen = judgePod(pull(), {}, { log: facts.logOf({ client: '10.0.0.9' }) });
	assert.is(seen?.expected, `a pull of ${image} by node kind-control-plane`);
	assert.is(seen?.actual, "no such request in the registry's log");
});

test.run();
