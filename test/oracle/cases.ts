/** The situations that the statement is asked about, each as objects of a cluster and as the statement's terms. */

import { type Gap, gapsOf, password, type Shape, shapes, user } from './shapes.ts';
import {
	endPull,
	endWithoutPull,
	type Found,
	judge,
	judgeAccount,
	judgeFound,
	judgeRefused,
	type Situation,
} from './statement.ts';
import { tongues } from './tongues.ts';
import { app, type ContainerPlan, digest, image, secretObject, type World, world } from './world.ts';

export interface Case {
	group: string;
	label: string;
	world: World;
	check: string;
	params: object;
	/** A reason; null: it passes. */
	expected: string | null;
	/** Nobody can tell; it is not about the learner. */
	isError?: boolean;
	note?: RegExp | undefined;
}

const name = 'regcred';
type Candidate = Shape | Gap;
const candidates: readonly Candidate[] = [...shapes, ...gapsOf(name)];
const one = (holds: Found) => candidates.find((candidate) => candidate.holds === holds) as Candidate;
const kinds = ['opens', 'refused', 'nothing', 'other-host', 'ignored', 'malformed', 'absent', 'elsewhere'] as const;

/** The Secrets that are there when `candidate` stands under `under`. */
function place(candidate: Candidate, under = name) {
	if ('type' in candidate) return [secretObject(under, candidate)];
	const other = { type: 'Opaque', data: {} };
	return [
		...candidate.siblings.map((sibling) => secretObject(sibling, other)),
		...candidate.elsewhere.map((namespace) => secretObject(under, other, namespace)),
	];
}

export function listCases(): readonly Case[] {
	cases ??= [
		...crossReferences(),
		...crossPairs(),
		...crossPods(),
		...crossTimes(),
		...crossTongues(),
		...crossSecretChecks(),
		...crossPolicyNever(),
		...crossWorkloads(),
		...crossDockerHub(),
		...crossLogs(),
		...crossRefused(),
		...crossAccounts(),
	];
	return cases;
}

let cases: readonly Case[] | null = null;

const plainSituation: Situation = {
	ending: 'pulled',
	list: 'own',
	found: [],
	hasEntries: true,
	account: 'empty',
	isMountable: false,
	hasOtherAccount: false,
	through: 'any',
	wanted: null,
	isImageOther: false,
	log: 'served',
};

function pulledPod(
	group: string,
	label: string,
	changes: Partial<World>,
	situation: Partial<Situation>,
	more: { secret?: string | undefined; note?: RegExp | undefined } = {},
): Case {
	const full = { ...plainSituation, ...situation };
	const { secret, note } = more;
	const expected = judge(full);
	return {
		group,
		label: `${group}: ${label}, through ${full.through}`,
		world: { ...world, containers: [{ ...app, ending: full.ending }], ...changes },
		check: 'pulled-pod',
		params: {
			namespace: 'default',
			name: 'web',
			image,
			through: full.through,
			...(secret !== undefined && { secret }),
		},
		expected,
		...(expected === 'PullLogLost' && { isError: true }),
		...(expected === null && note && { note }),
	};
}

interface Reference {
	label: string;
	world: Partial<World>;
	situation: Partial<Situation>;
	/** Whether the Pod's list names the Secret, so that its pull depends on it. */
	isNamed: boolean;
}

const handsOn = (...pull: string[]) => ({ default: { pull } });

