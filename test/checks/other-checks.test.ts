/** The Secret, the refused Pod, and the account. */

import * as assert from 'uvu/assert';
import type { AccountFacts, ContainerFacts, PullFacts, SecretLookup } from '../../src/model/evidence.ts';
import { type Reason, reasons } from '../../src/model/reason.ts';
import { suite } from '../harness.ts';
import * as facts from './facts.ts';
import { absent, account, checkKinds, denied, entry, found, pod, pull, running, waiting } from './facts.ts';

const test = suite('other checks');

const judgeSecret = (secret: SecretLookup) =>
	facts
		.check('pull-secret', { namespace: 'default', name: 'my-registry-creds', registry: facts.host })
		.judge({ secret }, facts.context);

function turnedAway(status: number): SecretLookup {
	return found({ entries: [entry({ trial: { outcome: 'turned-away', status, answer: `${status} x` } })] });
}

const secrets: [Reason | null, string, SecretLookup][] = [
	[null, 'right', found()],
	[null, 'legacy', found({ type: 'kubernetes.io/dockercfg' })],
	[
		null,
		'an entry for another host beside it',
		found({ entries: [entry(), entry({ host: 'x', matches: false, trial: null })] }),
	],
	[
		null,
		'of two entries that match, the second is accepted',
		found({ entries: [entry({ trial: facts.rejected }), entry()] }),
	],
	['PullSecretMissing', 'not there', absent('my-registry-creds')],
	[
		'PullSecretMisspelt',
		'a slip away',
		absent('my-registry-creds', { siblings: [{ name: 'my-registry-cred', type: 'x' }] }),
	],
	['PullSecretInOtherNamespace', 'elsewhere', absent('my-registry-creds', { otherNamespaces: ['staging'] })],
	['NamespaceMissing', 'no namespace', absent('my-registry-creds', { isNamespaceAbsent: true })],
	['SecretTypeWrong', 'Opaque', found({ type: 'Opaque' })],
	['PullSecretEmpty', 'nothing in it', found({ entries: [], ignored: ['credsStore'] })],
	['PullSecretEmpty', 'nothing usable', found({ entries: [entry({ hasPassword: false, trial: null })] })],
	[
		'CredentialsMalformed',
		'auth is broken',
		found({ malformed: 'illegal base64 data at input byte 0', malformedHost: 'x' }),
	],
	[
		'RegistryNotListed',
		'another host',
		found({ entries: [entry({ host: 'registry.example.com:443', matches: false, trial: null })] }),
	],
	['CredentialsRejected', 'wrong password', found({ entries: [entry({ trial: facts.rejected })] })],
	['RegistryRateLimited', 'asked too often', turnedAway(429)],
	['RegistryForbidden', 'a user who is let in may not pull', turnedAway(403)],
	['RegistryFailing', 'the registry fails', turnedAway(500)],
	['RegistryFailing', 'the registry is being mended', turnedAway(503)],
];

for (const [reason, when, lookup] of secrets) {
	test(`pull-secret, ${reason ?? 'passes'}: ${when}`, () => assert.is(judgeSecret(lookup)?.reason ?? null, reason));
}

test('pull-secret does not blame the learner for a registry that turns everybody away', () => {
	const diagnosis = judgeSecret(turnedAway(429));
	assert.is(diagnosis?.isError, true);
	assert.is(diagnosis?.actual, '429 x');
	assert.match(diagnosis?.remedy ?? '', /kubeproctor up/);
});

test('pull-secret tells a wrong user from a wrong password', () => {
	const of = (knownUser: boolean) =>
		judgeSecret(found({ entries: [entry({ username: 'me', trial: { ...facts.rejected, knownUser } as never })] }));
	assert.match(of(false)?.message ?? '', /user me/);
	assert.is(of(false)?.expected, 'user myuser');
	assert.match(of(true)?.message ?? '', /password of me/);
});

test('pull-secret says what docker would have used', () => {
	assert.match(judgeSecret(found({ entries: [], ignored: ['credsStore'] }))?.message ?? '', /credsStore/);
});

test('pull-secret passes legacy and ambiguous Secrets with a note', () => {
	const check = facts.check('pull-secret', { namespace: 'default', name: 'my-registry-creds', registry: facts.host });
	assert.match(check.note({ secret: found({ type: 'kubernetes.io/dockercfg' }) }, facts.context)[0] ?? '', /legacy/);
	assert.match(
		check.note({ secret: found({ entries: [entry({ isAuthAtOdds: true })] }) }, facts.context)[0] ?? '',
		/takes auth/,
	);
	assert.equal(check.note({ secret: found() }, facts.context), []);
});

