/** What this machine must have before kind can work on it; everything that is missing is told at once. */

import { readFile, statfs } from 'node:fs/promises';
import { ProgramError, runProgram } from '../exec.ts';
import type { Engine } from '../model/engine.ts';
import { LabError, type Problem } from '../model/error.ts';
import { kindAbsent } from './kind-program.ts';

const gibibyte = 1024 ** 3;
const leastMemory = 1.8 * gibibyte;
const leastDisk = 2 * gibibyte;
/** A node was seen to use twenty (Kubernetes 1.35, without Pods of anybody's). */
const instancesOfNode = 40;

export const kubectlAbsent: Problem = {
	code: 'kubectl-absent',
	message: 'The program kubectl is not installed.',
	remedy: 'Install it, you will need it for the lab: https://kubernetes.io/docs/tasks/tools/',
};

interface Finding {
	problems: Problem[];
	/** `kind 0.33.0` */
	about?: string;
}

export async function checkMachine(
	engine: Engine,
	workers: number,
	signal: AbortSignal,
): Promise<{ problems: Problem[]; about: string }> {
	const findings = await Promise.all([
		checkProgram('kind', ['version'], [0, 20], kindAbsent, signal),
		checkEngine(engine, signal),
		checkKubectl(signal),
		checkInotify(workers),
	]);
	return {
		problems: findings.flatMap((finding) => finding.problems),
		about: findings.flatMap((finding: Finding) => finding.about ?? []).join(', '),
	};
}

export async function checkKubectl(signal: AbortSignal): Promise<Finding> {
	return checkProgram('kubectl', ['version', '--client'], [1, 27], kubectlAbsent, signal);
}

async function checkProgram(
	program: string,
	args: readonly string[],
	least: readonly [number, number],
	absent: Problem,
	signal: AbortSignal,
): Promise<Finding> {
	try {
		const { stdout } = await runProgram(program, args, { signal, timeout: 20_000 });
		const [, version = '?', major = '0', minor = '0'] = /v?((\d+)\.(\d+)[^\s]*)/.exec(stdout) ?? [];
		const isOld = Number(major) < least[0] || (Number(major) === least[0] && Number(minor) < least[1]);
		if (!isOld) return { problems: [], about: `${program} ${version}` };
		const message = `${program} ${version} is too old: ${least.join('.')} is the oldest that works.`;
		return { problems: [{ code: `${program}-too-old`, message, remedy: absent.remedy }] };
	} catch (error) {
		if (!(error instanceof ProgramError)) throw error;
		if (error.isMissing) return { problems: [absent] };
		const message = `${program} does not run: ${error.message}`;
		return { problems: [{ code: `${program}-broken`, message, remedy: absent.remedy }] };
	}
}

async function checkEngine(engine: Engine, signal: AbortSignal): Promise<Finding> {
	const format = engine.program === 'podman' ? 'json' : '{{json .}}';
	let info: EngineInfo;
	try {
		info = JSON.parse(await engine.run(['info', '--format', format], { signal, timeout: 20_000 })) as EngineInfo;
	} catch (error) {
		if (error instanceof LabError) return { problems: [error] };
		if (!(error instanceof ProgramError || error instanceof SyntaxError)) throw error;
		const message = `${engine.program} info failed: ${error.message}`;
		return { problems: [{ code: 'engine-broken', message, remedy: `Find out what ${engine.program} info says.` }] };
	}
	const memory = info.MemTotal ?? info.host?.memTotal;
	const problems = [
		...checkMemory(engine.program, memory),
		...(await checkDisk(info.DockerRootDir ?? info.store?.graphRoot)),
	];
	return { problems, about: `${engine.program} ${info.ServerVersion ?? info.version?.Version ?? ''}`.trim() };
}

interface EngineInfo {
	ServerVersion?: string;
	MemTotal?: number;
	DockerRootDir?: string;
	host?: { memTotal?: number };
	store?: { graphRoot?: string };
	version?: { Version?: string };
}

function checkMemory(program: string, memory: number | undefined): Problem[] {
	if (memory === undefined || memory === 0 || memory >= leastMemory) return [];
	return [
		{
			code: 'memory-short',
			message: `${program} has ${inGibibytes(memory)} of memory; a cluster needs ${inGibibytes(leastMemory)}.`,
			remedy: 'Give it more (Docker Desktop: Settings, Resources), or use a machine that has more.',
		},
	];
}

/** The engine's folder is out of sight where the engine runs in a virtual machine; nothing is said then. */
async function checkDisk(folder: string | undefined): Promise<Problem[]> {
	const disk = folder === undefined ? null : await statfs(folder).catch(() => null);
	const free = disk === null ? Number.POSITIVE_INFINITY : disk.bavail * disk.bsize;
	if (free >= leastDisk) return [];
	return [
		{
			code: 'disk-full',
			message: `Only ${inGibibytes(free)} are free in ${folder}; a cluster needs ${inGibibytes(leastDisk)}.`,
			remedy: 'Free some: docker system prune removes what no container uses.',
		},
	];
}

/** https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files */
async function checkInotify(workers: number): Promise<Finding> {
	const read = async (name: string) =>
		Number(await readFile(`/proc/sys/fs/inotify/${name}`, 'utf8').catch(() => Infinity));
	const [instances, watches] = await Promise.all([read('max_user_instances'), read('max_user_watches')]);
	const leastInstances = instancesOfNode * (workers + 1);
	if (instances >= leastInstances && watches >= 8192) return { problems: [] };
	return {
		problems: [
			{
				code: 'inotify-limits',
				message: `This machine allows ${instances} inotify instances and ${watches} watches; ${workers + 1} nodes need more.`,
				remedy: 'sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288',
			},
		],
	};
}

function inGibibytes(bytes: number): string {
	return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
