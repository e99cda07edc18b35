/** What is wrong with one pull Secret, towards one registry. */

import type { JudgeContext } from '../model/check.ts';
import { findClosest } from '../model/closest.ts';
import type { EntryFacts, SecretFacts, SecretLookup, TrialResult } from '../model/evidence.ts';
import type { Reason } from '../model/reason.ts';
import type { Diagnosis } from '../model/verdict.ts';
import { isPullSecretType } from '../pull/docker-config.ts';
import { createSecret, mendEnvironment, recreateSecret, tellPassword } from './kubectl.ts';

/** Towards what a Secret is judged. */
export interface Target {
	/** Registry host as the image names it. */
	host: string;
	/** The user that the environment hands out there; undefined for a registry that is not its own. */
	username: string | undefined;
}

export interface SecretFinding {
	lookup: SecretLookup;
	/** How far a pull with it gets, so that of several Secrets the one that got furthest is spoken of. */
	rank: number;
	/** Null: the registry accepts what it holds. */
	diagnosis: Diagnosis | null;
	/** Worth saying even where it is right. */
	notes: string[];
}

/** The user that the environment hands out at `host`; undefined for a registry that is not its own. */
export function findUsername(context: JudgeContext, host: string): string | undefined {
	return context.registries.find((registry) => registry.host === host)?.username;
}

const ranks = { absent: 0, wrongType: 1, empty: 2, otherHost: 3, rejected: 4, untold: 5, accepted: 6 } as const;

export function diagnoseSecret(lookup: SecretLookup, target: Target): SecretFinding {
	const { secret } = lookup;
	if (secret === null)
		return { lookup, rank: ranks.absent, diagnosis: diagnoseAbsentSecret(lookup, target), notes: [] };
	const [rank, diagnosis] = diagnosePresentSecret(secret, target);
	return { lookup, rank, diagnosis, notes: diagnosis === null ? listNotes(secret) : [] };
}

/** Whether a malformed entry blocks every pull of a Pod that lists this Secret. */
export function diagnoseMalformed({ secret }: SecretLookup, target: Target): Diagnosis | null {
	if (secret === null || secret.malformed === null || !isPullSecretType(secret.type)) return null;
	const { malformedHost } = secret;
	const where = malformedHost === null ? '' : `, entry ${malformedHost}`;
	// What is another registry's is made anew for that one.
	const isOther = malformedHost !== null && !malformedHost.includes(target.host);
	const host = isOther ? malformedHost : target.host;
	return {
		reason: 'CredentialsMalformed',
		message: `Secret ${secret.namespace}/${secret.name}${where}, cannot be read. One such entry blocks every pull of a Pod that lists the Secret.`,
		expected: 'auth as base64 of username:password, or username and password',
		actual: secret.malformed,
		remedy: `Make the Secret anew:\n${recreateSecret(secret.namespace, secret.name, host, isOther ? undefined : target.username)}`,
	};
}

function diagnoseAbsentSecret(lookup: SecretLookup, target: Target): Diagnosis {
	const { name, namespace } = lookup;
	if (lookup.isNamespaceAbsent) return diagnoseAbsentNamespace(namespace);
	const closest = findClosest(
		name,
		lookup.siblings.map((sibling) => sibling.name),
	);
	const create = createSecret(namespace, name, target.host, target.username);
	if (closest !== null) {
		return {
			reason: 'PullSecretMisspelt',
			message: `There is no Secret ${name} in namespace ${namespace}, but there is ${closest}.`,
			expected: name,
			actual: closest,
			remedy: `One of the two names is a slip. Either name ${closest} where ${name} is named, or make the Secret under the right name:\n${create}`,
		};
	}
	const [other] = lookup.otherNamespaces ?? [];
	if (other !== undefined) {
		return {
			reason: 'PullSecretInOtherNamespace',
			message: `Secret ${name} is in namespace ${other}, not in ${namespace}. A Pod reads only Secrets of its own namespace.`,
			expected: `${namespace}/${name}`,
			actual: `${other}/${name}`,
			remedy: `Make it in ${namespace} as well:\n${create}`,
		};
	}
	return {
		reason: 'PullSecretMissing',
		message: `There is no Secret ${name} in namespace ${namespace}.`,
		expected: `${namespace}/${name}`,
		...(lookup.otherNamespaces === null && {
			actual: 'Other namespaces could not be looked at: not allowed to list Secrets there.',
		}),
		remedy: ['Create it:', create, ...tellPassword(target.username)].join('\n'),
	};
}

export function diagnoseAbsentNamespace(namespace: string): Diagnosis {
	return {
		reason: 'NamespaceMissing',
		message: `There is no namespace ${namespace}.`,
		expected: namespace,
		remedy: `kubectl create namespace ${namespace}`,
	};
}

function diagnosePresentSecret(secret: SecretFacts, target: Target): [number, Diagnosis | null] {
	const label = `Secret ${secret.namespace}/${secret.name}`;
	const recreate = recreateSecret(secret.namespace, secret.name, target.host, target.username);
	if (!isPullSecretType(secret.type)) {
		return [
			ranks.wrongType,
			{
				reason: 'SecretTypeWrong',
				message: `${label} is of type ${secret.type}, and the kubelet looks for registry credentials only in Secrets of type kubernetes.io/dockerconfigjson.`,
				expected: 'kubernetes.io/dockerconfigjson',
				actual: secret.type,
				remedy: `A Secret's type cannot be changed; make it anew:\n${recreate}`,
			},
		];
	}
	const malformed = diagnoseMalformed({ secret } as SecretLookup, target);
	if (malformed !== null) return [ranks.wrongType, malformed];
	if (secret.entries.length === 0)
		return [ranks.empty, describeEmpty(secret, target, `${label} holds no registry credentials at all.`)];

	const matching = secret.entries.filter((entry) => entry.matches);
	if (matching.length === 0) {
		return [
			ranks.otherHost,
			{
				reason: 'RegistryNotListed',
				message: `${label} has no entry for ${target.host}.`,
				expected: target.host,
				actual: secret.entries.map((entry) => entry.host).join(', '),
				remedy: `The server must be written as the image's name begins, port and all:\n${recreate}`,
			},
		];
	}
	const tried = matching.filter((entry) => entry.trial !== null);
	if (tried.length === 0) {
		return [
			ranks.empty,
			describeEmpty(secret, target, `The entry for ${target.host} in ${label} has no username and password.`),
		];
	}
	return judgeTrials(secret, tried, target);
}

