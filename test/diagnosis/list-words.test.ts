/** What is said of a Pod's list of Secrets, of the way it came by it, and of a pull that proves nothing, word for word. */

import * as assert from 'uvu/assert';
import type { ContainerFacts, PodFacts, PullFacts, PullLogFacts } from '../../src/model/evidence.ts';
import type { Diagnosis } from '../../src/model/verdict.ts';
import * as facts from '../checks/facts.ts';
import { absent, denied, entry, found, host, image, pod, pull, running, waiting } from '../checks/facts.ts';
import { suite } from '../harness.ts';

const test = suite('words about a list');

const partner = 'registry.partner.example';
const name = 'my-registry-creds';
const denial = 'ErrImagePull: authorization failed: no basic auth credentials';
const again = 'kubectl delete pod private-pod\nand create it as before.';
const remake = 'kubectl replace --force -f private-pod.yaml';

interface Asked {
	through?: 'pod' | 'service-account' | 'any';
	secret?: string;
	image?: string;
	container?: string;
	policy?: string;
	reference?: string;
	fresh?: boolean;
}

function say(seen: PullFacts, asked: Asked = {}, log: PullLogFacts = facts.served, context = facts.context): Diagnosis {
	const params = { namespace: 'default', name: 'private-pod', image, ...asked };
	const given = facts.check('pulled-pod', params).judge({ pull: seen, log, controls: facts.controls }, context);
	if (given === null) throw new Error('it passes');
	return given;
}

const accountOf = (change: Partial<NonNullable<PullFacts['account']>>) => ({
	account: { name: 'default', exists: true, pullSecrets: [], mountableSecrets: [], ...change },
});
const patch = (secret: string, account = 'default') =>
	`kubectl patch serviceaccount ${account} -p '{"imagePullSecrets": [{"name": "${secret}"}]}'`;

test('the account has Secrets only to be mounted', () => {
	const mounts = (...mountableSecrets: string[]) => denied([], {}, accountOf({ mountableSecrets }));
	const of = (listed: string, secret: string): Diagnosis => ({
		reason: 'ServiceAccountSecretNotForPulls',
		message: `ServiceAccount default/default has ${listed} under secrets, which are for mounting. Pulls take imagePullSecrets.`,
		expected: `imagePullSecrets: ${secret}`,
		actual: `secrets: ${listed}\n${denial}`,
		remedy: `${patch(secret)}\nThen make the Pod anew:\n${again}`,
	});
	assert.equal(say(mounts('tls', name)), of(`tls, ${name}`, 'tls'));
	assert.equal(say(mounts('tls', name), { secret: name }), of(`tls, ${name}`, name));
	assert.equal(say(mounts('tls'), { secret: name }), of('tls', 'tls'));
	assert.equal(say(mounts('default-token-x7k2p', 'default-dockercfg-abcde', name)), of(name, name));
	assert.equal(say(mounts('default-token-x7k2p9')), of('default-token-x7k2p9', 'default-token-x7k2p9'));
});

test('the account hands on another Secret than the one that it has to be mounted', () => {
	const account = accountOf({ pullSecrets: ['other'], mountableSecrets: [name] });
	assert.is(say(denied([], {}, account), { secret: name }).reason, 'ServiceAccountSecretNotForPulls');
	for (const secret of ['other', undefined] as const)
		assert.is(
			say(denied([], {}, account), secret === undefined ? {} : { secret }).reason,
			'PodOlderThanServiceAccountSecret',
		);
	const both = accountOf({ pullSecrets: [name], mountableSecrets: [name] });
	assert.is(say(denied([], {}, both), { secret: name }).reason, 'PodOlderThanServiceAccountSecret');
});

