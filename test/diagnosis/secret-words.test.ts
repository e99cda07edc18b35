/** What is said of one pull Secret, word for word: what is wrong, where, what was found, and what to type. */

import * as assert from 'uvu/assert';
import { describeUnanswered, diagnoseMalformed, diagnoseSecret, findUsername } from '../../src/diagnosis/secret.ts';
import type { EntryFacts, SecretLookup, TrialResult } from '../../src/model/evidence.ts';
import { absent, context, entry, found, rejected } from '../checks/facts.ts';
import { suite } from '../harness.ts';

const test = suite('words about a Secret');

const ours = { host: 'registry.example.com', username: 'myuser' };
const foreign = { host: 'ghcr.io', username: undefined };
const name = 'my-registry-creds';

const create = [
	'kubectl create secret docker-registry my-registry-creds \\',
	'  --docker-server=registry.example.com \\',
	'  --docker-username=myuser --docker-password=PASSWORD',
];
const tell = '(kubeproctor credentials --password shows the password.)';
const again = ['kubectl delete secret my-registry-creds', ...create, tell].join('\n');
const mend = 'Have kubeproctor mend what it made, and grade again:\nkubeproctor up';

const say = (lookup: SecretLookup, target: typeof ours | typeof foreign = ours) =>
	diagnoseSecret(lookup, target).diagnosis;
const tried = (trial: TrialResult | null, change: Partial<EntryFacts> = {}) =>
	found({ entries: [entry({ trial, ...change })] });

test('none is there', () => {
	assert.equal(say(absent(name)), {
		reason: 'PullSecretMissing',
		message: 'There is no Secret my-registry-creds in namespace default.',
		expected: 'default/my-registry-creds',
		remedy: ['Create it:', ...create, tell].join('\n'),
	});
	assert.equal(say(absent(name, { otherNamespaces: null }), foreign), {
		reason: 'PullSecretMissing',
		message: 'There is no Secret my-registry-creds in namespace default.',
		expected: 'default/my-registry-creds',
		actual: 'Other namespaces could not be looked at: not allowed to list Secrets there.',
		remedy: [
			'Create it:',
			create[0],
			'  --docker-server=ghcr.io \\',
			'  --docker-username=USERNAME --docker-password=PASSWORD',
		].join('\n'),
	});
});

test('one is there whose name is a slip away, or in another namespace', () => {
	assert.equal(say(absent(name, { siblings: [{ name: 'my-registry-cred', type: 'x' }] })), {
		reason: 'PullSecretMisspelt',
		message: 'There is no Secret my-registry-creds in namespace default, but there is my-registry-cred.',
		expected: 'my-registry-creds',
		actual: 'my-registry-cred',
		remedy: `One of the two names is a slip. Either name my-registry-cred where my-registry-creds is named, or make the Secret under the right name:\n${create.join('\n')}`,
	});
	assert.equal(say(absent(name, { otherNamespaces: ['shop', 'b'] })), {
		reason: 'PullSecretInOtherNamespace',
		message:
			'Secret my-registry-creds is in namespace shop, not in default. A Pod reads only Secrets of its own namespace.',
		expected: 'default/my-registry-creds',
		actual: 'shop/my-registry-creds',
		remedy: `Make it in default as well:\n${create.join('\n')}`,
	});
});

test('the type is another', () => {
	assert.equal(say(found({ type: 'Opaque' })), {
		reason: 'SecretTypeWrong',
		message:
			'Secret default/my-registry-creds is of type Opaque, and the kubelet looks for registry credentials only in Secrets of type kubernetes.io/dockerconfigjson.',
		expected: 'kubernetes.io/dockerconfigjson',
		actual: 'Opaque',
		remedy: `A Secret's type cannot be changed; make it anew:\n${again}`,
	});
});

