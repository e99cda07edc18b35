/** What this machine must have before kind can work on it; everything that is missing is told at once. */

import { readFile, statfs } from 'node:fs/promises';
import { ProgramError, runProgram } from '../exec.ts';
import type { Engine } from '../model/engine.ts';
import { LabError, type Problem } from '../model/error.ts';
import { kindAbsent } from './kind-program.ts';
import { kubectlAbsent } from './kubectl-absent.ts';

const gibibyte = 1024 ** 3;
const leastMemory = 1.8 * gibibyte;
const leastDisk = 2 * gibibyte;
/** A node was seen to use twenty (Kubernetes 1.35, without Pods of anybody's). */
const instancesOfNode = 40;
/** Milliseconds between the clocks of engine and program, from which on certificates and ages are in doubt. */
const mostClockSkew = 60_000;

/** One thing that was looked at. */
export interface Finding {
	/** Stable kebab-case identity. */
	id: string;
	title: string;
	/** In a few words; null: it could not be looked at. */
	found: string | null;
	problem: Problem | null;
	/** It works in spite of the problem, so far. */
	isBearable?: true;
}

export async function checkMachine(
	engine: Engine,
	workers: number,
	signal: AbortSignal,
): Promise<{ problems: Problem[]; about: string }> {
	const [ofKind, kubectl] = await Promise.all([examineKind(engine, workers, signal), examineKubectl(signal)]);
	const findings = [...ofKind, kubectl];
	const named = findings.filter(({ id, found }) => ['kind', 'engine', 'kubectl'].includes(id) && found !== null);
	return {
		problems: findings.flatMap(({ problem, isBearable }) => (problem === null || isBearable ? [] : [problem])),
		about: named.map(({ id, found }) => (id === 'engine' ? found : `${id} ${found}`)).join(', '),
	};
}

/** Everything that kind needs but kubectl, which is needed without it too. */
export async function examineKind(engine: Engine, workers: number, signal: AbortSignal): Promise<Finding[]> {
	const [kind, ofEngine, inotify] = await Promise.all([
		examineProgram('kind', ['version'], [0, 20], kindAbsent, signal),
		examineEngine(engine, signal),
		examineInotify(workers),
	]);
	return [kind, ...ofEngine, inotify];
}

export async function examineKubectl(signal: AbortSignal): Promise<Finding> {
	return examineProgram('kubectl', ['version', '--client'], [1, 27], kubectlAbsent, signal);
}

async function examineProgram(
	program: 'kind' | 'kubectl',
	args: readonly string[],
	least: Version,
	absent: Problem,
	signal: AbortSignal,
): Promise<Finding> {
	const about = { id: program, title: program };
	try {
		const { stdout } = await runProgram(program, args, { signal, timeout: 20_000 });
		const [, version = '?', major = '0', minor = '0'] = /v?((\d+)\.(\d+)[^\s]*)/.exec(stdout) ?? [];
		if (!isOlder([Number(major), Number(minor)], least)) return { ...about, found: version, problem: null };
		const problem: Problem = {
			code: program === 'kind' ? 'kind-too-old' : 'kubectl-too-old',
			message: `${program} ${version} is too old: ${least.join('.')} is the oldest that works.`,
			remedy: absent.remedy,
		};
		return { ...about, found: null, problem };
	} catch (error) {
		if (!(error instanceof ProgramError)) throw error;
		if (error.isMissing) return { ...about, found: null, problem: absent };
		const problem: Problem = {
			code: program === 'kind' ? 'kind-broken' : 'kubectl-broken',
			message: `${program} does not run: ${error.message}`,
			remedy: absent.remedy,
		};
		return { ...about, found: null, problem };
	}
}

type Version = readonly [major: number, minor: number];

