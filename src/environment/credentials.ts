/** Which password a registry of ours gets, and that it stays the same for as long as the environment lives. */

import { randomInt } from 'node:crypto';
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

/** `isInUse`: a learner may have written the password down already, so it must not change. */
export async function chooseCredentials(request: UpRequest, isInUse: boolean): Promise<CredentialsByHost> {
	const { lab, state, credentials: source } = request;
	const known = await state.readCredentials();
	const chosen = Object.fromEntries(
		lab.registries.map(({ host, username, password }): [string, Credentials] => {
			if (typeof source === 'object') return [host, source[host] ?? { username, password }];
			const before = known[host];
			const isOfLab = before?.password === password;
			if (before !== undefined && !(source === 'random' && isOfLab)) return [host, before];
			if (isOfLab && isInUse) throw passwordInUse(request.name);
			return [host, { username, password: source === 'random' ? makePassword() : password }];
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
