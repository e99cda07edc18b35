/** `complete`: what the line that is being typed may go on with; asked by the scripts of `completion` at each Tab. */

import type { Argument, Command, Option } from 'commander';
import { labsVariable } from '../model/lab.ts';
import type { Register } from './command.ts';

export interface Candidate {
	value: string;
	description: string;
}

/** `other`: what the shell itself knows. */
export interface Completion {
	candidates: Candidate[];
	other: 'none' | 'files' | 'folders';
}

export const register: Register = (program, wrap) => {
	program
		.command('complete', { hidden: true })
		.argument('[words...]', 'the line so far, without the program; the last one is being typed')
		.action(
			wrap(async (context, words: string[]) => {
				const { candidates, other } = await complete(program, words, context.env);
				for (const { value, description } of candidates) context.print(`${value}\t${description}`);
				context.print(`:${other}`);
				return 0;
			}),
		);
};

/** A line that cannot be understood has no completion: a shell is no place for errors. */
async function complete(program: Command, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Completion> {
	const line = readLine(program, words);
	if (line === null) return { candidates: [], other: 'none' };
	const { wanted, typed, prefix, said } = line;
	const labs = said.get('labs');
	if (labs !== undefined) env[labsVariable] = labs;
	const found = Array.isArray(wanted)
		? { candidates: wanted, other: 'none' as const }
		: await listValues(wanted, line, env).catch(() => ({ candidates: [], other: 'none' as const }));
	const fitting = found.candidates.filter(({ value }) => value.startsWith(typed));
	return { ...found, candidates: fitting.map((each) => ({ ...each, value: prefix + each.value })) };
}

interface Line {
	/** What there is to choose from; or what is named in the help, such as `task`. */
	wanted: Candidate[] | Value;
	/** What is there already of the value. */
	typed: string;
	/** What stands before the value in the same word. */
	prefix: string;
	/** Options with their values, and arguments, by the name that the help gives them. */
	said: ReadonlyMap<string, string>;
}

type Value = Argument | Option;

/** Null: no such command, or nothing more to say. */
function readLine(program: Command, words: readonly string[]): Line | null {
	const said = new Map<string, string>();
	let command = program;
	let pending: Option | null = null;
	let count = 0;
	let isPastOptions = false;
	const find = (flag: string) =>
		[...command.options, ...program.options].find(({ short, long }) => flag === short || flag === long);
	// bash takes the sign out of `--name=x` as a word of its own.
	const isSign = (word: string) => word === '=' && pending !== null;
	for (const word of words.slice(0, -1)) {
		if (isSign(word)) continue;
		if (pending !== null) {
			said.set(nameOf(pending), word);
			pending = null;
		} else if (word === '--' && !isPastOptions) isPastOptions = true;
		else if (word.startsWith('-') && !isPastOptions) {
			const [flag = '', value] = splitFlag(word);
			const option = find(flag);
			if (option === undefined || isFlag(option)) continue;
			if (value === undefined) pending = option;
			else said.set(nameOf(option), value);
		} else if (command === program) {
			const named = program.commands.find((each) => each.name() === word);
			if (named === undefined) return null;
			command = named;
		} else {
			const argument = argumentAt(command, count);
			if (argument) said.set(argument.name(), word);
			count += 1;
		}
	}
	const last = words.at(-1) ?? '';
	if (pending !== null) return { wanted: pending, typed: isSign(last) ? '' : last, prefix: '', said };
	const [flag = '', value] = splitFlag(last);
	const option = value === undefined ? undefined : find(flag);
	if (option && value !== undefined && !isPastOptions)
		return { wanted: option, typed: value, prefix: `${flag}=`, said };
	if (last.startsWith('-') && !isPastOptions)
		return { wanted: listOptions(command, program), typed: last, prefix: '', said };
	if (command === program) return { wanted: listCommands(program), typed: last, prefix: '', said };
	const argument = argumentAt(command, count);
	return argument ? { wanted: argument, typed: last, prefix: '', said } : null;
}

function splitFlag(word: string): [flag: string, value: string | undefined] {
	const [, flag = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
	return [flag, value];
}

function isFlag(option: Option): boolean {
	return !option.required && !option.optional;
}

function argumentAt({ registeredArguments: all }: Command, index: number): Argument | undefined {
	const last = all.at(-1);
	return all[index] ?? (last?.variadic ? last : undefined);
}

/** As the help has it: `task` of `--task <task>`. */
function nameOf(value: Value): string {
	if ('name' in value && !('long' in value)) return value.name();
	const { flags, long } = value as Option;
	return long === '--labs' ? 'labs' : (/[<[]([^\]>.]+)/.exec(flags)?.[1] ?? '');
}

function listCommands(program: Command): Candidate[] {
	return program
		.createHelp()
		.visibleCommands(program)
		.map((command) => ({ value: command.name(), description: command.description() }));
}

function listOptions(command: Command, program: Command): Candidate[] {
	const help = program.createHelp();
	const options =
		command === program ? help.visibleOptions(program) : [...help.visibleOptions(command), ...program.options];
	const unique = new Map(options.map((option) => [option.long ?? option.flags, option.description]));
	return [...unique].map(([value, description]) => ({ value, description }));
}

/** By what the help calls it. */
async function listValues(value: Value, line: Line, env: NodeJS.ProcessEnv): Promise<Completion> {
	const only = (candidates: Candidate[]): Completion => ({ candidates, other: 'none' });
	if (value.argChoices) return only(value.argChoices.map((choice) => ({ value: choice, description: '' })));
	const name = nameOf(value);
	if (/^(file|kubeconfig|answers)$/.test(name) || name === 'command') return { candidates: [], other: 'files' };
	if (/^(dir|labs)$/.test(name)) return { candidates: [], other: 'folders' };
	const list = lists[name];
	return list === undefined ? only([]) : only(await list(line.said, env));
}

type List = (said: Line['said'], env: NodeJS.ProcessEnv) => Promise<Candidate[]>;

const lists: Record<string, List> = { name: listEnvironments, lab: listLabs, task: listTasks, host: listHosts };

async function listEnvironments(_said: Line['said'], env: NodeJS.ProcessEnv): Promise<Candidate[]> {
	const { listNames, readKnown } = await import('../session.ts');
	const { names } = await listNames(env);
	return Promise.all(
		names.map(async (value) => ({ value, description: (await readKnown(value, env)).record?.lab ?? '' })),
	);
}

/** Titles only of those that need not be read for it. */
async function listLabs(): Promise<Candidate[]> {
	const { listTitles } = await import('../lab/outline.ts');
	return [...(await listTitles())].map(([value, description]) => ({ value, description }));
}

/** Of the lab that is named on the line, else of the one that is set up, else of the first. */
async function listTasks(said: Line['said'], env: NodeJS.ProcessEnv): Promise<Candidate[]> {
	const [{ loadOutline }, { readKnown }, { firstLab }] = await Promise.all([
		import('../lab/outline.ts'),
		import('../session.ts'),
		import('./chosen-lab.ts'),
	]);
	const known = async () => (await readKnown(said.get('name'), env)).record?.lab;
	const { tasks } = await loadOutline(said.get('lab') ?? (await known()) ?? firstLab);
	return tasks.map(({ id, title }) => ({ value: id, description: title }));
}

async function listHosts(said: Line['said'], env: NodeJS.ProcessEnv): Promise<Candidate[]> {
	const { readKnown } = await import('../session.ts');
	const { record } = await readKnown(said.get('name'), env);
	return (record?.registries ?? []).map(({ host, username }) => ({ value: host, description: username }));
}
