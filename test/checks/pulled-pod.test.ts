/** Every reason for which a Pod has not earned its image. */

import * as assert from 'uvu/assert';
import type { ControlFacts, PullFacts, PullLogFacts } from '../../src/model/evidence.ts';
import type { Reason } from '../../src/model/reason.ts';
import { suite } from '../harness.ts';
import * as facts from './facts.ts';
import { absent, denied, end, entry, found, pod, pull, running, waiting } from './facts.ts';

const test = suite('pulled-pod');

interface Params {
	through?: 'pod' | 'service-account' | 'any';
	secret?: string | undefined;
}

function judge(
	seen: PullFacts,
	params: Params = {},
	{ log = facts.served, controls = facts.controls }: { log?: PullLogFacts; controls?: ControlFacts } = {},
	context = facts.context,
) {
	const check = facts.check('pulled-pod', {
		namespace: 'default',
		name: 'private-pod',
		image: facts.image,
		through: 'pod',
		secret: 'my-registry-creds',
		...params,
	});
	return check.judge({ pull: seen, log, controls }, context);
}

test('passes a Pod that runs through its own list', () => assert.is(judge(pull()), null));

test('passes a Pod that runs through its account, and one that never asked the registry itself', () => {
	const inherited = pull({ pod: pod({ isListInherited: true }) });
	assert.is(judge(inherited, { through: 'service-account' }), null);
});

test('passes where managedFields do not tell who wrote the list', () => {
	const undecided = pull({ pod: pod({ isListInherited: null }) });
	assert.is(judge(undecided), null);
	assert.is(judge(undecided, { through: 'service-account' }), null);
});

test('passes a Pod whose first Secret is missing and whose second opens the registry', () => {
	const seen = pull({
		pod: pod({ pullSecrets: ['gone', 'my-registry-creds'] }),
		secrets: [{ container: 'app', lookups: [absent('gone'), found()] }],
	});
	assert.is(judge(seen), null);
});

test('passes a Pod that has done its work', () => {
	assert.is(
		judge(pull({ pod: pod({ phase: 'Succeeded', containers: [running({ state: 'terminated', ended: end() })] }) })),
		null,
	);
});

test('a Pod that was just turned away by every node is still starting', () => {
	const turnedAway = { node: null, unschedulable: '0/1 nodes are available: 1 node(s) had untolerated taint(s).' };
	const young = pull({ pod: pod({ ...turnedAway, createdAt: '2026-01-01T00:09:55Z' }) });
	assert.is(judge(young)?.reason, 'PodStarting');
	const old = pull({ pod: pod({ ...turnedAway, createdAt: '2026-01-01T00:09:45Z' }) });
	assert.is(judge(old)?.reason, 'PodUnschedulable');
});

test('passes a container of another tag that its node has not replaced in all the time that it might have', () => {
	const image = 'registry.example.com/myapp:stable';
	const container = running({ image, outdatedUntil: facts.context.collectedAt });
	assert.is(judge(pull({ pod: pod({ containers: [container] }) })), null);
});

test('passes another tag of the same digest, and the digest itself', () => {
	for (const image of ['registry.example.com/myapp:stable', `registry.example.com/myapp@${facts.digest}`]) {
		const byDigest = facts.logOf({ reference: facts.digest });
		assert.is(judge(pull({ pod: pod({ containers: [running({ image })] }) }), {}, { log: byDigest }), null);
	}
});

test('passes without the clause of the log where the registry keeps none, and says so', () => {
	const check = facts.check('pulled-pod', { namespace: 'default', name: 'p', image: facts.image });
	const seen = { pull: pull(), log: { log: null }, controls: facts.controls };
	assert.is(check.judge(seen, facts.context), null);
	assert.match(check.note(seen, facts.context)[0] ?? '', /keeps no log/);
});

/** A moment after that of the look. */
const outdatedUntil = '2026-01-01T00:10:20Z';
const inherit = { through: 'service-account' } as const;
const ofAccount = {
	account: { name: 'default', exists: true, pullSecrets: ['my-registry-creds'], mountableSecrets: [] },
};
const containerd = (words: string) => `failed to resolve reference "${facts.image}": ${words}`;
const inPod = (message: string, reason?: string) => pull({ pod: pod({ containers: [waiting(message, reason)] }) });