test('another account hands it on', () => {
	const otherAccounts = [
		{ name: 'builder', pullSecrets: [] },
		{ name: 'mirror', pullSecrets: ['mirror-login'] },
		{ name: 'puller', pullSecrets: [name] },
	];
	const of = (other: string, secret: string): Diagnosis => ({
		reason: 'ServiceAccountOther',
		message: `Pod default/private-pod runs as ServiceAccount default, which hands on no pull Secret; ${other} does.`,
		expected: other,
		actual: `default\n${denial}`,
		remedy: `Set spec.serviceAccountName to ${other} and make the Pod anew, or let default hand the Secret on:\n${patch(secret)}`,
	});
	assert.equal(say(denied([], {}, { otherAccounts })), of('mirror', 'mirror-login'));
	assert.equal(say(denied([], {}, { otherAccounts }), { secret: name }), of('puller', name));
	const late = say(denied([], {}, { otherAccounts, ...accountOf({ pullSecrets: [name] }) }));
	assert.is(late.reason, 'PodOlderThanServiceAccountSecret');
	assert.is(say(denied([], {}, { otherAccounts }), { secret: 'none' }).reason, 'PullSecretNotReferenced');
});

test('the account got its list later', () => {
	const of = (actual: string): Diagnosis => ({
		reason: 'PodOlderThanServiceAccountSecret',
		message:
			'ServiceAccount default/default got its present list after Pod private-pod was created. Pods that exist are not changed.',
		expected: `${name}, other`,
		actual: `${actual}\n${denial}`,
		remedy: `Make the Pod anew:\n${again}`,
	});
	const now = accountOf({ pullSecrets: [name, 'other'] });
	assert.equal(say(denied([], {}, now)), of('no pull Secret'));
	const { also: _also, ...lead } = say(denied([absent('a'), absent('b')], { isListInherited: true }, now));
	assert.equal(lead, of('a, b'));
});

test('an inherited list is stale where it is another one, not where it is in another order', () => {
	const of = (pullSecrets: string[], listed = ['a', name]) =>
		say(
			denied(
				listed.map((each) => absent(each)),
				{ isListInherited: true },
				accountOf({ pullSecrets }),
			),
		).reason;
	assert.is(of(['a', name]), 'PullSecretMissing');
	assert.is(of([name, 'a']), 'PullSecretMissing');
	assert.is(of(['a', 'c']), 'PodOlderThanServiceAccountSecret');
	assert.is(of(['a']), 'PodOlderThanServiceAccountSecret');
	assert.is(of(['a', name, 'c']), 'PodOlderThanServiceAccountSecret');
	assert.is(of([]), 'PullSecretMissing', 'another Pod would be given none');
});

test('the Pod lists its own', () => {
	const now = accountOf({ pullSecrets: [name, 'other'] });
	const overrides = (listed: string, words: string): Diagnosis => ({
		reason: 'PodListOverridesServiceAccount',
		message:
			'Pod default/private-pod has a list of pull Secrets of its own, so it is not given that of ServiceAccount default.',
		expected: `${name}, other, inherited`,
		actual: `spec.imagePullSecrets: ${listed}${words}`,
		remedy: `Leave spec.imagePullSecrets out, then:\n${remake}`,
	});
	assert.equal(say(denied([], { pullSecrets: [''] }, now)), overrides('""', `\n${denial}`));
	const runs = pull({ pod: pod({ pullSecrets: ['a', 'b'] }), ...now });
	assert.equal(say(runs, { through: 'service-account' }), overrides('a, b', ''));
	for (const [secret, expected] of [
		[name, `${name}, inherited`],
		[undefined, 'the list of the ServiceAccount, inherited'],
	] as const) {
		const asked = { through: 'service-account', ...(secret !== undefined && { secret }) } as const;
		assert.is(say(pull(), asked).expected, expected, 'where the account has none yet');
	}
	const also = say(denied([absent('gone')], {}, now)).also?.map(({ reason }) => reason);
	assert.equal(also, ['PodListOverridesServiceAccount']);
	assert.is(
		say(denied([absent('gone')], { isListInherited: true }, accountOf({ pullSecrets: ['gone'] }))).also,
		undefined,
	);
	assert.is(say(denied([found()], {}, now)).also, undefined, 'what it lists itself is about to be tried');
});

