/** Which password a registry of ours gets, and that it stays the same for as long as the environment lives. */

import { randomInt } from 'node:crypto';
import type { Credentials } from '../model/registry.ts';
import type { CredentialsByHost } from './state-folder.ts';
import type { UpRequest } from './up.ts';

/** Nothing that can be mistaken for something else when it is read from a screen: no 0 O o, 1 l I, no 5 S, 2 Z. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRTUVWXY346789';
const randomLength = 24;

export function makePassword(): string {
	return Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('');
}

export async function chooseCredentials({ lab, state, credentials: source }: UpRequest): Promise<CredentialsByHost> {
	const known = await state.readCredentials();
	const chosen = Object.fromEntries(
		lab.registries.map(({ host, username, password }): [string, Credentials] => {
			if (typeof source === 'object') return [host, source[host] ?? { username, password }];
			return [host, known[host] ?? { username, password: source === 'random' ? makePassword() : password }];
		}),
	);
	await state.writeCredentials(chosen);
	return chosen;
}
