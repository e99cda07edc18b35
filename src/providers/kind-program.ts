/** Runs the `kind` program and says in a person's words what it could not do. */

import { ProgramError, type RunOptions, type RunResult, runProgram } from '../exec.ts';
import { LabError, type Problem } from '../model/error.ts';
import type { Work } from '../model/provider.ts';
import { findEngineProblem } from './engine.ts';

export const kindAbsent: Problem = {
	code: 'kind-absent',
	message: 'The program kind is not installed.',
	remedy: 'Install kind 0.20 or newer: https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
};

export async function runKind(args: readonly string[], options: RunOptions): Promise<RunResult> {
	try {
		return await runProgram('kind', args, options);
	} catch (error) {
		if (!(error instanceof ProgramError)) throw error;
		if (error.isMissing) throw new LabError(kindAbsent, { cause: error });
		const problem = findEngineProblem('The container engine', error.stderr);
		throw problem === null ? error : new LabError(problem, { cause: error });
	}
}

export async function createKindCluster(
	name: string,
	args: readonly string[],
	config: string,
	work: Work,
	onStart: (pid: number) => void,
): Promise<void> {
	const lines: string[] = [];
	function onLine(line: string): void {
		lines.push(line);
		const doing = /^ • ([A-Za-z -]+[A-Za-z])/.exec(line)?.[1];
		if (doing !== undefined) work.tell(doing.toLowerCase());
	}
	try {
		await runKind(args, { input: config, signal: work.signal, onStart, onLine });
	} catch (error) {
		throw error instanceof ProgramError ? explainFailure(name, lines, error) : error;
	}
}

function explainFailure(name: string, lines: readonly string[], cause: ProgramError): LabError {
	const words = lines.filter((line) => /^ERROR: |^Command Output: |error|failed/i.test(line));
	const what = (words[0] ?? cause.message).replace(/^ERROR: /, '').replace(/^failed to create cluster: /, '');
	const output = words.find((line) => line.startsWith('Command Output: '))?.slice('Command Output: '.length);
	return new LabError(
		{
			code: 'cluster-not-made',
			message: `kind could not make cluster ${name}: ${output === undefined ? what : `${what}: ${output}`}`,
			remedy: chooseRemedy(lines.join('\n')),
		},
		{ cause },
	);
}

function chooseRemedy(words: string): string {
	if (/failed to pull image|pull access denied|manifest unknown|no such host|not found: manifest/i.test(words)) {
		return 'Check the name of the node image (--node-image, KUBEPROCTOR_NODE_IMAGE) and the way to its registry.';
	}
	if (/no space left/i.test(words)) return 'Free some disk space (docker system prune) and run this again.';
	if (/too many open files|inotify/i.test(words)) {
		return 'sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288';
	}
	return 'Run it again; https://kind.sigs.k8s.io/docs/user/known-issues/ knows the usual causes.';
}