test('the Pod was given a list and is to have its own', () => {
	const seen = pull({ pod: pod({ pullSecrets: ['a', 'b'], isListInherited: true }) });
	const of = (secret: string): Diagnosis => ({
		reason: 'PullSecretNotReferenced',
		message: 'Pod default/private-pod names no pull Secret itself; it was given that of ServiceAccount default.',
		expected: `${secret} under spec.imagePullSecrets`,
		actual: 'a, b, inherited',
		remedy: `Name the Secret in the manifest, then:\n${remake}`,
	});
	assert.equal(say(seen, { through: 'pod' }), of('a Secret'));
	assert.equal(say(seen, { through: 'pod', secret: name }), of(name));
});

test('all is right now', () => {
	const pending = (wait: string): Diagnosis => ({
		reason: 'PullRetryPending',
		message: `All is right now, but the kubelet still waits before it tries again for Pod default/private-pod: ${wait} at most.`,
		actual: denial,
		remedy: `Wait, as kubeproctor grade --wait does, or delete the Pod, which tries at once:\n${again}`,
	});
	const waits = (change: Partial<ContainerFacts>, log = facts.logOf({ status: 401 })) =>
		say(denied([found()], { containers: [waiting(undefined, undefined, change)] }), {}, log);
	assert.equal(waits({}), pending('5 min 15 s'));
	assert.equal(waits({ isOnNode: true }), pending('15 s'));
	assert.equal(waits({ isOnNode: true, policy: 'Always' }), pending('5 min 15 s'));
	assert.equal(waits({ isOnNode: null }, facts.served), pending('15 s'), 'the registry served it once');
	assert.equal(waits({ isOnNode: false }, facts.served), pending('5 min 15 s'), 'it has gone since');
	const lately = facts.logOf({ time: '2026-01-01T00:09:30Z' });
	assert.equal(waits({ isOnNode: false }, lately), pending('15 s'), 'the node has not told of it yet');
});

test('all was right when the kubelet tried without having read the Secret', () => {
	const seen = { ...denied([found()], { containers: [waiting()] }), overlooked: [name] };
	assert.equal(say(seen, {}, facts.logOf({ status: 401 })), {
		reason: 'PullRetryPending',
		message: `All is right, but the kubelet had not read Secret ${name} yet when it tried for Pod default/private-pod. It tries again by itself: 5 min 15 s at most.`,
		actual: denial,
		remedy: `Wait, as kubeproctor grade --wait does, or delete the Pod, which tries at once:\n${again}`,
		isUnsettled: true,
	});
	const other = { ...seen, overlooked: ['other'] };
	assert.not.ok(say(other, {}, facts.logOf({ status: 401 }))?.isUnsettled, 'the other is not for this image');
});

/** Container `cache` of another registry is denied beside `app`, which runs; the Secrets as each finds them. */
function ofTwo(
	lookups: [app: ReturnType<typeof found>, cache: ReturnType<typeof found>][],
	change: Partial<PodFacts> = {},
) {
	const app = running();
	const cache = waiting(undefined, undefined, { name: 'cache', image: `${partner}/cache:2.1` });
	return pull({
		pod: pod({ containers: [app, cache], pullSecrets: lookups.map(([{ name: each }]) => each), ...change }),
		secrets: [
			{ container: 'app', lookups: lookups.map(([first]) => first) },
			{ container: 'cache', lookups: lookups.map(([, second]) => second) },
		],
	});
}

const forApp: [ReturnType<typeof found>, ReturnType<typeof found>] = [
	found(),
	found({ entries: [entry({ matches: false, trial: null })] }),
];
const create = [
	'kubectl create secret docker-registry registry-partner-example \\',
	`  --docker-server=${partner} \\`,
	'  --docker-username=USERNAME --docker-password=PASSWORD',
].join('\n');