const references: readonly Reference[] = [
	{ label: 'the Pod lists it', world: { list: [name] }, situation: {}, isNamed: true },
	{ label: 'after an empty name', world: { list: ['', name] }, situation: {}, isNamed: true },
	{
		label: 'the Pod and the account list it',
		world: { list: [name], accounts: handsOn(name) },
		situation: { account: 'same' },
		isNamed: true,
	},
	{
		label: "beside an account's",
		world: { list: [name], accounts: handsOn('team-pulls') },
		situation: { account: 'other' },
		isNamed: true,
	},
	{
		label: 'inherited',
		world: { list: [name], isInherited: true, accounts: handsOn(name) },
		situation: { list: 'inherited', account: 'same' },
		isNamed: true,
	},
	{
		label: 'inherited from an account of its own',
		world: {
			list: [name],
			isInherited: true,
			account: 'builder',
			accounts: { default: { pull: [] }, builder: { pull: [name] } },
		},
		situation: { list: 'inherited', account: 'same' },
		isNamed: true,
	},
	{
		label: 'inherited before the account changed',
		world: { list: [name], isInherited: true, accounts: handsOn('team-pulls') },
		situation: { list: 'inherited', account: 'other' },
		isNamed: true,
	},
	{ label: 'nobody names it', world: {}, situation: { hasEntries: false }, isNamed: false },
	{ label: 'an empty name alone', world: { list: [''] }, situation: {}, isNamed: false },
	{
		label: "an empty name, though the account's",
		world: { list: [''], accounts: handsOn(name) },
		situation: { account: 'same' },
		isNamed: false,
	},
	{
		label: 'the account got it later',
		world: { accounts: handsOn(name) },
		situation: { hasEntries: false, account: 'same' },
		isNamed: false,
	},
	{
		label: 'the account has it to mount',
		world: { accounts: { default: { pull: [], mount: [name] } } },
		situation: { hasEntries: false, isMountable: true },
		isNamed: false,
	},
	{
		label: 'the account has a token to mount',
		world: { accounts: { default: { pull: [], mount: ['default-token-x7k2p'] } } },
		situation: { hasEntries: false },
		isNamed: false,
	},
	{
		label: 'another account has it',
		world: { accounts: { default: { pull: [] }, builder: { pull: [name] } } },
		situation: { hasEntries: false, hasOtherAccount: true },
		isNamed: false,
	},
	{
		label: 'to mount, and another account has it',
		world: { accounts: { default: { pull: [], mount: [name] }, builder: { pull: [name] } } },
		situation: { hasEntries: false, isMountable: true, hasOtherAccount: true },
		isNamed: false,
	},
];

function crossReferences(): Case[] {
	return references.flatMap(({ label, world: changes, situation, isNamed }) =>
		candidates.flatMap((candidate) =>
			(['pod', 'service-account', 'any'] as const).map((through) => {
				const found = isNamed ? [candidate.holds] : [];
				const note = 'note' in candidate && isNamed ? candidate.note : undefined;
				return pulledPod(
					`references, ${label}`,
					candidate.label,
					{ ...changes, secrets: place(candidate) },
					{ ...situation, found, ending: endPull(found), through },
					{ note },
				);
			}),
		),
	);
}

/** Two Secrets, in each order; and the task asks for the one or the other, or for a third. */
function crossPairs(): Case[] {
	const second = 'second-pulls';
	return candidates.flatMap((candidate) =>
		kinds.flatMap((kind) => {
			const other = kind === 'elsewhere' || kind === 'absent' ? { ...one(kind), siblings: [] } : one(kind);
			const secrets = [...place(candidate), ...place(other, second)];
			const found = [candidate.holds, other.holds];
			const ending = endPull(found);
			const label = `${candidate.label} and one that is ${kind}`;
			const lists: [string, string[]][] = [
				['in this order', [name, second]],
				['the other way round', [second, name]],
			];
			const plain = lists.map(([order, list]) =>
				pulledPod(`pairs, ${order}`, label, { list, secrets }, { found, ending }),
			);
			if (ending !== 'pulled') return plain;
			const asked: [string, Situation['wanted']][] = [
				[name, candidate.holds],
				[second, other.holds],
				['a-third', 'not-listed'],
			];
			const wanting = asked.map(([secret, wanted]) =>
				pulledPod(
					`pairs, the task asks for ${secret}`,
					label,
					{ list: [name, second], secrets },
					{ found, ending, wanted },
					{ secret },
				),
			);
			return [...plain, ...wanting];
		}),
	);
}

/** Where in the Pod the container is whose pull is judged, and what stands beside it. */
function crossPods(): Case[] {
	const done: ContainerPlan = { ...app, name: 'first', kind: 'init', ending: 'done' };
	const waits: ContainerPlan = { ...app, name: 'last', ending: 'waits' };
	const pods: [string, (judged: ContainerPlan) => ContainerPlan[]][] = [
		['alone, Always', (judged) => [{ ...judged, policy: 'Always' }]],
		['alone, by digest', (judged) => [{ ...judged, image: `${image.replace(/:1\.0$/, '')}@${digest}` }]],
		['alone, by tag and digest', (judged) => [{ ...judged, image: `${image}@${digest}` }]],
		[
			'an init container',
			(judged) => [
				{ ...judged, kind: 'init', ending: judged.ending === 'pulled' ? 'done' : judged.ending },
				after(judged, waits),
			],
		],
		['a sidecar', (judged) => [{ ...judged, kind: 'sidecar' }, after(judged, waits)]],
		['after an init container that is done', (judged) => [done, judged]],
		['two alike', (judged) => [judged, { ...judged, name: 'twin' }]],
		[
			'the first of a Job that is done',
			(judged) => [{ ...judged, ending: judged.ending === 'pulled' ? 'done' : judged.ending }],
		],
		['after a restart', (judged) => [{ ...judged, hasRestarted: true }]],
	];
	return pods.flatMap(([label, arrange]) =>
		candidates.map((candidate) => {
			const found = [candidate.holds];
			const ending = endPull(found);
			const containers = arrange({ ...app, ending });
			return pulledPod(
				`Pods, ${label}`,
				candidate.label,
				{ list: [name], secrets: place(candidate), containers },
				{ found, ending },
			);
		}),
	);
}

