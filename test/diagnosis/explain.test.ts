/** The explanation of any Pod's pull, where no task asks for anything, from literal facts. */

import * as assert from 'uvu/assert';
import { explainPull } from '../../src/diagnosis/explain.ts';
import type { ContainerFacts, PodFacts, PullFacts, TrialResult } from '../../src/model/evidence.ts';
import * as facts from '../checks/facts.ts';
import { absent, denied, entry, found, host, image, pod, pull, running, waiting } from '../checks/facts.ts';
import { suite } from '../harness.ts';
import { said } from './situations.ts';

const test = suite('explaining a pull');

const asked = { namespace: 'default', name: 'private-pod' };
/** Of a cluster that is not ours. */
const foreign = { ...facts.context, registries: [] };
const explain = (seen: PullFacts, context = facts.context) => explainPull(seen, asked, context);

const untried: TrialResult = { outcome: 'not-tried', message: 'nobody allowed it' };
const may = { what: 'Secret my-registry-creds', message: 'secrets is forbidden' };
const refusedBy401 = waiting('unexpected status from HEAD request to http://x: 401 Unauthorized');
const never = (isOnNode: boolean) =>
	waiting('Container image "x" is not present with pull policy of Never', 'ErrImageNeverPull', {
		...{ policy: 'Never', isOnNode },
	});
/** The Pod lists the Secret, and nobody may read it. */
const unread = (container: ContainerFacts, change: Partial<PodFacts> = {}) =>
	denied([], { containers: [container], pullSecrets: ['my-registry-creds'], ...change }, { unread: [may] });

test('a Pod that runs', () => {
	assert.equal(explain(pull()), {
		outcome: 'fine',
		pod: asked,
		container: { name: 'app', kind: 'container', image, policy: 'IfNotPresent', state: 'running', waiting: null },
		diagnosis: null,
		list: { names: ['my-registry-creds'], origin: 'own', serviceAccount: 'default' },
		secrets: [
			{ name: 'my-registry-creds', state: 'present', type: 'kubernetes.io/dockerconfigjson', entries: [entry()] },
		],
		nextTryWithin: null,
		unread: [],
	});
});

test('a Pod that is not there', () => {
	const { diagnosis, ...rest } = explain(pull({ pod: null, unread: [may] }));
	assert.is(diagnosis?.reason, 'PodMissing');
	assert.equal(rest, {
		...{ outcome: 'wrong', pod: asked, container: null, list: null, secrets: [], nextTryWithin: null, unread: [may] },
	});
});

test('where its list came from, and what the names on it stand for', () => {
	const of = (isListInherited: boolean | null) => explain(pull({ pod: pod({ isListInherited }) })).list?.origin;
	assert.equal([of(true), of(false), of(null)], ['inherited', 'own', 'unknown']);
	const lookups = [absent('gone'), found()];
	const seen = denied(lookups, { pullSecrets: ['gone', '', 'hidden', 'my-registry-creds'] }, { unread: [may, may] });
	const { secrets, unread: told, list } = explain(seen);
	assert.equal(
		secrets.map(({ name, state, type }) => [name, state, type]),
		[
			['gone', 'absent', null],
			['hidden', 'unread', null],
			['my-registry-creds', 'present', 'kubernetes.io/dockerconfigjson'],
		],
	);
	assert.equal(told, [may], 'each container asks for it, it is told once');
	assert.equal(list?.names, ['gone', '', 'hidden', 'my-registry-creds']);
});

test('the container that is explained is the one that the diagnosis is about', () => {
	const seen = pull({
		pod: pod({ containers: [running(), waiting(said.absent, 'ErrImagePull', { name: 'second' })] }),
	});
	const { container, diagnosis, nextTryWithin } = explain(seen);
	assert.equal([container?.name, diagnosis?.reason, nextTryWithin], ['second', 'ImageNotFound', '5 min 15 s']);
});

test('how long the next try may take', () => {
	const of = (container: ContainerFacts) => explain(denied([found()], { containers: [container] })).nextTryWithin;
	assert.is(of(waiting()), '5 min 15 s');
	assert.is(of(waiting(undefined, undefined, { isOnNode: true })), '15 s');
	assert.is(of(waiting(undefined, undefined, { isOnNode: true, policy: 'Always' })), '5 min 15 s');
	assert.is(of(never(false)), '15 s');
	assert.is(of(waiting('invalid reference format', 'InvalidImageName')), null, 'it is not tried again');
	assert.is(of(waiting('back-off 10s restarting', 'CrashLoopBackOff')), null, 'it has its image');
});