const judgeRefused = (seen: PullFacts) =>
	facts
		.check('refused-pod', { namespace: 'default', name: 'private-pod', image: facts.image })
		.judge({ pull: seen, controls: facts.controls }, facts.context);

const offers = (message: string, entries = [entry()]) =>
	denied([found({ entries })], { containers: [waiting(message)] });

const never = (isOnNode: boolean | null, entries = [entry({ matches: false, trial: null })]) =>
	denied([found({ entries })], {
		containers: [
			waiting('Container image "x" is not present with pull policy of Never', 'ErrImageNeverPull', {
				policy: 'Never',
				isOnNode,
			}),
		],
	});

const helperImage = { name: 'helper', image: 'registry.k8s.io/pause:3.10' };
const helper = running({ ...helperImage, imageId: `registry.k8s.io/pause@sha256:${'c'.repeat(64)}` });

const deniedInit = { ...helperImage, kind: 'init' as const };

const refusals: [Reason | null, string, PullFacts][] = [
	[null, 'names nothing', denied([])],
	[
		null,
		'backs off',
		denied([], {
			containers: [waiting('Back-off pulling image: ErrImagePull: no basic auth credentials', 'ImagePullBackOff')],
		}),
	],
	[null, 'names a Secret that is not there', denied([absent('gone')])],
	[null, 'names a Secret for another host', denied([found({ entries: [entry({ matches: false, trial: null })] })])],
	[
		null,
		'a runtime that does not say which',
		offers('authentication required', [entry({ matches: false, trial: null })]),
	],
	[
		'RefusedForAnotherReason',
		'a wrong password, by a runtime that does not say which',
		offers('authentication required', [entry({ trial: facts.rejected })]),
	],
	[
		'RefusedForAnotherReason',
		'a wrong password',
		offers('unexpected status from HEAD request to http://x: 401 Unauthorized', [entry({ trial: facts.rejected })]),
	],
	['RefusedForAnotherReason', 'no such tag', offers('myapp:1.0: not found')],
	[
		'RefusedForAnotherReason',
		'no such tag, on a node that has one of the name',
		denied([], { containers: [waiting('myapp:1.0: not found', 'ErrImagePull', { isOnNode: true })] }),
	],
	[
		'ImageOther',
		'another image, denied just the same',
		denied([], { containers: [waiting(undefined, undefined, { image: 'registry.example.com/myap:1.0' })] }),
	],
	['PullNotRefused', 'runs', pull()],
	[
		'PullNotRefused',
		'crashes, having been pulled',
		pull({
			pod: pod({ containers: [running({ state: 'waiting', waiting: { reason: 'CrashLoopBackOff', message: '' } })] }),
		}),
	],
	[null, 'never pulled, though the node has the image', never(true)],
	['RefusedForAnotherReason', 'never pulled, and not on the node', never(false)],
	['RefusedForAnotherReason', 'never pulled, and nobody knows whether it is on the node', never(null)],
	['RefusedForAnotherReason', 'never pulled, on the node, with credentials', never(true, [entry()])],
	['PodStarting', 'not tried yet', denied([], { containers: [waiting('', 'ContainerCreating')] })],
	[
		'PodStarting',
		'not tried yet, beside a container that runs',
		denied([], { containers: [helper, waiting('', 'ContainerCreating')] }),
	],
	[
		'PodStarting',
		'the image was set this moment, and the one before still runs',
		denied([], { containers: [running({ outdatedUntil: '2026-01-01T00:10:20Z' })] }),
	],
	[null, 'beside a container that runs', denied([], { containers: [helper, waiting()] })],
	[
		null,
		'beside one whose image there is not',
		denied([], { containers: [waiting('other:1.0: not found', 'ErrImagePull', helperImage), waiting()] }),
	],
	[
		null,
		'named by digest, beside one whose image there is not',
		denied([], {
			containers: [
				waiting('other:1.0: not found', 'ErrImagePull', helperImage),
				waiting(undefined, undefined, { image: `${facts.host}/myapp@${facts.digest}` }),
			],
		}),
	],
	[
		'PullNotRefused',
		'runs, beside one that is denied',
		denied([], { containers: [waiting(undefined, undefined, helperImage), running()] }),
	],
	[
		'RefusedForAnotherReason',
		'not tried yet, behind an init container that is denied',
		denied([], { containers: [waiting(undefined, undefined, deniedInit), waiting('', 'PodInitializing')] }),
	],
	['PodMissing', 'not there', pull({ pod: null })],
	['NamespaceMissing', 'no namespace', pull({ pod: null, isNamespaceAbsent: true })],
];

