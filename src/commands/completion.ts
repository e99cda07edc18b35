/** `completion`: what a shell has to be told to complete our commands, flags, labs, tasks and environments. */

import type { Register } from './command.ts';
import type { Shell } from './completion-scripts.ts';

const afterHelp = `
One line installs it, for every shell that is opened from then on:
  echo 'eval "$(kubeproctor completion bash)"' >>~/.bashrc
  echo 'eval "$(kubeproctor completion zsh)"' >>~/.zshrc
  kubeproctor completion fish >~/.config/fish/completions/kubeproctor.fish
  Add-Content $PROFILE 'kubeproctor completion powershell | Out-String | iex'

Examples:
  kubeproctor completion bash
  eval "$(kubeproctor completion zsh)"`;

export const register: Register = (program, wrap) => {
	program
		.command('completion')
		.description('teach your shell to complete commands, labs and tasks')
		.addArgument(
			program.createArgument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish', 'powershell'] satisfies Shell[]),
		)
		.addHelpText('after', afterHelp)
		.action(
			wrap(async (context, shell: Shell) => {
				const { completionScripts } = await import('./completion-scripts.ts');
				context.print(completionScripts[shell]);
				return 0;
			}),
		);
};