function describeEmpty(secret: SecretFacts, target: Target, message: string): Diagnosis {
	const ignored =
		secret.ignored.length > 0
			? ` It has ${secret.ignored.join(', ')}, which docker would use and the kubelet does not.`
			: '';
	return {
		reason: 'PullSecretEmpty',
		message: message + ignored,
		expected: `an entry for ${target.host} with a username and a password`,
		actual: describeEntries(secret),
		remedy: `Make the Secret anew:\n${recreateSecret(secret.namespace, secret.name, target.host, target.username)}`,
	};
}

function describeEntries({ entries, keys }: SecretFacts): string {
	if (entries.length === 0) return `no entry, under ${keys.join(', ') || 'no key at all'}`;
	return entries
		.map(({ host, username, hasPassword }) => {
			const user = username === null ? 'no username' : `username ${username}`;
			return `${host}: ${user}, ${hasPassword ? 'a password' : 'no password'}`;
		})
		.join('; ');
}

function judgeTrials(secret: SecretFacts, tried: EntryFacts[], target: Target): [number, Diagnosis | null] {
	const outcomes = tried.map((entry) => ({ entry, trial: entry.trial as TrialResult }));
	if (outcomes.some(({ trial }) => trial.outcome === 'accepted' || trial.outcome === 'image-absent'))
		return [ranks.accepted, null];
	for (const { trial } of outcomes) {
		if (trial.outcome === 'turned-away') return [ranks.untold, describeTurnedAway(trial, target)];
		if (trial.outcome === 'unanswered')
			return [ranks.untold, describeUnanswered(trial.message, target.username !== undefined)];
		if (trial.outcome === 'not-tried') return [ranks.untold, describeNotTried(secret, target, trial.message)];
	}
	const [first] = outcomes;
	const trial = first?.trial as Extract<TrialResult, { outcome: 'rejected' }>;
	const user = first?.entry.username ?? '';
	const isUserWrong = trial.knownUser === false;
	const isBlank = first?.entry.blankIn === (isUserWrong ? 'username' : 'password');
	const blank = isBlank ? ': it begins or ends in white space, such as the line break that echo adds' : '';
	return [
		ranks.rejected,
		{
			reason: 'CredentialsRejected',
			message: `${target.host} refuses the ${isUserWrong ? `user ${user}` : `password of ${user}`} in Secret ${secret.namespace}/${secret.name}${blank}.`,
			...(isUserWrong && target.username !== undefined && { expected: `user ${target.username}` }),
			actual: trial.answer,
			remedy: `Make the Secret anew with the right credentials:\n${recreateSecret(secret.namespace, secret.name, target.host, target.username)}`,
		},
	];
}

function describeTurnedAway(
	{ status, answer }: Extract<TrialResult, { outcome: 'turned-away' }>,
	{ host, username }: Target,
): Diagnosis {
	const [reason, what, remedy] = turnedAway[status] ?? failing;
	return {
		reason,
		message: `${host} ${what}, so credentials could not be tried.`,
		actual: answer,
		remedy: username === undefined ? remedy : mendEnvironment,
		isError: true,
	};
}

type Turned = [reason: Reason, what: string, remedy: string];

const turnedAway: Readonly<Record<number, Turned>> = {
	429: ['RegistryRateLimited', 'says that it is asked too often', 'Wait until it answers again, then look again.'],
	403: ['RegistryForbidden', 'forbids the pull', 'Use credentials of a user who may pull from this repository.'],
};

const failing: Turned = [
	'RegistryFailing',
	'fails with an error of its own',
	"Look at the registry's own log, then look again.",
];

export function describeUnanswered(message: string, isOurs = true): Diagnosis {
	return {
		reason: 'RegistryUnreachable',
		message: 'The registry gives no usable answer, so credentials could not be tried.',
		actual: message,
		remedy: isOurs ? mendEnvironment : 'See that the registry runs and can be reached from here, then look again.',
		isError: true,
	};
}

function describeNotTried(secret: SecretFacts, target: Target, message: string): Diagnosis {
	return {
		reason: 'NotObserved',
		message: `The credentials in Secret ${secret.namespace}/${secret.name} for ${target.host} were not tried.`,
		actual: message,
		remedy: '--try-credentials sends them to that registry, once.',
		isError: true,
	};
}

function listNotes(secret: SecretFacts): string[] {
	const notes: string[] = [];
	if (secret.type === 'kubernetes.io/dockercfg') {
		notes.push(
			`Secret ${secret.name} is of the legacy type kubernetes.io/dockercfg; kubernetes.io/dockerconfigjson is today's.`,
		);
	}
	if (secret.entries.some((entry) => entry.matches && entry.isAuthAtOdds)) {
		notes.push(
			`In Secret ${secret.name}, auth says something else than username and password; the kubelet takes auth.`,
		);
	}
	return notes;
}