function after(judged: ContainerPlan, waits: ContainerPlan): ContainerPlan {
	return judged.ending === 'pulled' ? { ...waits, ending: 'pulled' } : waits;
}

/** What was so when it was pulled, and what is so now. */
function crossTimes(): Case[] {
	const pasts: [string, Situation['ending'], Candidate[]][] = [
		['it ran before the Secret became so', 'pulled', [one('opens')]],
		['refused before the Secret became so', 'refused', [one('refused')]],
		['denied before the Secret became so', 'nothing-offered', []],
		['blocked before the Secret became so', 'blocked', [one('malformed')]],
	];
	return pasts.flatMap(([label, ending, before]) =>
		candidates.flatMap((candidate) => {
			const past = before.flatMap((each) => place(each));
			const changes = { list: [name], secrets: place(candidate), past };
			const own = pulledPod(`times, ${label}`, candidate.label, changes, { found: [candidate.holds], ending });
			const inherited = pulledPod(
				`times, inherited, ${label}`,
				candidate.label,
				{ ...changes, isInherited: true, accounts: handsOn(name) },
				{ found: [candidate.holds], ending, list: 'inherited', account: 'same' },
			);
			const otherImage = `${image.replace('myapp', 'myap')}`;
			const other = pulledPod(
				`times, another image, ${label}`,
				candidate.label,
				{ ...changes, containers: [{ ...app, image: otherImage, ending }] },
				{ found: [candidate.holds], ending, isImageOther: true },
			);
			const third = pulledPod(
				`times, the task asks for a third, ${label}`,
				candidate.label,
				changes,
				{ found: [candidate.holds], ending, wanted: 'not-listed' },
				{ secret: 'a-third' },
			);
			const { expected } = own;
			return ending === 'pulled'
				? [own, inherited, third]
				: [own, inherited, third, ...(expected === 'CredentialsMalformed' ? [] : [other])];
		}),
	);
}

function crossTongues(): Case[] {
	return tongues.flatMap((tongue) =>
		candidates.map((candidate) => {
			const found = [candidate.holds];
			return pulledPod(
				`tongues, ${tongue.label}`,
				candidate.label,
				{ list: [name], secrets: place(candidate), tongue },
				{ found, ending: endPull(found) },
			);
		}),
	);
}

function crossSecretChecks(): Case[] {
	const registry = image.split('/', 1)[0];
	return candidates.map((candidate) => ({
		group: 'the Secret alone',
		label: candidate.label,
		world: { ...world, secrets: place(candidate) },
		check: 'pull-secret',
		params: { namespace: 'default', name, registry },
		expected: judgeFound([candidate.holds]),
		note: 'note' in candidate ? candidate.note : undefined,
	}));
}

/** Never: what is on the node may be used by those who could pull it. */
function crossPolicyNever(): Case[] {
	const places: [string, readonly string[] | undefined][] = [
		['on the node', [image]],
		['on the node by its digest as well', [`${image.replace(/:1\.0$/, '')}@${digest}`, image]],
		['not on the node', ['docker.io/library/busybox:1.37']],
		['on a node that is empty', []],
	];
	return places.flatMap(([label, onNode]) =>
		candidates.flatMap((candidate) =>
			[true, false].flatMap((isNamed) => {
				const found = isNamed ? [candidate.holds] : [];
				const ending = endWithoutPull(found, onNode?.includes(image) ?? false);
				const containers = [{ ...app, policy: 'Never' as const, ending }];
				const changes = { secrets: place(candidate), containers, onNode, ...(isNamed && { list: [name] }) };
				const group = `Never, ${label}, ${isNamed ? 'listed' : 'not listed'}`;
				return pulledPod(group, candidate.label, changes, { found, ending, hasEntries: isNamed });
			}),
		),
	);
}

/** Pods that a workload made are judged as those that somebody made by hand. */
function crossWorkloads(): Case[] {
	const kinds = ['deployment', 'replicaset', 'statefulset', 'daemonset', 'job', 'cronjob'];
	return kinds.flatMap((kind) =>
		references.flatMap(({ label, world: given, situation, isNamed }) =>
			// What a Secret holds makes no difference to a Pod that names none.
			(isNamed ? candidates : candidates.slice(0, 5)).map((candidate) => {
				const found = isNamed ? [candidate.holds] : [];
				const ending = endPull(found);
				const changes = { ...given, secrets: place(candidate), workload: `${kind}/shop` };
				const group = `workloads, ${kind}, ${label}`;
				const params = { namespace: 'default', workload: `${kind}/shop`, image };
				const asPod = pulledPod(group, candidate.label, changes, { ...situation, found, ending });
				return { ...asPod, check: 'pulled-workload', params };
			}),
		),
	);
}

