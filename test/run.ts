/** Runs test files side by side, each in a process of its own; its last line says how many tests passed and failed. */

import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openLookout } from './runner/lookout.ts';
import { type FileResult, runFile } from './runner/run-file.ts';

const usage = 'tsx test/run.ts [--jobs N] [--timeout SECONDS] [--grep TEXT] [file or folder …]';

/** Left out unless they are named: they need a cluster, or long, or an idle machine. */
const setApart = ['test/cluster', 'test/long', 'test/bench'];

/** Twice as many as can be at work, for half of what tests do is to wait. */
const defaultJobs = availableParallelism() * 2;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		jobs: { type: 'string', default: String(defaultJobs) },
		timeout: { type: 'string', default: '120' },
		grep: { type: 'string' },
	},
});
const jobs = Number(values.jobs);
const timeout = Number(values.timeout);
if (!(Number.isInteger(jobs) && jobs > 0 && timeout > 0)) throw new Error(`usage: ${usage}`);

const stop = new AbortController();
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
	process.once(signal, () => {
		stop.abort();
		process.exitCode = code;
	});
}

const files = positionals.length > 0 ? positionals.flatMap(findFiles) : findFiles('test').filter(isNotSetApart);
const lookout = openLookout();
const results = await runAll([...new Set(files)].sort());
const leaks = lookout.close();
for (const { where, what } of leaks) console.log(`✘ ${what} is where none belongs: ${where}`);
const passed = sum(results, (result) => result.passed);
const failed = sum(results, (result) => result.failures.length) + leaks.length;
const skipped = sum(results, (result) => result.skips.length);
if (passed + failed === 0) console.log('\nNothing ran: no test matches.');
if (passed + failed === 0 || failed > 0) process.exitCode ??= 1;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);

async function runAll(queue: string[]): Promise<FileResult[]> {
	const finished: FileResult[] = [];
	const work = async () => {
		for (let file = queue.shift(); file !== undefined && !stop.signal.aborted; file = queue.shift()) {
			const result = await runFile(file, {
				timeout,
				grep: values.grep,
				signal: stop.signal,
				env: lookout.envFor(file),
				onStream: lookout.search,
			});
			finished.push(result);
			show(result);
		}
	};
	await Promise.all(Array.from({ length: jobs }, work));
	return finished;
}

function show({ file, passed, failures, skips, milliseconds, complaints }: FileResult): void {
	if (passed + failures.length + skips.length === 0) return;
	const counts = `${passed} passed${failures.length > 0 ? `, ${failures.length} failed` : ''}`;
	console.log(`${failures.length > 0 ? '✘' : '✔'} ${file}  ${counts}  ${(milliseconds / 1000).toFixed(1)} s`);
	for (const { test, reason } of skips) console.log(`  – ${test}  skipped: ${reason}`);
	for (const { test, error } of failures) {
		console.log(`\n  ✘ ${test}\n${indent([error.message, error.details, error.stack].filter(Boolean).join('\n'))}`);
	}
	if (failures.length > 0 && complaints !== '') console.log(`\n  on stderr:\n${indent(complaints.trim())}`);
	if (failures.length > 0) console.log('');
}

function findFiles(place: string): string[] {
	const name = path.relative('.', place);
	const found = statSync(name, { throwIfNoEntry: false });
	if (!found) {
		console.error(`There is no ${place}.`);
		process.exitCode = 1;
		return [];
	}
	if (found.isFile()) return [name];
	return readdirSync(name, { withFileTypes: true }).flatMap((entry) => {
		const inside = path.join(name, entry.name);
		if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : findFiles(inside);
		return entry.name.endsWith('.test.ts') ? [inside] : [];
	});
}

function isNotSetApart(file: string): boolean {
	return !setApart.some((folder) => file.startsWith(`${folder}/`));
}

function indent(text: string): string {
	return text.replaceAll(/^/gm, '    ');
}

function sum(all: FileResult[], count: (result: FileResult) => number): number {
	return all.reduce((total, result) => total + count(result), 0);
}
