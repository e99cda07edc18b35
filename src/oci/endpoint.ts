/** From a registry's host to its URL, and what may be sent there. */

import { isLoopback } from '../model/loopback.ts';

/** The URL under which the registry of that host is reached; containerd's rule: plain HTTP on loopback only. */
export function endpointOf(host: string): string {
	if (host === 'docker.io') return 'https://registry-1.docker.io';
	return isLoopback(new URL(`http://${host}`)) ? `http://${host}` : `https://${host}`;
}

/** Whether a password may travel to that URL: anybody on the way could read it otherwise. */
export function mayCarryCredentials(url: URL): boolean {
	return url.protocol === 'https:' || isLoopback(url);
}