/** The host that is left out of an image's name, and has three names of its own. */
function crossDockerHub(): Case[] {
	const served = 'docker.io/team/myapp:1.0';
	const spellings = ['team/myapp:1.0', served, 'index.docker.io/team/myapp:1.0'];
	const other = { type: 'kubernetes.io/dockerconfigjson' };
	const keys: [key: string, holds: Found][] = [
		...['https://index.docker.io/v1/', 'index.docker.io', 'https://index.docker.io/v2/'].map(opens),
		...['docker.io', 'https://docker.io', 'docker.io/team', 'docker.io/team/myapp', '*.io'].map(opens),
		...['registry-1.docker.io', 'hub.docker.com', 'https://index.docker.io/v1/team', 'index.docker.io/team'].map(not),
		...['team', 'docker.io/library', 'docker.io:443', '*.docker.io', 'registry.example.com', 'docker.com'].map(not),
	];
	return spellings.flatMap((spelling) =>
		keys.map(([key, holds]) => {
			const auths = { [key]: { username: user, password } };
			const data = { '.dockerconfigjson': JSON.stringify({ auths }) };
			const found = [holds];
			const ending = endPull(found);
			const containers = [{ ...app, image: spelling, ending }];
			const changes = { image: served, list: [name], secrets: [secretObject(name, { ...other, data })], containers };
			const each = pulledPod(`Docker Hub, ${spelling}`, `entry ${key}`, changes, { found, ending });
			return { ...each, params: { ...each.params, image: served } };
		}),
	);

	function opens(key: string): [string, Found] {
		return [key, 'opens'];
	}

	function not(key: string): [string, Found] {
		return [key, 'other-host'];
	}
}

/** What the registry remembers of it, or does not. */
function crossLogs(): Case[] {
	const logs: Situation['log'][] = ['not-served', 'lost', 'none'];
	return logs.flatMap((log) =>
		candidates.flatMap((candidate) =>
			[undefined, name].map((secret) => {
				const found = [candidate.holds];
				const wanted = secret === undefined ? null : candidate.holds;
				return pulledPod(
					`logs, ${log}${secret === undefined ? '' : ', a Secret is asked for'}`,
					candidate.label,
					{ list: [name], secrets: place(candidate), log },
					{ found, ending: 'pulled', log, wanted },
					{ secret, note: log === 'none' ? /no log/ : undefined },
				);
			}),
		),
	);
}

/** A Pod that is to be refused: whether it is, and for want of credentials. */
function crossRefused(): Case[] {
	const images = [image, image.replace('myapp', 'myap')];
	return tongues.flatMap((tongue) =>
		candidates.flatMap((candidate) =>
			[true, false].flatMap((isNamed) =>
				images.map((used) => {
					const found = isNamed ? [candidate.holds] : [];
					const ending = endPull(found);
					const containers = [{ ...app, image: used, ending }];
					const group = `refused, ${tongue.label}, ${isNamed ? 'listed' : 'not listed'}, ${used}`;
					return {
						group,
						label: `${group}: ${candidate.label}`,
						world: { ...world, ...(isNamed && { list: [name] }), secrets: place(candidate), containers, tongue },
						check: 'refused-pod',
						params: { namespace: 'default', name: 'web', image },
						expected: judgeRefused(ending, used !== image),
					};
				}),
			),
		),
	);
}

/** What an account hands on. */
function crossAccounts(): Case[] {
	const lists = [[], [name], ['other'], ['other', name], [name, 'other'], [''], [`${name}s`]];
	const accounts = lists.flatMap((pull) => lists.map((mount) => ({ pull, mount })));
	const spaces = ['default', 'staging', 'nowhere'];
	return ['default', 'builder'].flatMap((account) =>
		spaces.flatMap((namespace) =>
			accounts.map((held) => {
				const isThere = namespace === 'default' && account === 'builder';
				const group = `accounts, ${account} in ${namespace}`;
				return {
					group,
					label: `${group}: imagePullSecrets ${JSON.stringify(held.pull)}, secrets ${JSON.stringify(held.mount)}`,
					world: { ...world, accounts: { builder: held } },
					check: 'account-pull-secret',
					params: { namespace, account, secret: name },
					expected: judgeAccount(isThere ? held : null, namespace !== 'nowhere', name),
				};
			}),
		),
	);
}