test('a Secret for the registry of another container is not to be made anew for this one', () => {
	const lead: Diagnosis = {
		reason: 'RegistryNotListed',
		message: `Secret default/${name} has no entry for ${partner}. It is for the registry of container app.`,
		expected: partner,
		actual: `${host}\n${denial}`,
		remedy: `Leave it as it is, make another Secret for ${partner}, and name it as well under spec.imagePullSecrets:\n${create}\n${remake}`,
	};
	assert.equal(say(ofTwo([forApp])), lead);
	const inherited = say(ofTwo([forApp], { isListInherited: true }));
	assert.is(
		inherited.remedy,
		`Leave it as it is, make another Secret for ${partner}, and have ServiceAccount default hand it on as well:\n${create}\n${patch('registry-partner-example')}\n${again}`,
	);
});

test('and what is wrong with the one that is meant for it tells what to do', () => {
	const slip = absent('partner-logn', { siblings: [{ name: 'partner-login', type: 'x' }] });
	const misspelt = say(ofTwo([forApp, [slip, slip]]));
	assert.is(misspelt.reason, 'RegistryNotListed');
	assert.is(misspelt.remedy, `Name partner-login under spec.imagePullSecrets, then:\n${remake}`);
	assert.equal(
		misspelt.also?.map(({ reason }) => reason),
		['PullSecretMisspelt'],
	);
	const refused: typeof forApp = [
		found({ name: 'partner-login', entries: [entry({ host: partner, matches: false, trial: null })] }),
		found({ name: 'partner-login', entries: [entry({ host: partner, trial: facts.rejected })] }),
	];
	const rejected = say(ofTwo([forApp, refused]));
	assert.is(rejected.reason, 'CredentialsRejected');
	assert.is(rejected.also, undefined, 'that the other has no entry is no cause');
});

test('what holds beside a host that was mistyped is mended for the one that is meant', () => {
	const words = 'failed to do request: dial tcp: lookup registry.exmaple.com: no such host';
	const container = waiting(words, 'ErrImagePull', { image: 'registry.exmaple.com/myapp:1.0' });
	const { reason, also = [] } = say(denied([absent(name)], { containers: [container] }));
	assert.equal(
		[reason, ...also.map((each) => each.reason)],
		['RegistryUnreachable', 'ImageOther', 'PullSecretMissing'],
	);
	assert.match(also[1]?.remedy ?? '', `--docker-server=${host} `);
});

test('another way of naming the image, the container or the policy', () => {
	assert.equal(say(pull(), { container: 'web' }), {
		reason: 'FieldOther',
		message: 'Pod default/private-pod has no container web.',
		expected: 'web',
		actual: 'app',
		remedy: `Name it so under spec.containers, then:\n${remake}`,
	});
	const byDigest = `${host}/myapp@${facts.digest}`;
	assert.equal(say(pull(), { reference: 'digest' }), {
		reason: 'ImageOther',
		message: 'Container app of Pod default/private-pod names the right image, but not by its digest.',
		expected: byDigest,
		actual: image,
		remedy: `Set the image of container app to ${byDigest}, then:\n${remake}`,
	});
	assert.is(
		say(pull({ pod: pod({ containers: [running({ image: byDigest })] }) }), { reference: 'tag' }).expected,
		image,
	);
	assert.is(say(pull(), { policy: 'Always' }).expected, 'imagePullPolicy: Always');
});

test('an image that the registry never served is not the one, whatever its name', () => {
	const imageId = `${host}/myapp@sha256:${'c'.repeat(64)}`;
	const containers = [running({ imageId }), running({ imageId: '', name: 'helper', image: 'nginx' })];
	assert.equal(say(pull({ pod: pod({ containers }) }), { container: 'app' }), {
		reason: 'PullNotProven',
		message: `Pod default/private-pod runs ${image}, but not the one that this registry serves.`,
		expected: `${facts.digest} or sha256:${'b'.repeat(64)}`,
		actual: imageId,
		remedy: `The image came to the node by another way than a pull. Make the Pod anew with imagePullPolicy: Always:\n${remake}`,
	});
});