const failures: [Reason, string, PullFacts, Params?][] = [
	['PodMissing', 'no such Pod', pull({ pod: null })],
	['NamespaceMissing', 'no such namespace', pull({ pod: null, isNamespaceAbsent: true })],
	[
		'PodRefused',
		'its ReplicaSet may not make it',
		pull({ pod: null, refusal: { owner: 'replicaset/x', message: 'exceeded quota' } }),
	],
	[
		'PodUnschedulable',
		'no node takes it',
		pull({ pod: pod({ node: null, unschedulable: '0/1 nodes are available' }) }),
	],
	['PodStarting', 'no node yet', pull({ pod: pod({ node: null }) })],
	['PodStarting', 'it is being deleted', pull({ pod: pod({ isDeleting: true }) })],
	['PodStarting', 'the container is being made', inPod('', 'ContainerCreating')],
	[
		'PodStarting',
		'an init container still runs',
		pull({ pod: pod({ containers: [running({ kind: 'init', name: 'setup' }), waiting('', 'PodInitializing')] }) }),
	],
	[
		'PodStarting',
		'it still runs the right image, and another is set',
		pull({ pod: pod({ containers: [running({ image: `${facts.host}/myapp:2.0`, outdatedUntil })] }) }),
	],
	[
		'PodStarting',
		'it still runs another image, and the right one is set',
		pull({ pod: pod({ containers: [running({ imageId: `nginx@sha256:${'c'.repeat(64)}`, outdatedUntil })] }) }),
	],
	['ContainerCrashing', 'it crashes', inPod('back-off 10s restarting failed container', 'CrashLoopBackOff')],
	[
		'ContainerCrashing',
		'it ended badly',
		pull({
			pod: pod({ containers: [running({ state: 'terminated', ended: end({ exitCode: 1, reason: 'Error' }) })] }),
		}),
	],
	[
		'ContainerNotCreated',
		'its command is not there',
		inPod('exec: "/no/such": no such file or directory', 'RunContainerError'),
	],
	[
		'ImageNameInvalid',
		'upper case',
		inPod('invalid reference format: repository name (MyApp) must be lowercase', 'InvalidImageName'),
	],
	['ImageNotFound', 'no such tag', inPod(`rpc error: code = NotFound desc = ${facts.image}: not found`)],
	[
		'ImageNeverPulled',
		'policy Never',
		inPod('Container image "x" is not present with pull policy of Never', 'ErrImageNeverPull'),
	],
	['ImagePlatformMismatch', 'another platform', inPod(containerd('no match for platform in manifest: not found'))],
	['RegistryForbidden', '403', inPod(containerd('unexpected status from HEAD request to http://x: 403 Forbidden'))],
	['PullFailedOtherwise', 'a text that nobody knows', inPod('the disk is on fire')],
	[
		'CredentialsMalformed',
		'auth is not base64',
		denied([found({ malformed: 'illegal base64 data at input byte 0' })], {
			containers: [waiting('illegal base64 data at input byte 0', 'illegal base64 data at input byte 0')],
		}),
	],
	[
		'ImageOther',
		'denied, and another image',
		denied([found()], { containers: [waiting(undefined, undefined, { image: 'registry.example.com/other:1.0' })] }),
	],
	[
		'ImageOther',
		'another image runs',
		pull({
			pod: pod({
				containers: [
					running({ image: 'docker.io/library/nginx:1', imageId: `docker.io/library/nginx@sha256:${'c'.repeat(64)}` }),
				],
			}),
		}),
	],
	['PullSecretNotReferenced', 'nothing is named', denied([])],
	['PullSecretNotReferenced', 'the list is only inherited', pull({ pod: pod({ isListInherited: true }) })],
	[
		'ServiceAccountSecretNotForPulls',
		'under secrets',
		denied(
			[],
			{},
			{ account: { name: 'default', exists: true, pullSecrets: [], mountableSecrets: ['my-registry-creds'] } },
		),
	],
	[
		'PullSecretNotReferenced',
		'the token Secret of old is no pull Secret',
		denied(
			[],
			{},
			{ account: { name: 'default', exists: true, pullSecrets: [], mountableSecrets: ['default-token-x7k2p'] } },
		),
	],
	[
		'ServiceAccountOther',
		'another account has it',
		denied([], {}, { otherAccounts: [{ name: 'puller', pullSecrets: ['my-registry-creds'] }] }),
	],
	['PodOlderThanServiceAccountSecret', 'the account got it later', denied([], {}, ofAccount)],
	[
		'PodOlderThanServiceAccountSecret',
		'the inherited list is stale',
		denied([found({ entries: [] })], { pullSecrets: ['old'], isListInherited: true }, ofAccount),
	],
	['PodListOverridesServiceAccount', 'an empty name is a list', denied([], { pullSecrets: [''] }, ofAccount)],
	[
		'PodListOverridesServiceAccount',
		'denied, with a list of its own',
		denied([absent('other')], {}, ofAccount),
		inherit,
	],
	['PodListOverridesServiceAccount', 'runs, with a list of its own', pull(ofAccount), inherit],
	['PullSecretMissing', 'not there', denied([absent('my-registry-creds')])],
	[
		'PullSecretMisspelt',
		'a slip away',
		denied([absent('my-registry-cred', { siblings: [{ name: 'my-registry-creds', type: 'x' }] })]),
	],
	['PullSecretInOtherNamespace', 'elsewhere', denied([absent('my-registry-creds', { otherNamespaces: ['staging'] })])],
	[
		'PullSecretMisspelt',
		'of two, the slip comes first',
		denied([absent('gone'), absent('my-registry-cred', { siblings: [{ name: 'my-registry-creds', type: 'x' }] })]),
	],
	['SecretTypeWrong', 'Opaque', denied([found({ type: 'Opaque' })])],
	['PullSecretEmpty', 'no entries', denied([found({ entries: [] })])],
	[
		'PullSecretEmpty',
		'nothing usable',
		denied([found({ entries: [entry({ username: null, hasPassword: false, trial: null })] })]),
	],
	[
		'RegistryNotListed',
		'another host',
		denied([found({ entries: [entry({ host: 'registry.example.org', matches: false, trial: null })] })]),
	],
	['CredentialsRejected', 'wrong password', denied([found({ entries: [entry({ trial: facts.rejected })] })])],
	[
		'CredentialsRejected',
		'of two, the one that got furthest',
		denied([found({ type: 'Opaque' }), found({ entries: [entry({ trial: facts.rejected })] })]),
	],
	[
		'CredentialsMalformed',
		'malformed in a second Secret',
		denied([found(), found({ malformed: 'illegal base64 data at input byte 0' })]),
	],
	['PullRetryPending', 'all is right now', denied([found()])],
	[
		'PullSecretOther',
		'another Secret',
		pull({
			pod: pod({ pullSecrets: ['other'] }),
			secrets: [{ container: 'app', lookups: [found({ name: 'other' })] }],
		}),
	],
	[
		'PullSecretOther',
		'both named, only the other one opens',
		pull({
			pod: pod({ pullSecrets: ['other', 'my-registry-creds'] }),
			secrets: [
				{
					container: 'app',
					lookups: [found({ name: 'other' }), found({ entries: [entry({ trial: facts.rejected })] })],
				},
			],
		}),
	],
	['PullNotProven', 'runs without any Secret', pull({ pod: pod({ pullSecrets: [], isListInherited: null }) })],
	[
		'PullNotProven',
		'runs, its Secret is Opaque',
		pull({ secrets: [{ container: 'app', lookups: [found({ type: 'Opaque' })] }] }),
	],
	[
		'PullNotProven',
		'runs another digest under the right name',
		pull({ pod: pod({ containers: [running({ imageId: `docker.io/library/import@sha256:${'d'.repeat(64)}` })] }) }),
	],
	[
		'CredentialsRejected',
		'runs, but its password is refused by now',
		pull({ secrets: [{ container: 'app', lookups: [found({ entries: [entry({ trial: facts.rejected })] })] }] }),
	],
];

