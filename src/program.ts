/** The command line as commander knows it: global options, every command, and what a mistake in it is answered with. */

import { Command, CommanderError, Help, type Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import type { Register, Wrap } from './commands/command.ts';
import { register as registerComplete } from './commands/complete.ts';
import { register as registerCompletion } from './commands/completion.ts';
import { createContext, type GlobalOptions } from './commands/context.ts';
import { register as registerCredentials } from './commands/credentials.ts';
import { register as registerDemo } from './commands/demo.ts';
import { register as registerDoctor } from './commands/doctor.ts';
import { register as registerDown } from './commands/down.ts';
import { register as registerEnv } from './commands/env.ts';
import { register as registerGrade } from './commands/grade.ts';
import { register as registerHint } from './commands/hint.ts';
import { listenForInterruptions } from './commands/interruption.ts';
import { register as registerLearn } from './commands/learn.ts';
import { register as registerLesson } from './commands/lesson.ts';
import { register as registerLint } from './commands/lint.ts';
import { register as registerList } from './commands/list.ts';
import { register as registerNew } from './commands/new.ts';
import { register as registerNext } from './commands/next.ts';
import { register as registerProgress } from './commands/progress.ts';
import { register as registerQuiz } from './commands/quiz.ts';
import { register as registerReset } from './commands/reset.ts';
import { register as registerRotate } from './commands/rotate.ts';
import { register as registerShell } from './commands/shell.ts';
import { register as registerSolve } from './commands/solve.ts';
import { register as registerStatus } from './commands/status.ts';
import { register as registerUp } from './commands/up.ts';
import { register as registerWatch } from './commands/watch.ts';
import { register as registerWhy } from './commands/why.ts';
import { exitCodes, UsageError } from './model/error.ts';
import { keepToCharset } from './terminal/charset.ts';
import { chooseWidth, wrap } from './terminal/width.ts';

const groups: [heading: string, commands: Register[]][] = [
	['Get started:', [registerLearn, registerUp, registerDoctor, registerDemo, registerCompletion, registerComplete]],
	[
		'Learn:',
		[
			registerList,
			registerWatch,
			registerLesson,
			registerHint,
			registerNext,
			registerSolve,
			registerReset,
			registerQuiz,
			registerProgress,
		],
	],
	['Grade:', [registerGrade, registerWhy]],
	['Environments:', [registerStatus, registerShell, registerEnv, registerCredentials, registerRotate, registerDown]],
	['Write labs:', [registerNew, registerLint]],
];

const firstSteps = 'Begin with kubeproctor learn; kubeproctor <command> --help says more.';

export interface Program {
	/** Resolves to the exit code. */
	run(argv: readonly string[]): Promise<number>;
	/** Says on stderr what went wrong; resolves to the exit code. */
	explain(thrown: unknown): Promise<number>;
}

/** `leave` ends the process with what is thrown at it, whatever is still going on. */
export function openProgram(leave: (reason: unknown) => void): Program {
	const interruption = listenForInterruptions(leave);
	keepToCharset([process.stdout, process.stderr], process.env);
	let exitCode: number = exitCodes.ok;
	const command = createCommand((action) => async (...args) => {
		// commander hands on the command itself last.
		const isScripted = (args.at(-1) as unknown as Command).opts()['output'] === 'json';
		const context = await createContext(command.opts<GlobalOptions>(), isScripted, interruption);
		exitCode = await action(context, ...args);
	});

	return {
		async run(argv) {
			try {
				await command.parseAsync(argv);
				return exitCode;
			} catch (thrown) {
				if (thrown instanceof CommanderError) return answer(thrown, command, argv);
				throw thrown;
			}
		},
		async explain(thrown) {
			const { describeFailure } = await import('./terminal/failure.ts');
			const { hasColour } = await import('./terminal/colour.ts');
			await interruption.releaseTerminal();
			const { stderr, env } = process;
			const failure = describeFailure(thrown, interruption.signal.reason, {
				isColoured: hasColour({ stream: stderr, env, isRefused: !command.opts<GlobalOptions>().color }),
				width: stderr.isTTY ? chooseWidth(stderr) : null,
				name: command.opts<GlobalOptions>().name,
				program: `kubeproctor ${packageJson.version}`,
			});
			stderr.write(`${failure.text}\n`);
			return failure.exitCode;
		},
	};
}

export function createCommand(wrapAction: Wrap): Command {
	const program = new Command('kubeproctor')
		.description('Hands-on Kubernetes labs with a private registry, graded on the live cluster.')
		.version(packageJson.version, '-V, --version', 'print the version')
		.helpOption('-h, --help', 'print help')
		.helpCommand(false)
		.option('--name <name>', 'which environment (default: KUBEPROCTOR_NAME, else the only one)')
		.option('--labs <dir>', 'labs of your own, beside those that come with it')
		.option('--no-color', 'no colour; NO_COLOR and FORCE_COLOR are heeded too')
		.option('-q, --quiet', 'results and errors only')
		.option('-v, --verbose', 'tell each program that is run and each request that is sent')
		.option('--log-file <file>', 'keep what --verbose tells in a file, with the time')
		.configureHelp({
			showGlobalOptions: true,
			optionDescription: describeOption,
			formatItem,
			subcommandTerm: (command) =>
				`${command.name()} ${command.usage().replace('[options]', '')}`.replaceAll(/\s+/g, ' ').trim(),
		})
		.configureOutput({
			// Mistakes are told by explain(). Help is what is wanted even where commander takes its absence for a mistake.
			outputError: () => {},
			writeErr: (text) => void process.stdout.write(text),
			getOutHelpWidth: () => chooseWidth(process.stdout),
		})
		.exitOverride()
		.addHelpText('after', () => `\n${wrap(firstSteps, chooseWidth(process.stdout)).join('\n')}`);
	for (const [heading, commands] of groups) {
		program.commandsGroup(heading);
		for (const register of commands) register(program, wrapAction);
	}
	return program;
}

/** Columns below which a description stands under its term, not beside it. */
const narrow = 60;

function formatItem(term: string, termWidth: number, description: string, help: Help): string {
	const width = help.helpWidth ?? narrow;
	if (width >= narrow) return Help.prototype.formatItem.call(help, term, termWidth, description, help);
	return [`  ${term}`, ...wrap(description, width - 6).map((line) => `      ${line}`)].join('\n');
}

/** Choices and default as a sentence has them, without the quotes and brackets of JSON. */
export function describeOption({ description, argChoices, defaultValue }: Option): string {
	const isTold = typeof defaultValue === 'string' || typeof defaultValue === 'number';
	const notes = [...(argChoices ? [argChoices.join(', ')] : []), ...(isTold ? [`default: ${defaultValue}`] : [])];
	return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

/** Help and version end in an error of commander's too. Its own words are used for mistakes, without `error: `. */
function answer(error: CommanderError, program: Command, argv: readonly string[]): number {
	if (['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code)) return exitCodes.ok;
	const [message = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
	const suggestions = hints.map((hint) => hint.replace(/^\((.*)\)$/, '$1'));
	const command = program.commands.find((each) => argv.includes(each.name()));
	const help = `${['kubeproctor', ...(command ? [command.name()] : [])].join(' ')} --help tells what there is.`;
	throw new UsageError(message.charAt(0).toUpperCase() + message.slice(1), [...suggestions, help].join('\n'));
}
