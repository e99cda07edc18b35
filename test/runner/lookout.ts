/** Watches a run of tests for passwords: its folder while files come and go, its streams, and the list of processes. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { attempt, canaryVariable, type Leak, listFiles, makeCanary, runFolder, searchFile, Wanted } from './canary.ts';
import { streamsVariable } from './streams.ts';

export interface Lookout {
	/** For a test file's process: a canary, and folders of this run. */
	envFor(file: string): Record<string, string>;
	/** Looks through what a test file's process has written. */
	search(stream: string, text: string): void;
	/** Looks once more; removes the folder unless there is something to see in it. */
	close(): Leak[];
}

/** Milliseconds. A program may be over soon; a file of an environment lives for a while. */
const betweenProcesses = 50;
const betweenFiles = 1000;
/** A process is looked at a few times: between fork and exec it still shows its parent's arguments. */
const looksAtProcess = 3;

export function openLookout(): Lookout {
	const folder = mkdtempSync(path.join(tmpdir(), runFolder));
	const folders = Object.fromEntries(['tmp', 'home', 'streams'].map((name) => [name, path.join(folder, name)]));
	const { tmp = '', home = '', streams = '' } = folders;
	for (const each of Object.values(folders)) mkdirSync(each, { mode: 0o700 });
	shareCache(tmp);
	const canary = makeCanary();
	const wanted = new Wanted(canary);
	const leaks = new Map<string, Leak>();
	const report = (found: Leak[]) => {
		for (const leak of found) leaks.set(`${leak.where}: ${leak.what}`, leak);
	};
	const lessons = readLessons();
	const known = new Map<string, string>();
	const looks = new Map<string, number>();

	function lookAtFiles(): void {
		const files = [...listFiles(folder)];
		for (const { file } of files) {
			for (const password of readPasswords(file)) if (!lessons.includes(password)) wanted.add(password);
		}
		for (const found of files) {
			const { ino, size, mtimeMs, mode } = found.stats;
			const state = `${ino} ${size} ${mtimeMs} ${mode} ${wanted.size}`;
			if (known.get(found.file) === state) continue;
			known.set(found.file, state);
			report(searchFile(found, wanted));
		}
	}

	/** Only for the canary: what a lesson tells learners to type, they may type. */
	function lookAtProcesses(): void {
		const there = new Set((attempt(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name)));
		for (const pid of looks.keys()) if (!there.has(pid)) looks.delete(pid);
		for (const pid of there) {
			const count = looks.get(pid) ?? 0;
			if (count >= looksAtProcess) continue;
			looks.set(pid, count + 1);
			const line = attempt(() => readFileSync(`/proc/${pid}/cmdline`)) ?? Buffer.alloc(0);
			const what = new Wanted(canary).find(line);
			const program = line.toString().split('\0', 2).join(' ');
			if (what !== null) report([{ where: `the arguments of process ${pid} (${program})`, what }]);
		}
	}

	const timers = [setInterval(lookAtProcesses, betweenProcesses), setInterval(lookAtFiles, betweenFiles)];
	return {
		envFor: (file) => ({
			[canaryVariable]: canary,
			[streamsVariable]: streams,
			TMPDIR: tmp,
			KUBEPROCTOR_HOME: path.join(home, 'kubeproctor'),
			// npm and the tools of a real cluster go on with what they have.
			npm_config_cache: process.env['npm_config_cache'] ?? path.join(homedir(), '.npm'),
			...(!file.startsWith('test/cluster/') && { HOME: home }),
		}),
		search(stream, text) {
			const what = wanted.find(Buffer.from(text));
			if (what !== null) report([{ where: stream, what }]);
		},
		close() {
			for (const timer of timers) clearInterval(timer);
			lookAtFiles();
			if (leaks.size === 0) rmSync(folder, { recursive: true, force: true });
			return [...leaks.values()];
		},
	};
}

/** tsx keeps what it has compiled in the temporary folder, and would begin anew in each run. */
function shareCache(folder: string): void {
	const name = `tsx-${process.geteuid?.()}`;
	const cache = path.join(tmpdir(), name);
	mkdirSync(cache, { recursive: true });
	symlinkSync(cache, path.join(folder, name));
}

/** The passwords of an environment's registries: those of chance are as secret as the canary. */
function readPasswords(file: string): string[] {
	if (!/\/environments\/[^/]+\/credentials\.json$/.test(file)) return [];
	try {
		const credentials = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { password: string }>;
		return Object.values(credentials).map(({ password }) => password);
	} catch {
		// It is gone, or was spoilt by a test.
		return [];
	}
}

/** A password that a lesson tells is no secret. */
function readLessons(): string {
	return [...listFiles('labs')].map(({ file }) => readFileSync(file, 'utf8')).join('\n');
}
