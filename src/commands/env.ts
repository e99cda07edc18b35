/** `env`: what a shell needs to know, as exports for `eval`. */

import type { Register } from './command.ts';

export const register: Register = (program, wrap) => {
	program
		.command('env')
		.description('print shell exports that point kubectl here')
		.addHelpText('after', '\nExamples:\n  eval "$(kubeproctor env)"\n  kubectl get pods')
		.action(
			wrap(async (context) => {
				const { openSession } = await import('../session.ts');
				const { cluster, registries } = await openSession(context.name, { env: context.env });
				const [registry] = registries;
				const values: Record<string, string> = { KUBECONFIG: cluster.kubeconfig };
				if (registry !== undefined) {
					values['REGISTRY'] = registry.host;
					values['REGISTRY_ENDPOINT'] = registry.endpoint;
					values['REGISTRY_USERNAME'] = registry.username;
				}
				for (const [name, value] of Object.entries(values)) context.print(`export ${name}=${quote(value)}`);
				return 0;
			}),
		);
};

/** POSIX shells read everything between single quotes as it is. */
function quote(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