test('an entry cannot be read', () => {
	const broken = (malformedHost: string | null) =>
		found({ malformed: 'illegal base64 data at input byte 4', malformedHost });
	const ofOther = [
		'kubectl delete secret my-registry-creds',
		'kubectl create secret docker-registry my-registry-creds \\',
		'  --docker-server=other.example.com \\',
		'  --docker-username=USERNAME --docker-password=PASSWORD',
	].join('\n');
	assert.equal(diagnoseMalformed(broken('other.example.com'), ours), {
		reason: 'CredentialsMalformed',
		message:
			'Secret default/my-registry-creds, entry other.example.com, cannot be read. One such entry blocks every pull of a Pod that lists the Secret.',
		expected: 'auth as base64 of username:password, or username and password',
		actual: 'illegal base64 data at input byte 4',
		remedy: `Make the Secret anew:\n${ofOther}`,
	});
	for (const host of [null, ours.host, `https://${ours.host}/v1/`])
		assert.is(diagnoseMalformed(broken(host), ours)?.remedy, `Make the Secret anew:\n${again}`);
	assert.match(
		diagnoseMalformed(broken(null), ours)?.message ?? '',
		/^Secret default\/my-registry-creds, cannot be read/,
	);
	assert.is(diagnoseMalformed(found(), ours), null);
	assert.is(diagnoseMalformed(absent(name), ours), null);
	assert.is(diagnoseMalformed(found({ type: 'Opaque', malformed: 'x' }), ours), null, 'nobody reads it');
});

test('nothing usable is in it', () => {
	const empty = { entries: [], ignored: ['credsStore', 'credHelpers'], keys: ['config.json', 'b'] };
	assert.equal(say(found(empty)), {
		reason: 'PullSecretEmpty',
		message:
			'Secret default/my-registry-creds holds no registry credentials at all. It has credsStore, credHelpers, which docker would use and the kubelet does not.',
		expected: 'an entry for registry.example.com with a username and a password',
		actual: 'no entry, under config.json, b',
		remedy: `Make the Secret anew:\n${again}`,
	});
	const bare = say(found({ entries: [], ignored: [], keys: [] }));
	assert.is(bare?.message, 'Secret default/my-registry-creds holds no registry credentials at all.');
	assert.is(bare?.actual, 'no entry, under no key at all');
	const unnamed = [
		entry({ username: null, hasPassword: true, trial: null }),
		entry({ host: 'b.io', username: 'me', hasPassword: false, matches: false, trial: null }),
	];
	const useless = say(found({ entries: unnamed }));
	assert.is(
		useless?.message,
		'The entry for registry.example.com in Secret default/my-registry-creds has no username and password.',
	);
	assert.is(useless?.actual, 'registry.example.com: no username, a password; b.io: username me, no password');
});

test('its entries are for other hosts', () => {
	const entries = ['a.io', 'b.io'].map((host) => entry({ host, matches: false, trial: null }));
	assert.equal(say(found({ entries })), {
		reason: 'RegistryNotListed',
		message: 'Secret default/my-registry-creds has no entry for registry.example.com.',
		expected: 'registry.example.com',
		actual: 'a.io, b.io',
		remedy: `The server must be written as the image's name begins, port and all:\n${again}`,
	});
});

test('the registry refuses what is in it', () => {
	const refused = {
		reason: 'CredentialsRejected',
		actual: '401 UNAUTHORIZED: authentication required',
		remedy: `Make the Secret anew with the right credentials:\n${again}`,
	};
	assert.equal(say(tried(rejected)), {
		...refused,
		message: 'registry.example.com refuses the password of myuser in Secret default/my-registry-creds.',
	});
	const strange: TrialResult = { ...rejected, knownUser: false } as TrialResult;
	assert.equal(say(tried(strange, { username: 'me' })), {
		...refused,
		message: 'registry.example.com refuses the user me in Secret default/my-registry-creds.',
		expected: 'user myuser',
	});
	assert.is(say(tried(strange, { username: 'me' }), foreign)?.expected, undefined);
	assert.is(say(tried(rejected))?.expected, undefined);
	const blank = /: it begins or ends in white space, such as the line break that echo adds\.$/;
	assert.match(say(tried(rejected, { blankIn: 'password' }))?.message ?? '', blank);
	assert.match(say(tried(strange, { blankIn: 'username' }))?.message ?? '', blank);
	assert.not.match(say(tried(rejected, { blankIn: 'username' }))?.message ?? '', blank);
	assert.not.match(say(tried(strange, { blankIn: 'password' }))?.message ?? '', blank);
});

