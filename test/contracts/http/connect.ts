/** The administrator's connection to the cluster of a kubeconfig. */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { openClient } from '../../emulator/api/requests.ts';
import type { Target } from './play.ts';

export function connect(kubeconfig: string): Target & { close(): void } {
	const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
	const decode = (text: string) => Buffer.from(text, 'base64').toString();
	const url: string = clusters[0].cluster.server;
	const authority = { certificate: decode(clusters[0].cluster['certificate-authority-data']), key: '' };
	const certificate = decode(users[0].user['client-certificate-data']);
	const admin = { certificate, key: decode(users[0].user['client-key-data']) };
	return { url, ...openClient({ url, certificates: { authority, admin } }) };
}
