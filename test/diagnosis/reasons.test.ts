/** What the grader tells apart, and which cause has the word where several hold: each sentence is a case of its own. */

import * as assert from 'uvu/assert';
import { explainPull } from '../../src/diagnosis/explain.ts';
import type { ContainerFacts, PullFacts } from '../../src/model/evidence.ts';
import { type Reason, reasons } from '../../src/model/reason.ts';
import * as facts from '../checks/facts.ts';
import { absent, type denied, end, found, pod, pull, running, waiting } from '../checks/facts.ts';
import { suite } from '../harness.ts';
import {
	accountOf,
	type Case,
	delet,
	elsewhere,
	handsOn,
	judgePod,
	lists,
	malformed,
	mounts,
	otherAccounts,
	otherHost,
	otherImage,
	refusedEntry,
	remake,
	said,
	situations,
	slip,
	waits,
} from './situations.ts';

const test = suite('reasons');

/* -------------------------------------------------------------- precedence */

const init = (change: Partial<ContainerFacts> = {}) => running({ name: 'setup', kind: 'init', ...change });
const initWaiting = waiting('', 'PodInitializing');
const twoContainers = (...containers: ContainerFacts[]) =>
	pull({
		pod: pod({ phase: 'Pending', containers }),
		secrets: containers.map(({ name }) => ({ container: name, lookups: [found()] })),
	});
const ranBefore = { restartCount: 1, endedBefore: end() };
/** The texts of two credentials for one registry, as the kubelet adds them up. */
const both = (one: string, other: string) => waits(`[${one}, ${other}]`);

