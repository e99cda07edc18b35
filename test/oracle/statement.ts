/** What a kubelet does with a Pod's pull Secrets, and what a grader has to say of it: written down apart from the product. */

import type { Absence, Holding } from './shapes.ts';

export type Found = Holding | Absence;

/** How a pull of the right image ends. */
export type Ending = 'pulled' | 'nothing-offered' | 'refused' | 'blocked' | 'never-absent' | 'never-kept-back';

/** One unreadable Secret blocks the pull; else whatever can be offered is tried until something is accepted. */
export function endPull(found: readonly Found[]): Ending {
	if (found.includes('malformed')) return 'blocked';
	if (found.includes('opens')) return 'pulled';
	return found.includes('refused') ? 'refused' : 'nothing-offered';
}

/**
 * With the policy Never nothing is asked of a registry: the image must be on the node, and from 1.35 on the Pod must
 * hold credentials with which it was pulled once. An unreadable Secret is met before any of that.
 */
export function endWithoutPull(found: readonly Found[], isOnNode: boolean): Ending {
	if (found.includes('malformed')) return 'blocked';
	if (!isOnNode) return 'never-absent';
	return found.includes('opens') ? 'pulled' : 'never-kept-back';
}

/** A Pod that is judged, and all that bears on the judgement. */
export interface Situation {
	/** What became of the container that is judged: the pull's end as the node told of it. */
	ending: Ending;
	/** Where the Pod's list came from. */
	list: 'own' | 'inherited';
	/** What the names of the list, empty ones left out, stand for now. */
	found: readonly Found[];
	/** Whether the Pod's own list has entries at all, be they empty. */
	hasEntries: boolean;
	/** Whether the account's present list is empty, the Pod's, or another. */
	account: 'empty' | 'same' | 'other';
	/** The account names a Secret under `secrets`. */
	isMountable: boolean;
	/** Another account of the namespace hands on a pull Secret. */
	hasOtherAccount: boolean;
	/** Which way of giving the Pod its Secret the task asks for. */
	through: 'pod' | 'service-account' | 'any';
	/** Which of `found` the task asks for, if any. */
	wanted: Found | 'not-listed' | null;
	isImageOther: boolean;
	/** What the registry's log says of this image; `none`: there is no log. */
	log: 'served' | 'not-served' | 'lost' | 'none';
}

/** Null: it passes. */
export function judge(situation: Situation): string | null {
	if (situation.ending === 'never-absent') return 'ImageNeverPulled';
	if (situation.ending !== 'pulled') return judgeDenied(situation);
	return judgeRunning(situation);
}

function judgeDenied(situation: Situation): string {
	const { found, list, account, through, hasEntries, wanted } = situation;
	if (situation.ending === 'blocked' && found.includes('malformed')) return 'CredentialsMalformed';
	if (situation.isImageOther) return 'ImageOther';
	const isOwn = hasEntries && list === 'own';
	if (isOwn && account !== 'empty' && (found.length === 0 || through === 'service-account'))
		return 'PodListOverridesServiceAccount';
	if (found.length === 0) return judgeEmptyList(situation);
	if (list === 'inherited' && account === 'other') return 'PodOlderThanServiceAccountSecret';
	const isRefused = judgeFound(found);
	if (isRefused !== null) return isRefused;
	// The kubelet will pull it, but not in the way that is asked for.
	if (through === 'pod' && list === 'inherited') return 'PullSecretNotReferenced';
	return wanted === 'not-listed' ? 'PullSecretOther' : 'PullRetryPending';
}

function judgeEmptyList({ account, isMountable, hasOtherAccount }: Situation): string {
	if (account !== 'empty') return 'PodOlderThanServiceAccountSecret';
	if (isMountable) return 'ServiceAccountSecretNotForPulls';
	return hasOtherAccount ? 'ServiceAccountOther' : 'PullSecretNotReferenced';
}

/** From the one that got least far to the one that got furthest; of what is not there, a slip says most. */
const furthest: readonly (readonly [Found, string])[] = [
	['refused', 'CredentialsRejected'],
	['other-host', 'RegistryNotListed'],
	['nothing', 'PullSecretEmpty'],
	['ignored', 'SecretTypeWrong'],
	['misspelt', 'PullSecretMisspelt'],
	['elsewhere', 'PullSecretInOtherNamespace'],
	['absent', 'PullSecretMissing'],
];

/** Null: one of them opens the registry. */
export function judgeFound(found: readonly Found[]): string | null {
	if (found.includes('malformed')) return 'CredentialsMalformed';
	if (found.includes('opens')) return null;
	return furthest.find(([each]) => found.includes(each))?.[1] ?? null;
}

function judgeRunning({ found, list, hasEntries, through, wanted, isImageOther, log }: Situation): string | null {
	if (isImageOther) return 'ImageOther';
	if (through === 'service-account' && list === 'own' && hasEntries) return 'PodListOverridesServiceAccount';
	if (through === 'pod' && list === 'inherited') return 'PullSecretNotReferenced';
	if (wanted === 'not-listed' && found.length > 0) return 'PullSecretOther';
	if (found.includes('malformed')) return 'CredentialsMalformed';
	if (wanted === null ? found.includes('opens') : wanted === 'opens') return judgeLog(log);
	if (found.includes('opens')) return 'PullSecretOther';
	return found.includes('refused') ? 'CredentialsRejected' : 'PullNotProven';
}

function judgeLog(log: Situation['log']): string | null {
	if (log === 'not-served') return 'PullNotProven';
	return log === 'lost' ? 'PullLogLost' : null;
}

/** Of a Pod whose pull ought to be refused because it brings no credentials. */
export function judgeRefused(ending: Ending, isImageOther: boolean): string | null {
	if (isImageOther) return 'ImageOther';
	if (ending === 'pulled') return 'PullNotRefused';
	return ending === 'nothing-offered' || ending === 'never-kept-back' ? null : 'RefusedForAnotherReason';
}

/** Of an account that ought to hand a Secret on; null: there is no such account, or no such namespace. */
export function judgeAccount(
	account: { pull: readonly string[]; mount?: readonly string[] } | null,
	isNamespaceThere: boolean,
	secret: string,
): string | null {
	if (!isNamespaceThere) return 'NamespaceMissing';
	if (account === null) return 'ServiceAccountMissing';
	if (account.pull.includes(secret)) return null;
	return account.mount?.includes(secret) ? 'ServiceAccountSecretNotForPulls' : 'ServiceAccountWithoutPullSecret';
}
