/** What teaches a shell to ask `kubeproctor complete` at each Tab; everything else is answered there. */

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** Also for bash 3.2, which macOS has, and without the package bash-completion. */
const bash = `_kubeproctor() {
	local line other=none word=\${COMP_WORDS[COMP_CWORD]}
	if [[ $word == = ]]; then word=; fi
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:*) other=\${line#:} ;;
		*) COMPREPLY+=("\${line%%$'\\t'*}") ;;
		esac
	done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	if [[ $other == none ]]; then return; fi
	compopt -o filenames 2>/dev/null
	local how=-f
	if [[ $other == folders ]]; then how=-d; fi
	while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen $how -- "$word")
}
complete -F _kubeproctor kubeproctor`;

const zsh = `_kubeproctor() {
	local line other=none
	local -a values
	while IFS= read -r line; do
		case $line in
		:*) other=\${line#:} ;;
		*) values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
		esac
	done < <("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
	case $other in
	files) compset -P '*='; _files ;;
	folders) compset -P '*='; _files -/ ;;
	*) _describe kubeproctor values ;;
	esac
}
if (( ! $+functions[compdef] )); then autoload -Uz compinit; compinit; fi
compdef _kubeproctor kubeproctor`;

const fish = `function __kubeproctor_complete
	set -l typed (commandline -ct)
	set -l words (commandline -opc) "$typed"
	for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
		switch $line
			case ':files'
				__fish_complete_path "$typed"
			case ':folders'
				__fish_complete_directories "$typed"
			case ':*'
			case '*'
				echo $line
		end
	end
end
complete -c kubeproctor -f -a '(__kubeproctor_complete)'`;

/** Where it answers nothing PowerShell goes on to the names of files. Before 7.3 it lost empty arguments. */
const powershell = `Register-ArgumentCompleter -Native -CommandName kubeproctor -ScriptBlock {
	param($wordToComplete, $commandAst, $cursorPosition)
	$words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { "$_" })
	if ($wordToComplete -eq '') { $words += $(if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }) }
	$program, $rest = $words
	& $program complete '--' @rest 2>$null | Where-Object { $_ -notlike ':*' } | ForEach-Object {
		$value, $description = $_ -split "\`t", 2
		if (-not $description) { $description = $value }
		[System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
	}
}`;

export const completionScripts: Record<Shell, string> = { bash, zsh, fish, powershell };
