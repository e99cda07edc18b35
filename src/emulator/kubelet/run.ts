/** What would happen if a container were started: what runc refuses, and how long well-known programs run. */

import { randomBytes } from 'node:crypto';
import type { Container } from './pod.ts';
import type { PulledImage } from './puller.ts';

export type Outcome =
	/** The runtime does not even create it. */
	| { kind: 'not-created'; message: string }
	| { kind: 'not-started'; message: string }
	/** `after`: milliseconds; null: until it is stopped. */
	| { kind: 'runs'; after: number | null; exitCode: number };

const startPrefix =
	'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
const execPrefix = 'OCI runtime exec failed: exec failed: unable to start container process: ';
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The command line: the Pod's, or else the image's. */
export function composeCommand(container: Container, { config }: PulledImage): string[] {
	if (container.command?.length) return [...container.command, ...(container.args ?? [])];
	return [...config.entrypoint, ...(container.args?.length ? container.args : config.command)];
}

export function foreseeRun(container: Container, image: PulledImage, containerId: string): Outcome {
	const command = composeCommand(container, image);
	const [program] = command;
	if (program === undefined) {
		const message = `failed to generate container "${containerId}" spec: failed to generate spec: no command specified`;
		return { kind: 'not-created', message };
	}
	const refusal = findRefusal(program, container.workingDir ?? image.config.workingDir, image);
	if (refusal !== null) return { kind: 'not-started', message: `${startPrefix}exec: "${program}": ${refusal}` };
	return { kind: 'runs', ...foreseeEnd(command) };
}

/** The same of a command in a container that runs. */
export function foreseeExec(
	command: readonly string[],
	container: Container,
	image: PulledImage,
): { refusal: string } | { after: number | null; exitCode: number } {
	const [program = ''] = command;
	const refusal = findRefusal(program, container.workingDir ?? image.config.workingDir, image);
	return refusal === null ? foreseeEnd(command) : { refusal: `exec: "${program}": ${refusal}` };
}

/** What a container runtime says of a command that could not be run in a container. */
export function describeExecRefusal(refusal: string): string {
	const id = randomBytes(32).toString('hex');
	return `rpc error: code = Unknown desc = failed to exec in container: failed to start exec "${id}": ${execPrefix}${refusal}`;
}

function findRefusal(program: string, workingDir: string, { config, files }: PulledImage): string | null {
	if (!program.includes('/')) {
		const path = config.env.find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length) ?? defaultPath;
		const kinds = path.split(':').map((folder) => files(`${folder}/${program}`));
		return kinds.includes('program') || kinds.includes('unknown') ? null : 'executable file not found in $PATH';
	}
	switch (files(program.startsWith('/') ? program : `${workingDir}/${program}`)) {
		case 'absent':
			return `stat ${program}: no such file or directory`;
		case 'folder':
			return 'is a directory';
		case 'file':
			return 'permission denied';
		default:
			return null;
	}
}

/** Nothing is run; but of these programs everybody knows when they end, and Jobs are made of them. */
function foreseeEnd(command: readonly string[]): { after: number | null; exitCode: number } {
	const [program = '', ...rest] = command;
	const name = program.slice(program.lastIndexOf('/') + 1);
	if (name === 'busybox') return foreseeEnd(rest);
	if (name === 'true' || name === 'echo' || name === 'printenv' || name === 'date') return { after: 0, exitCode: 0 };
	if (name === 'false') return { after: 0, exitCode: 1 };
	if (name === 'sleep') {
		const seconds = Number(rest[0]?.replace(/s$/, ''));
		return { after: Number.isFinite(seconds) ? seconds * 1000 : null, exitCode: 0 };
	}
	if (/^(ba|a|da)?sh$/.test(name) && rest[0] === '-c') return foreseeScript(rest[1] ?? '');
	return { after: null, exitCode: 0 };
}

/** A line of nothing but such programs and `exit`; anything else is taken to run until it is stopped. */
function foreseeScript(script: string): { after: number | null; exitCode: number } {
	let after = 0;
	let exitCode = 0;
	for (const statement of script.split(/;|&&|\n/).map((text) => text.trim())) {
		const exit = /^exit(?:\s+(\d+))?$/.exec(statement);
		if (exit) return { after, exitCode: exit[1] === undefined ? exitCode : Number(exit[1]) };
		if (statement === '') continue;
		const end = /["'`$|><&]/.test(statement.replace(/^echo\b.*$/, 'echo')) ? null : foreseeEnd(statement.split(/\s+/));
		if (end === null || end.after === null) return { after: null, exitCode: 0 };
		after += end.after;
		exitCode = end.exitCode;
	}
	return { after, exitCode };
}
