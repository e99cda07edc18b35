/** Which password a registry of ours gets, and that it stays the same for as long as the environment lives. */

import { randomInt } from 'node:crypto';
import type { EnvironmentRecord } from '../model/environment.ts';
import { LabError } from '../model/error.ts';
import type { Credentials } from '../model/registry.ts';
import type { CredentialsByHost } from './state-folder.ts';
import type { UpRequest } from './up.ts';

/** Nothing that can be mistaken for something else when it is read from a screen: no 0 O o, 1 l I, no 5 S, 2 Z. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRTUVWXY346789';
const randomLength = 24;

export function makePassword(): string {
	return Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** `known`: the environment as it was written down, where it was complete; then a learner may know the password. */
export async function chooseCredentials(
	request: UpRequest,
	known: EnvironmentRecord | null,
): Promise<CredentialsByHost> {
	const { lab, state, credentials: source, provider } = request;
	const before = await state.readCredentials();
	// Who begins anew gets the lab's own password again, whatever it was changed to; a lent registry is not ours to change.
	const isFresh = request.isReset && !provider.isShared;
	const isRandom = source === 'random' || (isFresh && known?.hasRandomPasswords === true);
	const chosen = Object.fromEntries(
		lab.registries.map(({ host, username, password }): [string, Credentials] => {
			if (typeof source === 'object') return [host, source[host] ?? { username, password }];
			const kept = isFresh ? undefined : before[host];
			const isOfLab = kept?.password === password;
			if (kept !== undefined && !(isRandom && isOfLab)) return [host, kept];
			if (isOfLab && known !== null) throw passwordInUse(request.name);
			return [host, { username, password: isRandom ? makePassword() : password }];
		}),
	);
	await state.writeCredentials(chosen);
	return chosen;
}

function passwordInUse(name: string): LabError {
	return new LabError({
		code: 'password-in-use',
		message: `Environment ${name} has the password of the lesson already.`,
		remedy: 'kubeproctor down first, or leave --random-password out.',
	});
}
