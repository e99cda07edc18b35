/** Runs one test file in a process of its own and says what came of it. */

import { fork } from 'node:child_process';
import { grepVariable, type Message, type ReportedError } from './messages.ts';

export interface FileResult {
	file: string;
	passed: number;
	failures: Failure[];
	skips: { test: string; reason: string }[];
	milliseconds: number;
	/** What the process wrote to stderr. Its stdout is uvu's; `npx tsx <file>` shows it. */
	complaints: string;
}

export interface Failure {
	test: string;
	error: ReportedError;
}

export interface RunOptions {
	/** Seconds that the whole file may take. */
	timeout: number;
	/** Only tests whose `suite test` contains it. */
	grep: string | undefined;
	/** Aborted: the process and whatever it started are killed. */
	signal: AbortSignal;
	/** Set beside this process's own variables. */
	env: Record<string, string>;
	/** Told what the process wrote to each stream, once it has ended. */
	onStream(stream: string, text: string): void;
}

type Ending = { code: number | null; signal: NodeJS.Signals | null; isTimedOut: boolean };

export async function runFile(file: string, options: RunOptions): Promise<FileResult> {
	const messages: Message[] = [];
	const started = performance.now();
	const child = fork(file, {
		execArgv: ['--import', import.meta.resolve('tsx')],
		env: { ...process.env, ...options.env, ...(options.grep !== undefined && { [grepVariable]: options.grep }) },
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		// A process group of its own, so that what the file started can be killed with it.
		detached: true,
	});
	let results = '';
	let complaints = '';
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		results += text;
	});
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		complaints += text;
	});
	child.on('message', (message) => messages.push(message as Message));

	let isTimedOut = false;
	const kill = () => killGroup(child.pid);
	const timer = setTimeout(() => {
		isTimedOut = true;
		kill();
	}, options.timeout * 1000);
	options.signal.addEventListener('abort', kill, { once: true });
	// What the file left running is killed with it, which also lets go of the pipes: `close` means that all was read.
	child.on('exit', kill);
	const ending = await new Promise<Ending>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => resolve({ code, signal, isTimedOut }));
	});
	clearTimeout(timer);
	options.signal.removeEventListener('abort', kill);
	const milliseconds = performance.now() - started;
	options.onStream(`stdout of ${file}`, results);
	options.onStream(`stderr of ${file}`, complaints);
	options.onStream(`the messages of ${file}`, JSON.stringify(messages));
	return { file, milliseconds, complaints, ...judgeFile(messages, ending, options) };
}

/** Green needs every declared suite run, every test of it begun and ended, and a process that ended well by itself. */
function judgeFile(messages: Message[], ending: Ending, options: RunOptions) {
	const failures: Failure[] = [];
	const fail = (test: string, message: string) => failures.push({ test, error: { message, stack: '' } });
	const pick = <K extends Message['type']>(type: K) =>
		messages.filter((message): message is Extract<Message, { type: K }> => message.type === type);
	const names = new Map(pick('suite').map(({ id, suite }) => [id, suite]));
	const nameTest = (message: { id: number; test: string }) => `${names.get(message.id)} › ${message.test}`;
	const ended = pick('end');
	const skips = pick('skip').map((skip) => ({ test: nameTest(skip), reason: skip.reason }));

	for (const end of ended) if (end.error) failures.push({ test: nameTest(end), error: end.error });
	for (const hook of pick('hook')) failures.push({ test: `${names.get(hook.id)} › ${hook.hook}`, error: hook.error });
	const begun = pick('begin').at(-1);
	const current = begun && !ended.some((end) => end.id === begun.id && end.test === begun.test) ? begun : undefined;
	if (ending.isTimedOut)
		fail(current ? nameTest(current) : 'this file', `killed: took longer than ${options.timeout} s`);
	else if (current) fail(nameTest(current), `its process ended (${describeEnding(ending)}) while it ran`);
	for (const { resources } of pick('open')) {
		fail('this file', `does not end: something is still open (${[...new Set(resources)].join(', ')})`);
	}

	const runs = pick('run');
	for (const [id, name] of names) {
		const tests = runs.filter((run) => run.id === id).reduce((sum, run) => sum + run.tests, 0);
		const seen = ended.filter((end) => end.id === id).length;
		if (!runs.some((run) => run.id === id)) fail(name, 'was declared but never run: test.run() is missing');
		else if (tests === 0 && skips.length === 0 && options.grep === undefined) fail(name, 'has no tests');
		else if (seen !== tests && failures.length === 0) fail(name, `only ${seen} of its ${tests} tests came to an end`);
	}
	if (failures.length === 0 && (ending.code !== 0 || ending.signal)) fail('this file', describeEnding(ending));
	if (failures.length === 0 && names.size === 0) fail('this file', 'has no suite of test/harness.ts');
	return { failures, skips, passed: ended.filter((end) => !end.error).length };
}

function describeEnding({ code, signal }: Ending): string {
	return signal ? `killed by ${signal}` : `exit code ${code}`;
}

function killGroup(pid: number | undefined): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Nobody is left in the group.
	}
}
