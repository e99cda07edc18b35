/** `env`: what a shell needs to know, as exports for `eval`. */

import type { Session } from '../model/session.ts';
import type { Register } from './command.ts';

export const register: Register = (program, wrap) => {
	program
		.command('env')
		.description('print shell exports that point kubectl here')
		.addHelpText('after', '\nExamples:\n  eval "$(kubeproctor env)"\n  kubectl get pods')
		.action(
			wrap(async (context) => {
				const { openSession } = await import('../session.ts');
				const values = listExports(await openSession(context.name, { env: context.env }));
				for (const [name, value] of Object.entries(values)) context.print(`export ${name}=${quote(value)}`);
				return 0;
			}),
		);
};

/** What programs need to know of an environment, by the names that they look for. */
export function listExports({ cluster, registries: [registry] }: Session): Record<string, string> {
	return {
		KUBECONFIG: cluster.kubeconfig,
		...(registry && {
			REGISTRY: registry.host,
			REGISTRY_ENDPOINT: registry.endpoint,
			REGISTRY_USERNAME: registry.username,
		}),
	};
}

/** POSIX shells read everything between single quotes as it is. */
function quote(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
