/** Finds the container engine that kind uses, and runs it. */

import { ProgramError, runProgram } from '../exec.ts';
import type { Container, Engine, EngineOptions } from '../model/engine.ts';
import { LabError, type Problem } from '../model/error.ts';

const banners: Readonly<Record<string, string>> = {
	docker: 'Docker version',
	nerdctl: 'nerdctl version',
	finch: 'finch version',
	podman: 'podman version',
};

/** Called with the id of each process that is started. */
export type OnChild = (pid: number) => void;

/**
 * KIND_EXPERIMENTAL_PROVIDER decides; without it kind takes the first of these that is installed
 * (kind v0.33 pkg/cluster/provider.go, DetectNodeProvider).
 */
export async function findEngine(env: NodeJS.ProcessEnv, signal: AbortSignal, onChild?: OnChild): Promise<Engine> {
	const wanted = env['KIND_EXPERIMENTAL_PROVIDER'] ?? '';
	const candidates = wanted in banners ? [wanted] : Object.keys(banners);
	for (const program of candidates) {
		if (await isInstalled(program, signal)) return openEngine(program, onChild);
	}
	// Whoever runs it is told that there is none.
	return openEngine(wanted in banners ? wanted : 'docker', onChild);
}

export function openEngine(program: string, onChild: OnChild = () => {}): Engine {
	async function run(args: readonly string[], { timeout = 30_000, ...options }: EngineOptions = {}): Promise<string> {
		try {
			return (await runProgram(program, args, { ...options, timeout, onStart: onChild })).stdout;
		} catch (error) {
			throw error instanceof ProgramError ? explain(program, error) : error;
		}
	}

	async function inspect(names: readonly string[], signal?: AbortSignal): Promise<Container[]> {
		if (names.length === 0) return [];
		try {
			return readContainers(await run(['container', 'inspect', ...names], { signal }));
		} catch (error) {
			if (error instanceof ProgramError && isAbsence(error)) {
				return readContainers(error.stdout);
			}
			throw error;
		}
	}

	return { program, run, inspect };
}

/** What a container has written to stdout; null: there is no such container. */
export async function readContainerLog(
	engine: Engine,
	container: string,
	signal?: AbortSignal,
): Promise<string | null> {
	try {
		return await engine.run(['logs', container], { signal });
	} catch (error) {
		if (error instanceof ProgramError && isAbsence(error)) return null;
		throw error;
	}
}

/** Why an engine does not answer, or null where its words are about something else. */
export function findEngineProblem(program: string, words: string): Problem | null {
	if (/error response from daemon/i.test(words)) return null;
	if (
		/permission denied.*(docker|podman|containerd)/is.test(words) ||
		/requires? root|rootless containerd not running/i.test(words)
	) {
		return {
			code: 'engine-forbidden',
			message: `This account may not use ${program}: ${lastLine(words)}`,
			remedy: `Add the account to the group of ${program} (sudo usermod -aG docker "$USER", then log in again).`,
		};
	}
	if (
		/cannot connect to|error during connect|cannot access containerd socket|is the docker daemon running|dial unix/i.test(
			words,
		)
	) {
		return {
			code: 'engine-not-running',
			message: `${program} does not answer: ${lastLine(words)}`,
			remedy: 'Start Docker Desktop (or: sudo systemctl start docker) and run this again.',
		};
	}
	return null;
}

const engineAbsent: Problem = {
	code: 'engine-absent',
	message: 'There is no container engine: none of docker, nerdctl, finch and podman is installed.',
	remedy: 'Install Docker: https://docs.docker.com/get-started/get-docker/',
};

async function isInstalled(program: string, signal?: AbortSignal): Promise<boolean> {
	try {
		const { stdout } = await runProgram(program, ['-v'], { timeout: 10_000, signal });
		return stdout.startsWith(banners[program] ?? program);
	} catch (error) {
		if (error instanceof ProgramError) return false;
		throw error;
	}
}

function isAbsence(error: ProgramError): boolean {
	return /no such (container|object)/i.test(error.stderr);
}

function explain(program: string, error: ProgramError): Error {
	if (error.isMissing) return new LabError(engineAbsent, { cause: error });
	if (error.hasTimedOut) {
		return new LabError(
			{
				code: 'engine-silent',
				message: `${program} did not answer in time.`,
				remedy: `Restart it (Docker Desktop: Troubleshoot, Restart; or: sudo systemctl restart ${program}) and run this again.`,
			},
			{ cause: error },
		);
	}
	const problem = findEngineProblem(program, error.stderr);
	return problem === null ? error : new LabError(problem, { cause: error });
}

function lastLine(words: string): string {
	return (words.trim().split('\n').at(-1) ?? '').replace(/^(ERROR|Command Output): /, '');
}

type RawPorts = Record<string, { HostPort?: string }[] | null>;

interface RawContainer {
	Id: string;
	Name: string;
	Created: string;
	State?: { Running?: boolean };
	Config?: { Labels?: Record<string, string> | null };
	Mounts?: { Destination?: string }[] | null;
	HostConfig?: { PortBindings?: RawPorts | null };
	NetworkSettings?: { Networks?: Record<string, unknown> | null; Ports?: RawPorts | null };
}

function readContainers(json: string): Container[] {
	const raw = JSON.parse(json || '[]') as RawContainer[];
	return raw.map((container) => ({
		id: container.Id,
		name: container.Name.replace(/^\//, ''),
		isRunning: container.State?.Running ?? false,
		createdAt: new Date(container.Created).toISOString(),
		labels: container.Config?.Labels ?? {},
		mounts: (container.Mounts ?? []).flatMap((mount) => mount.Destination ?? []),
		networks: Object.keys(container.NetworkSettings?.Networks ?? {}),
		// nerdctl tells them only where docker tells what is bound now.
		ports: readPorts(container.HostConfig?.PortBindings ?? container.NetworkSettings?.Ports ?? {}),
	}));
}

function readPorts(bindings: RawPorts): Record<string, number> {
	return Object.fromEntries(
		Object.entries(bindings).flatMap(([port, hosts]) => {
			const hostPort = Number(hosts?.[0]?.HostPort);
			return hostPort > 0 ? [[port, hostPort]] : [];
		}),
	);
}
