/** An embedded cluster and one of kind, for whatever is to be measured of a cluster itself. */

import path from 'node:path';
import { planHome } from './home.ts';
import { readExports } from './solved-lab.ts';
import { runCli } from './tool.ts';

const home = planHome('clusters');
const name = { embedded: 'bench-embedded', kind: 'bench-kind' };

export type Provider = keyof typeof name;

/** With what kubectl finds each of them. */
export const envs: Record<Provider, NodeJS.ProcessEnv> = { embedded: home.env, kind: home.env };
export const embeddedFolder = path.join(home.folder, 'environments', name.embedded);
export const embeddedContext = `embedded-${name.embedded}`;

/** Resolves, once they are up and `envs` leads to them, to what takes them away again. */
export function bringUp(...providers: Provider[]): Promise<() => Promise<void>> {
	return home.setUp(
		async () => {
			for (const provider of providers) {
				await runCli(['up', '--provider', provider, '--name', name[provider]], { env: home.env });
				const exports = await runCli(['env', '--name', name[provider]], { env: home.env });
				envs[provider] = { ...home.env, ...readExports(exports) };
			}
		},
		async () => {
			for (const provider of providers) await runCli(['down', '--name', name[provider]], { env: home.env });
		},
	);
}
