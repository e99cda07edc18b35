/** uvu's suite, except that nothing which goes wrong in it can end green; run it with test/run.ts. */

import { suite as createSuite } from 'uvu';
import { compare } from 'uvu/diff';
import { grepVariable, type Message, type ReportedError } from './runner/messages.ts';
import { watchStreams } from './runner/streams.ts';

export interface SuiteOptions<T> {
	/** Seconds that one test or hook may take; default 30. */
	timeout?: number;
	/** What every test and hook is handed. */
	context?: T;
}

export type Callback<T> = (context: T) => unknown;

export interface Hook<T> {
	(callback: Callback<T>): void;
	each(callback: Callback<T>): void;
}

export interface Suite<T> {
	(name: string, callback: Callback<T>): void;
	/** The reason is printed; there is no skipping without one. */
	skip(name: string, reason: string): void;
	before: Hook<T>;
	after: Hook<T>;
	/** To be called once, after the last test. */
	run(): void;
}

/** How long a process may live on once its suites are done, in milliseconds. */
const graceToEnd = 5000;

watchStreams();

let suites = 0;
let unfinished = 0;

export function suite<T = Record<string, unknown>>(name: string, options: SuiteOptions<T> = {}): Suite<T> {
	const id = ++suites;
	const limit = (options.timeout ?? 30) * 1000;
	const inner = createSuite<Record<string, unknown>>(name, (options.context ?? {}) as Record<string, unknown>);
	const grep = process.env[grepVariable];
	const isWanted = (title: string) => grep === undefined || `${name} ${title}`.includes(grep);
	let tests = 0;
	send({ type: 'suite', suite: name, id });

	const test = (title: string, callback: Callback<T>): void => {
		if (!isWanted(title)) return;
		tests += 1;
		inner(title, async (context) => {
			send({ type: 'begin', id, test: title });
			const error = await attempt(() => callback(context as T), limit);
			send({ type: 'end', id, test: title, ...(error && { error: reportError(error) }) });
			if (error) throw error;
		});
	};

	/** `stops`: what follows makes no sense without it. Other hooks report and let the rest of the cleaning up happen. */
	const hook = (label: string, register: (callback: (context: T) => Promise<void>) => void, stops: boolean) => {
		return (callback: Callback<T>): void => {
			register(async (context) => {
				const error = await attempt(() => callback(context), limit);
				if (!error) return;
				send({ type: 'hook', id, hook: label, error: reportError(error) });
				if (stops) throw error;
			});
		};
	};
	const register = inner as unknown as Suite<T>;
	const before = hook('before', (callback) => register.before(callback), true);
	const after = hook('after', (callback) => register.after(callback), false);

	return Object.assign(test, {
		skip(title: string, reason: string): void {
			if (reason.trim() === '') throw new Error(`"${title}" is skipped without a reason`);
			if (isWanted(title)) send({ type: 'skip', id, test: title, reason });
		},
		before: Object.assign(before, {
			each: hook('before.each', (callback) => register.before.each(callback), true),
		}),
		after: Object.assign(after, {
			each: hook('after.each', (callback) => register.after.each(callback), false),
		}),
		run(): void {
			unfinished += 1;
			inner.after(watchForTheEnd);
			send({ type: 'run', id, tests });
			inner.run();
		},
	});
}

/** Undefined: it went well. Whatever is thrown comes back as an Error, because uvu trips over anything else. */
async function attempt(action: () => unknown, limit: number): Promise<Error | undefined> {
	let timer: NodeJS.Timeout | undefined;
	// Unreferenced: a process that has nothing left to wait for should end at once, and the runner sees that it did.
	const overdue = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`took longer than ${limit / 1000} s`)), limit).unref();
	});
	try {
		await Promise.race([(async () => action())(), overdue]);
		return undefined;
	} catch (thrown) {
		return thrown instanceof Error ? thrown : new Error(`something that is no Error was thrown: ${String(thrown)}`);
	} finally {
		clearTimeout(timer);
	}
}

function watchForTheEnd(): void {
	unfinished -= 1;
	if (unfinished > 0) return;
	setTimeout(() => {
		send({ type: 'open', resources: process.getActiveResourcesInfo() }, () => process.exit(1));
	}, graceToEnd).unref();
}

function reportError(error: Error): ReportedError {
	const { details, actual, expected } = error as Error & { details?: unknown; actual?: unknown; expected?: unknown };
	const causes: string[] = [];
	for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
		causes.push(`\ncaused by ${cause.message}`);
	const reported = { message: `${error.name}: ${error.message}${causes.join('')}`, stack: shortenStack(error) };
	if (typeof details === 'string') return { ...reported, details };
	return error.name === 'AssertionError' ? { ...reported, details: compare(actual, expected) } : reported;
}

function shortenStack(error: Error): string {
	const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
	const ours = frames.filter((line) => !/node:internal|node_modules|test\/harness\.ts/.test(line));
	return ours
		.map((line) =>
			line
				.trim()
				.replace(/file:\/\//, '')
				.replace(`${process.cwd()}/`, ''),
		)
		.join('\n');
}

function send(message: Message, whenSent?: () => void): void {
	process.send?.(message, undefined, undefined, whenSent);
}