test('an image that is not there is no fault of credentials that were let in', () => {
	assert.is(say(tried({ outcome: 'image-absent', status: 404, answer: '404' })), null);
	const both = [entry({ trial: rejected }), entry({ trial: { outcome: 'image-absent', status: 404, answer: '404' } })];
	assert.is(say(found({ entries: both })), null);
});

test('the registry turns everybody away', () => {
	for (const [status, reason, what, remedy] of [
		[429, 'RegistryRateLimited', 'says that it is asked too often', 'Wait until it answers again, then look again.'],
		[403, 'RegistryForbidden', 'forbids the pull', 'Use credentials of a user who may pull from this repository.'],
		[500, 'RegistryFailing', 'fails with an error of its own', "Look at the registry's own log, then look again."],
	] as const) {
		const trial: TrialResult = { outcome: 'turned-away', status, answer: `${status} x` };
		const told = { reason, actual: `${status} x`, isError: true };
		assert.equal(say(tried(trial), foreign), {
			...told,
			message: `ghcr.io ${what}, so credentials could not be tried.`,
			remedy,
		});
		assert.equal(say(tried(trial)), {
			...told,
			message: `registry.example.com ${what}, so credentials could not be tried.`,
			remedy: mend,
		});
	}
});

test('the registry does not answer, or was not asked', () => {
	const silent: TrialResult = { outcome: 'unanswered', message: 'connect ECONNREFUSED' };
	const told = {
		reason: 'RegistryUnreachable',
		message: 'The registry gives no usable answer, so credentials could not be tried.',
		actual: 'connect ECONNREFUSED',
		isError: true,
	};
	const away = 'See that the registry runs and can be reached from here, then look again.';
	assert.equal(say(tried(silent)), { ...told, remedy: mend });
	assert.equal(say(tried(silent), foreign), { ...told, remedy: away });
	assert.equal(describeUnanswered('connect ECONNREFUSED'), { ...told, remedy: mend });
	assert.equal(say(tried({ outcome: 'not-tried', message: 'It is not ours.' }), foreign), {
		reason: 'NotObserved',
		message: 'The credentials in Secret default/my-registry-creds for ghcr.io were not tried.',
		actual: 'It is not ours.',
		remedy: '--try-credentials sends them to that registry, once.',
		isError: true,
	});
});

test('what is right may be worth a word all the same, and what is wrong has words enough', () => {
	const notes = (lookup: SecretLookup) => diagnoseSecret(lookup, ours).notes;
	const odd = entry({ isAuthAtOdds: true });
	assert.equal(notes(found({ type: 'kubernetes.io/dockercfg', entries: [odd, entry()] })), [
		"Secret my-registry-creds is of the legacy type kubernetes.io/dockercfg; kubernetes.io/dockerconfigjson is today's.",
		'In Secret my-registry-creds, auth says something else than username and password; the kubelet takes auth.',
	]);
	assert.equal(notes(found()), []);
	assert.equal(notes(absent(name)), []);
	assert.equal(notes(found({ type: 'kubernetes.io/dockercfg', entries: [entry({ trial: rejected })] })), []);
	assert.equal(notes(found({ entries: [entry(), entry({ host: 'b.io', matches: false, isAuthAtOdds: true })] })), []);
});

test("the user that is handed out is the registry's own", () => {
	const registries = [...context.registries, { host: 'b.io', username: 'second' }];
	assert.is(findUsername({ ...context, registries }, 'b.io'), 'second');
	assert.is(findUsername({ ...context, registries }, 'registry.example.com'), 'myuser');
	assert.is(findUsername({ ...context, registries }, 'ghcr.io'), undefined);
});

test.run();
