/** `shell`: a shell, or one command, whose kubectl points at the environment. */

import type { Session } from '../model/session.ts';
import type { Context, Register } from './command.ts';

/** Set in the shell that is opened: the name of its environment. */
const marker = 'KUBEPROCTOR_SHELL';

const afterHelp = `
Your own files are read first, and left alone: .bashrc, .zshrc, config.fish,
or what ENV names. Then come the prompt, k for kubectl, and completion.
It ends with the exit code of the shell, or of the command.

Examples:
  kubeproctor shell
  kubeproctor shell -- kubectl get pods -o wide`;

export const register: Register = (program, wrap) => {
	program
		.command('shell')
		.description('open a shell whose kubectl points here')
		.argument('[command...]', 'what to run in it instead, behind --')
		.addHelpText('after', afterHelp)
		.action(wrap(openShell));
};

async function openShell(context: Context, command: string[]): Promise<number> {
	const [{ openSession }, { listExports }] = await Promise.all([import('../session.ts'), import('./env.ts')]);
	const session = await openSession(context.name, { env: context.env });
	const env = { ...listExports(session), KUBEPROCTOR_NAME: session.name, [marker]: session.name };
	const [program, ...args] = command;
	if (program !== undefined) return run(context, program, args, env);
	await greet(context, session);
	const [{ prepareShell }, { rm }] = await Promise.all([import('./shell-files.ts'), import('node:fs/promises')]);
	const shell = await prepareShell(env, `(${session.lab}) `, context.env);
	try {
		return await run(context, shell.program, shell.args, { ...env, ...shell.env });
	} finally {
		await rm(shell.folder, { recursive: true, force: true });
	}
}

async function greet({ env, isInteractive, say }: Context, session: Session): Promise<void> {
	const outer = env[marker];
	if (outer !== undefined) say(`This is a shell within the shell of environment ${outer}; exit leads back there.`);
	if (isInteractive) say(`kubectl and k point at environment ${session.name}; exit leaves it as it is.`);
}

async function run(context: Context, program: string, args: string[], env: Record<string, string>): Promise<number> {
	const [{ ProgramError, runAttached }, { LabError }] = await Promise.all([
		import('../exec.ts'),
		import('../model/error.ts'),
	]);
	try {
		return await context.lend(() => runAttached(program, args, { env, signal: context.signal }));
	} catch (error) {
		if (!(error instanceof ProgramError)) throw error;
		const problem = {
			code: 'program-not-started',
			message: error.isMissing ? `There is no program ${program}.` : error.message,
			remedy: 'Name one that is on PATH: kubeproctor shell -- PROGRAM',
		};
		throw new LabError(problem, { cause: error });
	}
}
