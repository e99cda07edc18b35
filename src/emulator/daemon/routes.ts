/** Where the node finds the registry that images name: the same files as containerd reads on a kind node. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** To be asked at every pull, so that a change needs no restart. Undefined: by its own name. */
export function readRoute(folder: string, host: string): string | undefined {
	try {
		return parseHosts(readFileSync(join(folder, host, 'hosts.toml'), 'utf8'));
	} catch {
		return undefined;
	}
}

/** `server` above the first table; mirrors in tables of their own are not read. */
function parseHosts(text: string): string | undefined {
	const [head = ''] = text.split(/^\s*\[/m, 1);
	const [, server] = /^\s*server\s*=\s*["']([^"']+)["']/m.exec(head) ?? [];
	return server !== undefined && URL.canParse(server) ? server : undefined;
}
