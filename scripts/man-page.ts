/** The manual page: what the command tree says of itself, as troff (man(7)). */

import type { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { createCommand, describeOption } from '../src/program.ts';

/** What the program looks at besides its arguments; a test holds the list to the sources. */
export const variables: Record<string, string> = {
	KUBEPROCTOR_HOME: 'Where environments and progress are kept.',
	KUBEPROCTOR_LABS: 'Folders of labs of your own, as --labs.',
	KUBEPROCTOR_NAME: 'The environment where --name is not given. A shell of kubeproctor shell has it.',
	KUBEPROCTOR_SHELL: 'Set in a shell of kubeproctor shell.',
	KUBEPROCTOR_NODE_IMAGE: "kind's node image, as --node-image of up.",
	KUBEPROCTOR_REGISTRY_PASSWORD: 'The password for --registry-username of up.',
	'NO_COLOR, FORCE_COLOR': 'Colour never, or always, whatever the output is.',
	COLUMNS: 'How many columns are filled at most.',
	PAGER: 'What shows long texts; less, where it is not set.',
	CI: 'Nothing is asked where it is set.',
};

const exits: Record<string, string> = {
	'0': 'All is right.',
	'1': 'Something that the learner did is not right yet.',
	'2': 'The command line, or the files of a lab, are wrong.',
	'3': 'This machine, the cluster or a registry is at fault.',
	'70': 'The program itself is at fault.',
	'129, 130, 143': 'Somebody asked it to stop: SIGHUP, SIGINT, SIGTERM.',
};

export function writeManPage(): string {
	const program = createCommand(() => async () => {});
	const help = program.createHelp();
	const commands = help.visibleCommands(program);
	const groups = groupCommands(commands);
	return `${[
		'.\\" Made by npm run generate from the command tree.',
		`.TH KUBEPROCTOR 1 "" "kubeproctor ${packageJson.version}" "kubeproctor"`,
		'.SH NAME',
		`kubeproctor \\- ${troff(lowerFirst(program.description()).replace(/\.$/, ''))}`,
		'.SH SYNOPSIS',
		'.B kubeproctor',
		troff('[options] command ...'),
		'.SH OPTIONS',
		...listOptions(help.visibleOptions(program)),
		'.SH COMMANDS',
		...[...groups].flatMap(([heading, members]) => [
			`.SS ${troff(heading.replace(/:$/, ''))}`,
			...members.flatMap(describeCommand),
		]),
		'.SH EXIT STATUS',
		...describeEach(exits),
		'.SH ENVIRONMENT',
		...describeEach(variables),
		'.SH SEE ALSO',
		'.BR kubectl (1)',
	].join('\n')}\n`;
}

function describeCommand(command: Command): string[] {
	const help = command.createHelp();
	const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
	const explained = command.registeredArguments.filter(({ description }) => description !== '');
	const list = [
		...explained.flatMap((argument) => [
			'.TP',
			`\\fI${troff(argument.name())}\\fR`,
			troff(help.argumentDescription(argument)),
		]),
		...listOptions(options),
	];
	return [
		'.TP',
		`\\fBkubeproctor ${troff(command.name())}\\fR ${troff(command.usage().replace('[options]', '').trim())}`.trimEnd(),
		troff(`${upperFirst(command.description())}.`),
		...(list.length > 0 ? ['.RS', ...list, '.RE'] : []),
		...describeRest(readAfterHelp(command)),
	];
}

/** What the help says behind the options: paragraphs, and lines that are set off, such as examples. */
function describeRest(text: string): string[] {
	const blocks = text.replace(/^\n+|\n+$/g, '').split(/\n{2,}/);
	if (text.trim() === '') return [];
	const lines = blocks.flatMap((block) => {
		const rows = block.split('\n');
		return rows.flatMap((row, index) => {
			const isCode = row.startsWith('  ');
			const wasCode = rows[index - 1]?.startsWith('  ') ?? false;
			return [
				...(index === 0 ? ['.PP'] : []),
				...(isCode && !wasCode ? ['.EX'] : []),
				troff(row),
				...(isCode && !(rows[index + 1]?.startsWith('  ') ?? false) ? ['.EE'] : []),
			];
		});
	});
	return ['.RS', ...lines, '.RE'];
}

export function readAfterHelp(command: Command): string {
	let whole = '';
	command.configureOutput({
		writeOut: (text) => {
			whole += text;
		},
	});
	command.outputHelp();
	return whole.slice(command.helpInformation().length);
}

function listOptions(options: readonly Option[]): string[] {
	return options.flatMap((option) => ['.TP', `\\fB${troff(option.flags)}\\fR`, troff(describeOption(option))]);
}

function describeEach(entries: Record<string, string>): string[] {
	return Object.entries(entries).flatMap(([term, text]) => ['.TP', `\\fB${troff(term)}\\fR`, troff(text)]);
}

function groupCommands(commands: readonly Command[]): Map<string, Command[]> {
	const groups = new Map<string, Command[]>();
	for (const command of commands) {
		const heading = command.helpGroup();
		groups.set(heading, [...(groups.get(heading) ?? []), command]);
	}
	return groups;
}

function upperFirst(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}

/** groff_char(7): signs that troff would make typographic, and those beyond ASCII. */
function troff(text: string): string {
	const signs: Record<string, string> = {
		'\\': '\\e',
		'-': '\\-',
		"'": '\\(aq',
		'`': '\\(ga',
		'^': '\\(ha',
		'~': '\\(ti',
	};
	const escaped = text
		.replaceAll(/[\\\-'`^~]/g, (sign) => signs[sign] ?? sign)
		.replaceAll(
			/[^\0-\x7e]/gu,
			(sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
		);
	return escaped.startsWith('.') ? `\\&${escaped}` : escaped;
}
