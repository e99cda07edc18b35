/** `credentials`: who may pull from the registry; the one command that prints a password, and only when asked. */

import type { Register } from './command.ts';

interface Options {
	password?: true;
	output: 'text' | 'json';
}

export const register: Register = (program, wrap) => {
	program
		.command('credentials')
		.description('print host and username of the private registry')
		.option('--password', 'print the password too')
		.addOption(
			program.createOption('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'),
		)
		.addHelpText('after', '\nExamples:\n  kubeproctor credentials\n  kubeproctor credentials --password')
		.action(
			wrap(async (context, { password: isAsked, output }: Options) => {
				const { openSession } = await import('../session.ts');
				const { registries } = await openSession(context.name, { env: context.env });
				const shown = registries.map(({ host, username, credentials }) => ({
					host,
					username,
					...(isAsked && { password: credentials?.password ?? null }),
				}));
				if (output === 'json') {
					context.print(JSON.stringify({ schemaVersion: 1, registries: shown }, null, 2));
					return 0;
				}
				for (const registry of shown) {
					for (const [name, value] of Object.entries(registry))
						context.print(`${name.padEnd(8)}  ${value ?? 'not known here'}`);
				}
				return 0;
			}),
		);
};