export function isOlder([major, minor]: Version, [leastMajor, leastMinor]: Version): boolean {
	return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

/** The engine, and what it has to give; of one that does not answer only that is known. */
async function examineEngine(engine: Engine, signal: AbortSignal): Promise<Finding[]> {
	const { program } = engine;
	const { info, problem } = await askEngine(engine, signal);
	const found = info && `${program} ${info.ServerVersion ?? info.version?.Version ?? ''}`.trim();
	return [
		{ id: 'engine', title: 'Container engine', found, problem },
		examineMemory(program, info?.MemTotal ?? info?.host?.memTotal),
		await examineDisk(info?.DockerRootDir ?? info?.store?.graphRoot),
		examineCgroups(info?.CgroupVersion ?? info?.host?.cgroupVersion),
		examineEngineClock(program, info?.SystemTime),
	];
}

async function askEngine(
	engine: Engine,
	signal: AbortSignal,
): Promise<{ info: EngineInfo; problem: null } | { info: null; problem: Problem }> {
	const format = engine.program === 'podman' ? 'json' : '{{json .}}';
	try {
		const info = JSON.parse(await engine.run(['info', '--format', format], { signal, timeout: 20_000 })) as EngineInfo;
		return { info, problem: null };
	} catch (error) {
		if (error instanceof LabError) return { info: null, problem: error };
		if (!(error instanceof ProgramError || error instanceof SyntaxError)) throw error;
		const message = `${engine.program} info failed: ${error.message}`;
		const remedy = `Find out what ${engine.program} info says.`;
		return { info: null, problem: { code: 'engine-broken', message, remedy } };
	}
}

interface EngineInfo {
	ServerVersion?: string;
	MemTotal?: number;
	DockerRootDir?: string;
	/** `1` or `2` */
	CgroupVersion?: string;
	/** RFC 3339. */
	SystemTime?: string;
	/** `cgroupVersion`: `v1` or `v2` */
	host?: { memTotal?: number; cgroupVersion?: string };
	store?: { graphRoot?: string };
	version?: { Version?: string };
}

function examineMemory(program: string, memory: number | undefined): Finding {
	const about = { id: 'memory', title: 'Memory' };
	if (memory === undefined || memory === 0) return { ...about, found: null, problem: null };
	if (memory >= leastMemory) return { ...about, found: inGibibytes(memory), problem: null };
	return {
		...about,
		found: null,
		problem: {
			code: 'memory-short',
			message: `${program} has ${inGibibytes(memory)} of memory; a cluster needs ${inGibibytes(leastMemory)}.`,
			remedy: 'Give it more (Docker Desktop: Settings, Resources), or use a machine that has more.',
		},
	};
}

/** The engine's folder is out of sight where the engine runs in a virtual machine; nothing is said then. */
async function examineDisk(folder: string | undefined): Promise<Finding> {
	const about = { id: 'disk', title: 'Disk of the engine' };
	const disk = folder === undefined ? null : await statfs(folder).catch(() => null);
	if (disk === null) return { ...about, found: null, problem: null };
	const free = disk.bavail * disk.bsize;
	if (free >= leastDisk) return { ...about, found: `${inGibibytes(free)} free in ${folder}`, problem: null };
	return {
		...about,
		found: null,
		problem: {
			code: 'disk-full',
			message: `Only ${inGibibytes(free)} are free in ${folder}; a cluster needs ${inGibibytes(leastDisk)}.`,
			remedy: 'Free some: docker system prune removes what no container uses.',
		},
	};
}

/** https://kubernetes.io/docs/concepts/architecture/cgroups/#deprecation-of-cgroup-v1 */
function examineCgroups(given: string | undefined): Finding {
	const about = { id: 'cgroups', title: 'Control groups' };
	const version = given?.replace('v', '');
	if (version !== '1') return { ...about, found: version === undefined ? null : `v${version}`, problem: null };
	return {
		...about,
		found: null,
		isBearable: true,
		problem: {
			code: 'cgroup-v1',
			message: 'They are of version 1, which Kubernetes has given up: newer nodes may not start.',
			remedy: 'Use version 2, or an older node image.',
		},
	};
}

/** An engine in a virtual machine has a clock of its own, which a laptop's sleep stops. */
function examineEngineClock(program: string, given: string | undefined): Finding {
	const about = { id: 'engine-clock', title: 'Clock of the engine' };
	const skew = Math.abs(Date.parse(given ?? '') - Date.now());
	if (Number.isNaN(skew)) return { ...about, found: null, problem: null };
	if (skew <= mostClockSkew) return { ...about, found: 'that of this machine', problem: null };
	return {
		...about,
		found: null,
		isBearable: true,
		problem: {
			code: 'engine-clock-wrong',
			message: `The clock of ${program} and that of this machine are ${Math.round(skew / 1000)} s apart.`,
			remedy: `Set both, or restart ${program}.`,
		},
	};
}

/** https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files */
async function examineInotify(workers: number): Promise<Finding> {
	const about = { id: 'inotify', title: 'Limits of inotify' };
	const read = async (name: string) =>
		Number(await readFile(`/proc/sys/fs/inotify/${name}`, 'utf8').catch(() => Infinity));
	const [instances, watches] = await Promise.all([read('max_user_instances'), read('max_user_watches')]);
	const leastInstances = instancesOfNode * (workers + 1);
	if (instances >= leastInstances && watches >= 8192) {
		const isKnown = Number.isFinite(instances) && Number.isFinite(watches);
		return { ...about, found: isKnown ? `${instances} instances, ${watches} watches` : null, problem: null };
	}
	return {
		...about,
		found: null,
		problem: {
			code: 'inotify-limits',
			message: `This machine allows ${instances} inotify instances and ${watches} watches; ${workers + 1} nodes need more.`,
			remedy: 'sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288',
		},
	};
}

function inGibibytes(bytes: number): string {
	return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