const precedence: Case[] = [
	{
		says: 'judge the first container that is not ready',
		given: judgePod(
			twoContainers(
				running(),
				waiting(said.absent, 'ErrImagePull', { name: 'second' }),
				waiting(said.platform, 'ErrImagePull', { name: 'third' }),
			),
		),
		reason: 'ImageNotFound',
		message: /the registry has no/,
		words: said.absent,
		remedy: remake,
		also: ['ImagePlatformMismatch'],
	},
	{
		says: 'init containers first',
		given: judgePod(twoContainers(init({ ...waiting(said.absent), name: 'setup', kind: 'init' }), initWaiting)),
		reason: 'ImageNotFound',
		message: /the registry has no/,
		words: said.absent,
		remedy: remake,
	},
	{
		says: 'a sidecar before the ordinary containers',
		given: judgePod(
			twoContainers(waiting(said.absent, 'ErrImagePull', { name: 'proxy', kind: 'sidecar' }), initWaiting),
		),
		reason: 'ImageNotFound',
		message: /the registry has no/,
		words: said.absent,
		remedy: remake,
	},
	{
		says: 'an init container that crashes, and not the containers that wait for it',
		given: judgePod(
			twoContainers(init({ state: 'terminated', ended: end({ exitCode: 1, reason: 'Error' }) }), initWaiting),
		),
		reason: 'ContainerCrashing',
		message: /container setup does not keep running/,
		words: 'Error, exit code 1',
		remedy: /\nkubectl logs private-pod -c setup\n/,
	},
	{
		says: 'an init container that runs is waited for',
		given: judgePod(twoContainers(init(), initWaiting)),
		reason: 'PodStarting',
		message: /waits for its init container setup to end/,
		remedy: /kubectl describe pod/,
	},
	{
		says: 'what is wrong already is told while another container still starts',
		given: judgePod(
			twoContainers(waiting('', 'ContainerCreating'), waiting(said.absent, 'ErrImagePull', { name: 'second' })),
		),
		reason: 'ImageNotFound',
		message: /the registry has no/,
		words: said.absent,
		remedy: remake,
	},
	{
		says: '1. PodMissing, even where the controls are not refused',
		given: judgePod(pull({ pod: null }), {}, { controls: facts.controlsOf({ result: 'runs' }) }),
		reason: 'PodMissing',
		message: /no Pod private-pod/,
		remedy: /kubectl get pods$/,
	},
	{
		says: '1. PodUnschedulable before what its list holds',
		given: judgePod(
			lists([slip], {
				node: null,
				unschedulable: '0/1 nodes are available',
				containers: [running({ state: 'unknown' })],
			}),
		),
		reason: 'PodUnschedulable',
		message: /No node can take/,
		words: '0/1 nodes are available',
		remedy: /kubectl describe pod/,
	},
	...(
		[
			['ImageNameInvalid', said.name, 'PullThrottled', said.throttled],
			['PullThrottled', said.throttled, 'RegistryRateLimited', said.busy],
			['RegistryRateLimited', said.busy, 'RegistryForbidden', said.forbidden],
			['RegistryForbidden', said.forbidden, 'RegistryFailing', said.failing],
			['RegistryFailing', said.failing, 'RegistryUnreachable', said.unreachable],
			['RegistryUnreachable', said.unreachable, 'RegistryTlsMismatch', said.plain],
			['RegistryTlsMismatch', said.unknown, 'ImagePlatformMismatch', said.platform],
			['ImagePlatformMismatch', said.platform, 'ImageNotFound', said.absent],
			['ImageNotFound', said.absent, 'CredentialsRejected', said.refused],
		] satisfies [Reason, string, Reason, string][]
	).flatMap(([first, words, second, others]) =>
		[both(words, others), both(others, words)].map((seen, index): Case => {
			const given = judgePod(seen);
			return {
				says: `2. by the waiting text: ${first} before ${second}${index === 0 ? '' : ', the other way round'}`,
				given,
				reason: first,
				message: /./,
				words,
				remedy: /^(kubectl|kubeproctor) /m,
				...(given?.isError && { isError: true }),
			};
		}),
	),
	{
		says: '2. CredentialsMalformed before all that stands behind a denial',
		given: judgePod(
			pull({
				pod: pod({ containers: [waiting(said.broken, said.broken)], pullSecrets: ['gone', 'my-registry-creds'] }),
				secrets: [{ container: 'app', lookups: [absent('gone'), malformed] }],
			}),
		),
		reason: 'CredentialsMalformed',
		message: /cannot be read/,
		words: said.broken,
		remedy: /kubectl create secret/,
	},
	{
		says: '2. with a missing Secret and an unknown host it is the host, with both others beside it',
		given: judgePod(
			lists([absent('my-registry-creds')], {
				containers: [waiting(said.unresolved, 'ErrImagePull', { image: 'registry.example.cmo/myapp:1.0' })],
			}),
		),
		reason: 'RegistryUnreachable',
		message: /cannot reach registry\.example\.cmo/,
		words: said.unresolved,
		remedy: /kubectl set image/,
		also: ['ImageOther', 'PullSecretMissing'],
	},
	{
		says: '2. what a registry that is not reached would say of a Secret is told only of the one that is asked for',
		given: judgePod(
			lists([found({ entries: [otherHost] })], {
				containers: [waiting(said.unresolved, 'ErrImagePull', { image: 'registry.example.cmo/myapp:1.0' })],
			}),
		),
		reason: 'RegistryUnreachable',
		message: /cannot reach registry\.example\.cmo/,
		words: said.unresolved,
		remedy: /kubectl set image/,
		also: ['ImageOther'],
	},
	{
		says: "2. the environment's registry is not reached, and the Secret is wrong as well",
		given: judgePod(lists([found({ entries: [otherHost] })], { containers: [waiting(said.unreachable)] })),
		reason: 'RegistryUnreachable',
		message: /cannot reach registry\.example\.com/,
		words: said.unreachable,
		remedy: /\nkubeproctor up$/,
		also: ['RegistryNotListed'],
		isError: true,
	},
	{
		says: '3. denied: first ImageOther',
		given: judgePod(lists([slip], { containers: [waiting(said.denied, 'ErrImagePull', otherImage)] })),
		reason: 'ImageOther',
		message: /another image/,
		words: said.denied,
		remedy: remake,
		also: ['PullSecretMisspelt'],
	},
	{
		says: '3. ErrImageNeverPull with the image on the node is a denial',
		given: judgePod(
			lists([], { containers: [waiting(said.never, 'ErrImageNeverPull', { policy: 'Never', isOnNode: true })] }),
		),
		reason: 'PullSecretNotReferenced',
		message: /names no pull Secret/,
		words: said.never,
		remedy: remake,
	},
	{
		says: '3. an empty list: ServiceAccountSecretNotForPulls before ServiceAccountOther',
		given: judgePod(lists([], {}, { ...mounts, otherAccounts })),
		reason: 'ServiceAccountSecretNotForPulls',
		message: /under secrets/,
		words: said.denied,
		remedy: /kubectl patch serviceaccount default/,
	},
	{
		says: '3. an empty list: ServiceAccountSecretNotForPulls before PodOlderThanServiceAccountSecret',
		given: judgePod(lists([], {}, accountOf({ pullSecrets: ['other'], mountableSecrets: ['my-registry-creds'] })), {
			secret: 'my-registry-creds',
		}),
		reason: 'ServiceAccountSecretNotForPulls',
		message: /under secrets/,
		words: said.denied,
		remedy: /"my-registry-creds"/,
	},
	{
		says: '3. an empty list: ServiceAccountOther only where another account has the Secret that is asked for',
		given: judgePod(lists([], {}, { otherAccounts: [{ name: 'puller', pullSecrets: ['other'] }] }), {
			secret: 'my-registry-creds',
		}),
		reason: 'PullSecretNotReferenced',
		message: /names no pull Secret/,
		words: said.denied,
		remedy: remake,
	},
	{
		says: '3. an empty list: PodOlderThanServiceAccountSecret before PullSecretNotReferenced',
		given: judgePod(lists([], { pullSecrets: [] }, handsOn)),
		reason: 'PodOlderThanServiceAccountSecret',
		message: /after Pod private-pod was created/,
		words: said.denied,
		remedy: delet,
	},
	{
		says: '3. nothing listed exists: PullSecretMisspelt before PullSecretInOtherNamespace',
		given: judgePod(lists([elsewhere, slip])),
		reason: 'PullSecretMisspelt',
		message: /but there is my-registry-creds/,
		words: said.denied,
		remedy: remake,
		also: ['PullSecretInOtherNamespace'],
	},
	{
		says: '3. nothing listed exists: PullSecretInOtherNamespace before PullSecretMissing',
		given: judgePod(lists([absent('gone'), elsewhere])),
		reason: 'PullSecretInOtherNamespace',
		message: /is in namespace staging/,
		words: said.denied,
		remedy: /kubectl create secret/,
		also: ['PullSecretMissing'],
	},
	{
		says: '3. where other namespaces may not be listed, it says so',
		given: judgePod(lists([absent('gone', { otherNamespaces: null })])),
		reason: 'PullSecretMissing',
		message: /There is no Secret gone/,
		words: 'Other namespaces could not be looked at: not allowed to list Secrets there.',
		remedy: /kubectl create secret/,
	},
	{
		says: '3. else: SecretTypeWrong, though it holds nothing either',
		given: judgePod(lists([found({ type: 'Opaque', entries: [] })])),
		reason: 'SecretTypeWrong',
		message: /type Opaque/,
		words: said.denied,
		remedy: /kubectl delete secret/,
	},
	...(
		[
			['PullSecretEmpty', found({ entries: [] }), 'SecretTypeWrong', found({ type: 'Opaque', name: 'second' })],
			['RegistryNotListed', found({ entries: [otherHost] }), 'PullSecretEmpty', found({ entries: [], name: 'second' })],
			[
				'CredentialsRejected',
				found({ entries: [refusedEntry] }),
				'RegistryNotListed',
				found({ entries: [otherHost], name: 'second' }),
			],
			['SecretTypeWrong', found({ type: 'Opaque' }), 'PullSecretMissing', absent('second')],
		] satisfies [Reason, Parameters<typeof denied>[0][number], Reason, Parameters<typeof denied>[0][number]][]
	).flatMap(([first, one, second, other]) =>
		[
			[one, other],
			[other, one],
		].map(
			(lookups, index): Case => ({
				says: `3. with several Secrets, the one that got furthest: ${first} before ${second}${index === 0 ? '' : ', the other way round'}`,
				given: judgePod(lists(lookups)),
				reason: first,
				message: /./,
				words: said.denied,
				remedy: /kubectl create secret/,
				also: [second],
			}),
		),
	),
	{
		says: '4. nothing is wrong any more',
		given: judgePod(lists([absent('gone'), found()])),
		reason: 'PullRetryPending',
		message: /All is right now/,
		words: said.denied,
		remedy: delet,
	},
	{
		says: '4. but not while the task asks for another pull policy',
		given: judgePod(lists([found()]), { policy: 'Always' }),
		reason: 'PullPolicyOther',
		message: /the task asks for Always/,
		words: said.denied,
		remedy: remake,
		also: ['PullRetryPending'],
	},
	{
		says: 'PodListOverridesServiceAccount does not lead where inheritance is not asked for, but is told',
		given: judgePod(lists([absent('gone')], {}, handsOn)),
		reason: 'PullSecretMissing',
		message: /no Secret gone/,
		words: said.denied,
		remedy: /kubectl create secret/,
		also: ['PodListOverridesServiceAccount'],
	},
	{
		says: "PodListOverridesServiceAccount is not told where the Pod's own list is asked for",
		given: judgePod(lists([absent('gone')], {}, handsOn), { through: 'pod' }),
		reason: 'PullSecretMissing',
		message: /no Secret gone/,
		words: said.denied,
		remedy: /kubectl create secret/,
	},
	{
		says: 'PodListOverridesServiceAccount leads where the list is [{name: ""}]',
		given: judgePod(lists([], { pullSecrets: [''] }, handsOn)),
		reason: 'PodListOverridesServiceAccount',
		message: /has a list of pull Secrets of its own/,
		words: 'spec.imagePullSecrets: ""',
		remedy: remake,
	},
	{
		says: "an inherited list that differs from the account's present one is PodOlderThanServiceAccountSecret",
		given: judgePod(lists([absent('old')], { isListInherited: true }, handsOn)),
		reason: 'PodOlderThanServiceAccountSecret',
		message: /got its present list after/,
		words: said.denied,
		remedy: delet,
		also: ['PullSecretMissing'],
	},
	{
		says: 'a Pod that ran and is refused after a restart gets the present cause, never ContainerCrashing',
		given: judgePod(
			lists([absent('my-registry-creds')], { containers: [waiting(said.denied, 'ImagePullBackOff', ranBefore)] }),
		),
		reason: 'PullSecretMissing',
		message: /It ran until its container restarted\.$/,
		words: said.denied,
		remedy: /kubectl create secret/,
	},
	{
		says: 'a Pod that ran and is blocked after a restart by a malformed Secret ran, too',
		given: judgePod(
			pull({
				pod: pod({ containers: [waiting(said.broken, said.broken, ranBefore)] }),
				secrets: [{ container: 'app', lookups: [malformed] }],
			}),
		),
		reason: 'CredentialsMalformed',
		message: /It ran until its container restarted\.$/,
		words: said.broken,
		remedy: /kubectl create secret/,
	},
	{
		says: 'a Pod that runs while its listed credentials are refused is CredentialsRejected',
		given: judgePod(pull({ secrets: [{ container: 'app', lookups: [found({ entries: [refusedEntry] })] }] })),
		reason: 'CredentialsRejected',
		message: /Pod private-pod runs all the same: the image was on its node already\.$/,
		words: '401 UNAUTHORIZED',
		remedy: /kubectl create secret/,
	},
	{
		says: 'other causes that hold go into also: the way in which the Pod got its list',
		given: judgePod(lists([absent('my-registry-creds')], { isListInherited: true }, handsOn), { through: 'pod' }),
		reason: 'PullSecretMissing',
		message: /no Secret/,
		words: said.denied,
		remedy: /kubectl create secret/,
		also: ['PullSecretNotReferenced'],
	},
	{
		says: 'other causes that hold go into also: the Secret that the task asks for is not listed',
		given: judgePod(lists([found({ name: 'other', entries: [refusedEntry] })]), { secret: 'my-registry-creds' }),
		reason: 'CredentialsRejected',
		message: /refuses the password/,
		words: said.denied,
		remedy: /kubectl create secret/,
		also: ['PullSecretOther'],
	},
];