test('a Secret that may not be read leaves a refusal unexplained', () => {
	for (const container of [waiting(), refusedBy401, waiting('authentication required'), never(true)]) {
		const { outcome, diagnosis } = explain(unread(container));
		assert.equal([outcome, diagnosis?.reason, diagnosis?.isError], ['untold', 'NotObserved', true]);
		assert.is(
			diagnosis?.message,
			'The pull is refused, and what Secret my-registry-creds of namespace default holds could not be read: this user may not.',
		);
		assert.is(diagnosis?.actual, `${container.waiting?.reason}: ${container.waiting?.message}`);
		assert.match(diagnosis?.remedy ?? '', /\nkubectl auth can-i get secrets -n default$/);
	}
	const two = unread(waiting(), { pullSecrets: ['a', 'my-registry-creds'] });
	assert.match(explain(two).diagnosis?.message ?? '', /what Secret a, my-registry-creds of/);
});

test('but not what the words of the node settle, nor what the list itself does', () => {
	assert.is(explain(unread(waiting(said.absent))).diagnosis?.reason, 'ImageNotFound');
	assert.is(explain(unread(waiting('dial tcp: lookup x: no such host'))).diagnosis?.reason, 'RegistryUnreachable');
	assert.is(explain(unread(waiting('dial tcp: lookup x: no such host'))).diagnosis?.also, undefined);
	assert.is(explain(unread(never(false))).diagnosis?.reason, 'ImageNeverPulled');
	assert.is(explain(unread(waiting('', 'ContainerCreating'))).diagnosis?.reason, 'PodStarting');
	const hands = { account: { name: 'default', exists: true, pullSecrets: ['new'], mountableSecrets: [] } };
	const stale = { ...unread(waiting(), { isListInherited: true }), ...hands };
	assert.is(explain(stale).diagnosis?.reason, 'PodOlderThanServiceAccountSecret');
	const empty = { ...unread(waiting(), { pullSecrets: [''] }), ...hands };
	assert.is(explain(empty).diagnosis?.reason, 'PodListOverridesServiceAccount');
	const none = (change: Partial<PullFacts>) =>
		explain({ ...unread(waiting(), { pullSecrets: [] }), ...change }).diagnosis?.reason;
	assert.is(none({}), 'PullSecretNotReferenced');
	assert.is(none({ otherAccounts: [{ name: 'b', pullSecrets: ['x'] }] }), 'ServiceAccountOther');
	const mounts = { account: { name: 'default', exists: true, pullSecrets: [], mountableSecrets: ['x'] } };
	assert.is(none(mounts), 'ServiceAccountSecretNotForPulls');
});

test('one of the Secrets cannot be parsed, and nobody may read which', () => {
	const container = waiting('illegal base64 data at input byte 0', 'illegal base64 data at input byte 0');
	const { diagnosis } = explain(unread(container, { pullSecrets: ['a', '', 'b'] }));
	assert.is(diagnosis?.reason, 'CredentialsMalformed');
	assert.is(diagnosis?.message, 'The kubelet cannot read one of the pull Secrets of Pod default/private-pod.');
	assert.is(diagnosis?.actual, 'illegal base64 data at input byte 0');
	const seen = denied([found()], { containers: [container], pullSecrets: ['my-registry-creds', ''] });
	assert.is(explain(seen).diagnosis?.reason, 'PullRetryPending', 'all that it lists can be read by now');
});

test('credentials that the node offered and that were refused are wrong, though nobody else tried them', () => {
	const offers = (container: ContainerFacts, change = {}) =>
		denied([found({ entries: [entry({ trial: untried, ...change })] })], { containers: [container] });
	const { outcome, diagnosis } = explain(offers(refusedBy401), foreign);
	assert.is(outcome, 'wrong');
	assert.equal(diagnosis, {
		reason: 'CredentialsRejected',
		message: `When the node last tried, ${host} refused the credentials in Secret my-registry-creds.`,
		actual: `ErrImagePull: ${refusedBy401.waiting?.message}`,
		remedy: [
			'Make the Secret anew with the right credentials:',
			'kubectl delete secret my-registry-creds',
			'kubectl create secret docker-registry my-registry-creds \\',
			`  --docker-server=${host} \\`,
			'  --docker-username=USERNAME --docker-password=PASSWORD',
			'Then make the Pod anew:',
			'kubectl delete pod private-pod',
			'and create it as before.',
		].join('\n'),
	});
	const untold = explain(offers(waiting()), foreign);
	assert.equal([untold.outcome, untold.diagnosis?.reason], ['untold', 'NotObserved'], 'nothing was offered then');
	const elsewhere = explain(offers(refusedBy401, { matches: false, trial: null }), foreign);
	assert.is(elsewhere.diagnosis?.reason, 'RegistryNotListed');
	const tried = explain(offers(refusedBy401, { trial: facts.rejected }));
	assert.match(tried.diagnosis?.message ?? '', /^registry\.example\.com refuses the password of myuser/);
});

test('what is not settled yet, and what could not be found out, is neither right nor wrong', () => {
	const of = (container: ContainerFacts) => explain(denied([found()], { containers: [container] })).outcome;
	assert.is(of(waiting('', 'ContainerCreating')), 'untold');
	assert.is(of(waiting('pull QPS exceeded')), 'wrong', 'the node says so itself, and tries again');
	assert.is(of(waiting()), 'wrong');
	assert.is(of(running()), 'fine');
});

test.run();
