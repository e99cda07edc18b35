/** What a shell reads when it starts: the learner's own files, then ours, from a folder that goes with the shell. */

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface PreparedShell {
	program: string;
	args: string[];
	env: Record<string, string>;
	/** To be removed when the shell has ended. */
	folder: string;
}

interface Plan {
	args: string[];
	env: Record<string, string>;
	files: Record<string, string>;
}

/** `SHELL` says which; one that is unknown is replaced by sh. `exported` holds also where the learner's files say otherwise. */
export async function prepareShell(
	exported: Record<string, string>,
	prompt: string,
	env: NodeJS.ProcessEnv,
): Promise<PreparedShell> {
	const folder = await mkdtemp(join(tmpdir(), 'kubeproctor-shell-'));
	const given = env['SHELL'] ?? '';
	const name = basename(given);
	const plan = planners[name]?.({ folder, exported, prompt, env });
	const { files, args, env: added } = plan ?? planSh({ folder, exported, prompt, env });
	for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text, { mode: 0o600 });
	return { program: plan === undefined ? 'sh' : given, args, env: added, folder };
}

interface Wanted {
	folder: string;
	exported: Record<string, string>;
	prompt: string;
	env: NodeJS.ProcessEnv;
}

const planners: Record<string, (wanted: Wanted) => Plan> = { bash: planBash, zsh: planZsh, fish: planFish };

/** bash(1): with `--rcfile` it reads that instead of ~/.bashrc. A prompt may be made anew before each line. */
function planBash({ folder, exported, prompt }: Wanted): Plan {
	const text = `if [ -f ~/.bashrc ]; then . ~/.bashrc; fi
${writeExports(exported)}
__kubeproctor_prompt() {
	case $PS1 in ${quote(prompt)}*) ;; *) PS1=${quote(prompt)}$PS1 ;; esac
}
case $(declare -p PROMPT_COMMAND 2>/dev/null) in
'declare -a'*) PROMPT_COMMAND+=(__kubeproctor_prompt) ;;
*) PROMPT_COMMAND="\${PROMPT_COMMAND:+$PROMPT_COMMAND
}__kubeproctor_prompt" ;;
esac
if type kubectl >/dev/null 2>&1; then
	if ! type _get_comp_words_by_ref >/dev/null 2>&1; then
		for __kubeproctor_file in /usr/share/bash-completion/bash_completion /opt/homebrew/etc/profile.d/bash_completion.sh /usr/local/etc/profile.d/bash_completion.sh; do
			if [ -r "$__kubeproctor_file" ]; then . "$__kubeproctor_file"; break; fi
		done
		unset __kubeproctor_file
	fi
	type __start_kubectl >/dev/null 2>&1 || eval "$(kubectl completion bash 2>/dev/null)"
	type k >/dev/null 2>&1 || { alias k=kubectl; complete -o default -F __start_kubectl k; }
fi
`;
	return { files: { bashrc: text }, args: ['--rcfile', join(folder, 'bashrc')], env: {} };
}

/** zsh(1), FILES: `.zshenv` and `.zshrc` are read where ZDOTDIR says; the learner's own `.zshenv` may move that. */
function planZsh({ folder, exported, prompt, env }: Wanted): Plan {
	const own = env['ZDOTDIR'];
	const restore = own === undefined ? 'unset ZDOTDIR' : `ZDOTDIR=${quote(own)}`;
	const zshenv = `${restore}
if [[ -f \${ZDOTDIR:-$HOME}/.zshenv ]]; then . \${ZDOTDIR:-$HOME}/.zshenv; fi
typeset -g __kubeproctor_zdotdir=\${ZDOTDIR-}
ZDOTDIR=${quote(folder)}
`;
	const zshrc = `ZDOTDIR=$__kubeproctor_zdotdir
if [[ -z $ZDOTDIR ]]; then unset ZDOTDIR; fi
if [[ \${HISTFILE-} == ${quote(folder)}/* ]]; then HISTFILE=\${ZDOTDIR:-$HOME}/\${HISTFILE:t}; fi
if [[ -f \${ZDOTDIR:-$HOME}/.zshrc ]]; then . \${ZDOTDIR:-$HOME}/.zshrc; fi
${writeExports(exported)}
__kubeproctor_prompt() {
	if [[ $PROMPT != ${quote(prompt)}* ]]; then PROMPT=${quote(prompt)}$PROMPT; fi
}
autoload -Uz add-zsh-hook
add-zsh-hook precmd __kubeproctor_prompt
if (( $+commands[kubectl] )); then
	if ! (( $+functions[compdef] )); then autoload -Uz compinit; compinit -u -d ${quote(join(folder, 'zcompdump'))}; fi
	if ! (( $+functions[_kubectl] )); then eval "$(kubectl completion zsh 2>/dev/null)"; fi
	if ! whence k >/dev/null; then alias k=kubectl; compdef k=kubectl; fi
fi
`;
	return { files: { '.zshenv': zshenv, '.zshrc': zshrc }, args: [], env: { ZDOTDIR: folder } };
}

/** fish(1): what `--init-command` says comes after the learner's own configuration. */
function planFish({ folder, exported, prompt }: Wanted): Plan {
	const file = join(folder, 'init.fish');
	const text = `${Object.entries(exported)
		.map(([name, value]) => `set -gx ${name} ${quoteForFish(value)}`)
		.join('\n')}
functions -q fish_prompt; and functions -c fish_prompt __kubeproctor_own_prompt
function fish_prompt
	set -l code $status
	printf %s ${quoteForFish(prompt)}
	if functions -q __kubeproctor_own_prompt
		__kubeproctor_restore $code
		__kubeproctor_own_prompt
	end
end
function __kubeproctor_restore
	return $argv[1]
end
if type -q kubectl
	kubectl completion fish 2>/dev/null | source
	if not type -q k
		alias k kubectl
		complete -c k -w kubectl
	end
end
`;
	return { files: { 'init.fish': text }, args: ['--init-command', `source ${quoteForFish(file)}`], env: {} };
}

/** POSIX: an interactive shell reads the file that ENV names. */
function planSh({ folder, exported, prompt, env }: Wanted): Plan {
	const own = env['ENV'];
	const file = join(folder, 'shrc');
	const text = `${own === undefined ? 'unset ENV' : `ENV=${quote(own)}\nif [ -r "$ENV" ]; then . "$ENV"; fi`}
${writeExports(exported)}
PS1=${quote(prompt)}\${PS1-}
if command -v kubectl >/dev/null && ! command -v k >/dev/null; then alias k=kubectl; fi
`;
	return { files: { shrc: text }, args: [], env: { ENV: file } };
}

function writeExports(values: Record<string, string>): string {
	return Object.entries(values)
		.map(([name, value]) => `export ${name}=${quote(value)}`)
		.join('\n');
}

/** POSIX shells read everything between single quotes as it is. */
function quote(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** fish knows two escapes between single quotes. */
function quoteForFish(text: string): string {
	return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