test('a Pod that is not there yet, or not by its own fault, is asked nothing more', () => {
	const creating = denied([found({ name: 'other' })], { containers: [waiting('', 'ContainerCreating')] });
	assert.is(say(creating, { secret: name, policy: 'Always' }).also, undefined);
	const down = denied([found({ name: 'other' })], {
		containers: [waiting('dial tcp 1.2.3.4:5000: connection refused')],
	});
	const { isError, also } = say(down, { secret: name, policy: 'Always' });
	assert.equal([isError, also], [true, undefined]);
});

const changedAt = '2026-01-01T00:05:30Z';
const since = (passwordChangedAt: string | null) => ({
	...facts.context,
	registries: [
		{ host: 'registry.example.org', username: 'u', passwordChangedAt: '2026-01-01T00:00:00Z' },
		{ host, username: 'myuser', passwordChangedAt },
	],
});

test('nothing was pulled since the password was changed', () => {
	const fresh = { fresh: true };
	assert.equal(say(pull(), fresh, facts.served, since(null)), {
		reason: 'PullNotProven',
		message: `The password of ${host} has not been changed yet, so nothing could be pulled with a new one.`,
		expected: 'a pull since the password was changed',
		actual: 'the password is still the one of kubeproctor up',
		remedy: 'Do first the task that changes the password.',
	});
	const foreign = {
		...facts.context,
		registries: [{ host: 'registry.example.org', username: 'u', passwordChangedAt: changedAt }],
	};
	assert.match(say(pull(), fresh, facts.served, foreign).message, /has not been changed yet/);
	const old: Diagnosis = {
		reason: 'PullNotProven',
		message: `Pod default/private-pod has run since before the password of ${host} was changed, so it shows nothing of the new one.`,
		expected: `a container that began after ${changedAt}`,
		actual: 'began 2026-01-01T00:05:00Z',
		remedy: `Make the Pod anew:\n${again}`,
	};
	assert.equal(say(pull(), fresh, facts.served, since(changedAt)), old);
	const of = (owner: string, change: Partial<PodFacts> = {}) =>
		say(pull({ pod: pod({ owner, ...change }) }), fresh, facts.served, since(changedAt)).remedy;
	for (const owner of ['deployment/api', 'statefulset/api', 'daemonset/api'])
		assert.is(of(owner), `Have its Pods made anew:\nkubectl rollout restart ${owner}`);
	assert.is(
		of('deployment/api', { namespace: 'shop' }),
		'Have its Pods made anew:\nkubectl -n shop rollout restart deployment/api',
	);
	assert.match(of('job/api') ?? '', /^Make the Pod anew:\n/);
	const unknown = pull({ pod: pod({ containers: [running({ startedAt: null })] }) });
	assert.is(say(unknown, fresh, facts.served, since(changedAt)).actual, 'began at no known time');
});

test('what began, and was served, within the second of the change came after it', () => {
	const second = '2026-01-01T00:05:30Z';
	const begun = pull({ pod: pod({ containers: [running({ startedAt: second })] }) });
	const judge = (log: PullLogFacts) =>
		facts
			.check('pulled-pod', { namespace: 'default', name: 'private-pod', image, fresh: true })
			.judge({ pull: begun, log, controls: facts.controls }, since('2026-01-01T00:05:30.900Z'));
	assert.is(judge(facts.logOf({ time: second })), null);
	assert.is(judge({ log: null }), null, 'where there is no log, the container says enough');
	assert.is(judge(facts.logOf({ time: '2026-01-01T00:05:29Z' }))?.reason, 'PullNotProven');
});

test('it began since then, and its node did not ask again', () => {
	const begun = pull({ pod: pod({ containers: [running({ startedAt: '2026-01-01T00:06:00Z' })] }) });
	assert.equal(say(begun, { fresh: true }, facts.served, since(changedAt)), {
		reason: 'PullNotProven',
		message: `Pod default/private-pod began after the password of ${host} was changed, but its node had the image and did not ask the registry again.`,
		expected: `a pull of ${image} by node kind-control-plane after ${changedAt}`,
		actual: "no such request in the registry's log",
		remedy: `Set imagePullPolicy: Always, or an image that the node does not have, then:\n${remake}`,
	});
});

test.run();