for (const { says, given, reason, message, words, remedy, also = [], isError } of [...situations, ...precedence]) {
	test(says, () => {
		assert.is(given?.reason, reason, JSON.stringify(given, null, 1));
		assert.match(given?.message ?? '', message);
		if (words !== undefined) assert.ok(given?.actual?.includes(words), `found: ${given?.actual}`);
		assert.match(given?.remedy ?? '', remedy);
		assert.match(given?.remedy ?? '', /^(kubectl|kubeproctor) \S/m, 'there is something to type');
		assert.equal(given?.also?.map((each) => each.reason) ?? [], also);
		assert.is(given?.isError, isError);
	});
}

test('there is a case for every reason', () => {
	const told = new Set(situations.map(({ reason }) => reason));
	assert.equal(
		(Object.keys(reasons) as Reason[]).filter((reason) => !told.has(reason)),
		[],
	);
});

test('ServiceAccountWithoutPullSecret only in checks of an account', () => {
	const giving = facts.checkKinds.filter(({ reasons: given }) => given.includes('ServiceAccountWithoutPullSecret'));
	assert.equal(
		giving.map(({ kind }) => kind),
		['account-pull-secret'],
	);
});

test('where no task asks for an image, its host may be a slip, or the node may be at fault', () => {
	const explain = (seen: PullFacts) => explainPull(seen, { namespace: 'default', name: 'private-pod' }, facts.context);
	for (const [words, what] of [
		[said.unresolved, 'The name has to be one that the node can resolve.'],
		[said.unreachable, 'The registry has to run, where the node can reach it.'],
		[said.unknown, 'Whoever runs the node has to make it trust this registry.'],
	] as const) {
		const remedy = explain(waits(words)).diagnosis?.remedy ?? '';
		assert.match(remedy, /if that is a slip:\nkubectl set image pod\/private-pod app=HOST\/REPOSITORY:TAG\nElse: /);
		assert.match(
			remedy,
			`${what} The node keeps trying; another Pod is tried at once:\nkubectl delete pod private-pod\n`,
		);
		assert.not.match(remedy, 'replace');
	}
});

test('what is to be typed is for the namespace that it is about', () => {
	const inShop = { namespace: 'shop', owner: 'deployment/api' };
	const at = (seen: PullFacts) => judgePod({ ...seen, pod: seen.pod && { ...seen.pod, ...inShop } });
	const lookups = [absent('gone', { namespace: 'shop' })];
	for (const seen of [lists(lookups), lists([]), lists([found({ namespace: 'shop' })]), waits(said.absent)]) {
		for (const line of at(seen)?.remedy?.match(/^kubectl .*/gm) ?? ['']) assert.match(line, /^kubectl -n shop /);
	}
});

test.run();