for (const [reason, when, seen] of refusals) {
	test(`refused-pod, ${reason ?? 'passes'}: ${when}`, () => assert.is(judgeRefused(seen)?.reason ?? null, reason));
}

test('refused-pod waits for its image to be tried only where nothing has to end first', () => {
	const behind = (first: Partial<ContainerFacts>) =>
		judgeRefused(denied([], { containers: [waiting(undefined, undefined, first), waiting('', 'ContainerCreating')] }));
	assert.is(behind(helperImage)?.isUnsettled, true);
	assert.equal(behind(deniedInit), {
		reason: 'RefusedForAnotherReason',
		message: `Container helper of Pod default/private-pod is refused, and no node has tried ${facts.image} for it yet.`,
		expected: 'no basic auth credentials',
		actual: `${helperImage.image}: ErrImagePull: authorization failed: no basic auth credentials`,
		remedy: 'Leave container helper out, then:\nkubectl replace --force -f private-pod.yaml',
	});
});

test('refused-pod tells every cause beside, on one level', () => {
	const seen = denied([absent('gone'), found({ entries: [entry({ trial: facts.rejected })] })], {
		containers: [waiting('unexpected status from HEAD request to http://x: 401 Unauthorized')],
	});
	const { reason, also = [] } = judgeRefused(seen) ?? {};
	assert.is(reason, 'RefusedForAnotherReason');
	assert.equal(
		also.map((each) => [each.reason, each.also]),
		[
			['CredentialsRejected', undefined],
			['PullSecretMissing', undefined],
		],
	);
});

test('refused-pod may ask for a pull policy', () => {
	const judgePolicy = (policy: string) =>
		facts
			.check('refused-pod', { namespace: 'default', name: 'private-pod', image: facts.image, policy })
			.judge({ pull: denied([]), controls: facts.controls }, facts.context)?.reason;
	assert.is(judgePolicy('IfNotPresent'), undefined);
	assert.is(judgePolicy('Never'), 'PullPolicyOther');
});

test("refused-pod does not blame the learner for the registry's absence", () => {
	const diagnosis = judgeRefused(offers('dial tcp 1.2.3.4:5000: connect: connection refused'));
	assert.is(diagnosis?.reason, 'RegistryUnreachable');
	assert.is(diagnosis?.isError, true);
});

const judgeAccount = (seen: AccountFacts) =>
	facts
		.check('account-pull-secret', { namespace: 'default', secret: 'my-registry-creds' })
		.judge({ account: seen }, facts.context);

const accounts: [Reason | null, string, AccountFacts][] = [
	[null, 'hands it on', account()],
	[null, 'beside another', account({ dryRun: ['other', 'my-registry-creds'] })],
	[null, 'by its own word, where a dry run is refused', account({ dryRun: null })],
	['ServiceAccountWithoutPullSecret', 'the dry run gives nothing, whatever the account says', account({ dryRun: [] })],
	['ServiceAccountWithoutPullSecret', 'another one', account({ pullSecrets: ['other'], dryRun: ['other'] })],
	[
		'ServiceAccountSecretNotForPulls',
		'under secrets',
		account({ pullSecrets: [], dryRun: [], mountableSecrets: ['my-registry-creds'] }),
	],
	['ServiceAccountMissing', 'not there', account({ exists: false })],
	['NamespaceMissing', 'no namespace', account({ exists: false, isNamespaceAbsent: true })],
];

for (const [reason, when, seen] of accounts) {
	test(`account-pull-secret, ${reason ?? 'passes'}: ${when}`, () =>
		assert.is(judgeAccount(seen)?.reason ?? null, reason));
}

test('every kind names only reasons that exist, each once', () => {
	for (const kind of checkKinds) {
		assert.equal([...new Set(kind.reasons)], kind.reasons, kind.kind);
		for (const reason of kind.reasons) assert.ok(reason in reasons, reason);
	}
});

test.run();