for (const [reason, when, seen, params] of failures) {
	test(`${reason}: ${when}`, () => {
		const diagnosis = judge(seen, params);
		assert.is(diagnosis?.reason, reason, JSON.stringify(diagnosis));
		assert.is(diagnosis?.isError, undefined);
		assert.ok(diagnosis?.message && diagnosis.remedy, 'has a message and a remedy');
	});
}

const errors: [Reason, string, Parameters<typeof judge>][] = [
	[
		'RegistryUnreachable',
		'the registry of the task does not answer',
		[inPod(containerd('dial tcp 1.2.3.4:5000: connect: connection refused'))],
	],
	[
		'RegistryTlsMismatch',
		'and neither does TLS',
		[inPod(containerd('http: server gave HTTP response to HTTPS client'))],
	],
	[
		'RegistryRateLimited',
		'429',
		[inPod(containerd('unexpected status from HEAD request to http://x: 429 Too Many Requests'))],
	],
	[
		'RegistryFailing',
		'500',
		[inPod(containerd('unexpected status from HEAD request to http://x: 500 Internal Server Error'))],
	],
	['PullThrottled', 'the node pulls too much', [inPod('pull QPS exceeded')]],
	[
		'RegistryUnreachable',
		'credentials could not be tried',
		[
			pull({
				secrets: [
					{
						container: 'app',
						lookups: [
							found({ entries: [entry({ trial: { outcome: 'unanswered', message: 'connect ECONNREFUSED' } })] }),
						],
					},
				],
			}),
		],
	],
	[
		'NotObserved',
		'credentials were not to be tried',
		[
			pull({
				secrets: [
					{
						container: 'app',
						lookups: [found({ entries: [entry({ trial: { outcome: 'not-tried', message: 'not ours' } })] })],
					},
				],
			}),
		],
	],
	[
		'PullLogLost',
		'the log was lost',
		[pull(), {}, { log: { log: { records: [], lostBefore: '2026-01-01T00:06:00Z' } } }],
	],
	['ControlNotRefused', 'a control runs', [pull(), {}, { controls: facts.controlsOf({ result: 'runs' }) }]],
	[
		'NotObserved',
		'a control is refused for another cause',
		[pull(), {}, { controls: facts.controlsOf({ result: 'broken' }) }],
	],
	['NotObserved', 'there are no controls', [pull(), {}, { controls: { pods: [] } }]],
	['PodStarting', 'a control has not been tried', [pull(), {}, { controls: facts.controlsOf({ result: 'pending' }) }]],
];

for (const [reason, when, args] of errors) {
	test(`an error, ${reason}: ${when}`, () => {
		const diagnosis = judge(...args);
		assert.is(diagnosis?.reason, reason, JSON.stringify(diagnosis));
		assert.is(diagnosis?.isError, true);
	});
}

test("an image of another registry that does not answer is the learner's", () => {
	const seen = pull({
		pod: pod({
			containers: [
				waiting('dial tcp: lookup registry.example.cmo: no such host', 'ErrImagePull', {
					image: 'registry.example.cmo/myapp:1.0',
				}),
			],
		}),
	});
	const diagnosis = judge(seen);
	assert.is(diagnosis?.reason, 'RegistryUnreachable');
	assert.is(diagnosis?.isError, undefined);
	assert.is(diagnosis?.also?.[0]?.reason, 'ImageOther');
	assert.is(diagnosis?.expected, facts.image);
});

test('a pull by another node, of another repository, or one that was refused, serves nobody', () => {
	for (const change of [{ client: '172.18.0.9' }, { repository: 'other' }, { status: 401 }, { reference: '2.0' }]) {
		const log = facts.logOf(change);
		assert.is(judge(pull(), {}, { log })?.reason, 'PullNotProven', JSON.stringify(change));
	}
});

test('before 1.35 the cached image is open to the control that does not ask again', () => {
	const [always, cached] = facts.controls.pods;
	const controls = {
		pods: [
			{ ...always, result: 'refused' },
			{ ...cached, result: 'runs' },
		],
	} as ControlFacts;
	assert.is(judge(pull(), {}, { controls }, { ...facts.context, kubernetesVersion: '1.34.2' }), null);
	assert.is(judge(pull(), {}, { controls })?.reason, 'ControlNotRefused');
});

test('a retry takes 15 seconds where the node holds the image, and more than five minutes where it must pull', () => {
	assert.match(judge(denied([found()]))?.message ?? '', /15 s at most/);
	assert.match(
		judge(denied([found()]), {}, { log: { log: { records: [], lostBefore: null } } })?.message ?? '',
		/5 min 15 s at most/,
	);
});

test('a container that ran before it was refused is said to have run', () => {
	const seen = denied([absent('my-registry-creds')], {
		containers: [waiting(undefined, undefined, { endedBefore: end() })],
	});
	assert.match(judge(seen)?.message ?? '', /It ran until its container restarted/);
});

test('a name that the Pod misspells is corrected in the Pod, or in the account that handed it on', () => {
	const lookups = [absent('my-registry-cred', { siblings: [{ name: 'my-registry-creds', type: 'x' }] })];
	const own = judge(denied(lookups))?.remedy ?? '';
	assert.match(own, /^Name my-registry-creds under spec\.imagePullSecrets/);
	assert.match(own, /\nkubectl replace --force -f private-pod\.yaml$/);
	assert.match(
		judge(denied(lookups, { isListInherited: true }))?.remedy ?? '',
		/\nkubectl patch serviceaccount default /,
	);
});

test("the node's own words are kept", () => {
	assert.match(judge(denied([absent('x')]))?.actual ?? '', /no basic auth credentials/);
});

test.run();
