/** A private registry of our own: `registry:2` in a container, with passwords, on this machine's loopback only. */

import { ProgramError } from '../exec.ts';
import type { Container, Engine } from '../model/engine.ts';
import { LabError, type Problem } from '../model/error.ts';
import { environmentLabel, nameLabel } from '../model/identity.ts';
import type { Found, RegistryDriver, StartedRegistry, Work } from '../model/provider.ts';
import type { Credentials } from '../model/registry.ts';
import { awaitHealth, isLockedFor } from './health.ts';
import { isPortFree, pickPort, portTaken } from './port.ts';
import { copySetup } from './setup-files.ts';

const image = 'docker.io/library/registry:2';

export interface ContainerRegistryOptions {
	environment: string;
	/** Name of the container, which is its host name on the nodes' network too. */
	container: string;
	engine: Engine;
	labHost: string;
	/** The port to use; undefined: a free one. */
	port: number | undefined;
	/** The port that it had when it was last seen: kept where it is still free. */
	lastPort: number | undefined;
	/** Network of the nodes. */
	network: string;
	/** Called with the log of a container that is about to go away. */
	saveLog(text: string): Promise<void>;
}

export function openContainerRegistry(options: ContainerRegistryOptions): RegistryDriver {
	const { container: name, engine, labHost } = options;

	async function inspect(signal: AbortSignal): Promise<Container | null> {
		return (await engine.inspect([name], signal))[0] ?? null;
	}

	async function find(signal: AbortSignal): Promise<Found> {
		const found = await inspect(signal);
		if (found === null) return { state: 'absent' };
		const label = found.labels[environmentLabel];
		if (label === undefined || found.labels[nameLabel] !== options.environment) {
			return { state: 'foreign', what: `container ${name}` };
		}
		return { state: found.isRunning ? 'running' : 'stopped', label };
	}

	async function check(signal: AbortSignal): Promise<Problem[]> {
		if (options.port === undefined) return [];
		const found = await inspect(signal);
		if (found !== null && found.ports['5000/tcp'] === options.port) return [];
		if (await isPortFree(options.port)) return [];
		return [portTaken(options.port)];
	}

	async function start(
		label: string,
		credentials: Credentials,
		work: Work,
		made: () => void,
	): Promise<StartedRegistry> {
		const found = await inspect(work.signal);
		const isKept = found !== null && isUsable(found, label) && (found.isRunning || (await startAgain(found, work)));
		if (found !== null && !isKept) await putAway(work.signal);
		if (!isKept) await create(label, credentials, work, made);
		const running = await inspect(work.signal);
		const port = running?.ports['5000/tcp'];
		if (running === null || port === undefined) throw vanished(name);
		const endpoint = `http://127.0.0.1:${port}`;
		work.tell(`waiting for an answer at ${endpoint}`);
		await awaitAnswer(endpoint, credentials, work);
		const hasSavedLog = found !== null && !isKept && found.labels[environmentLabel] === label;
		const about = `registry:2, htpasswd, 127.0.0.1:${port}`;
		return { endpoint, instance: running.id, since: running.createdAt, hasSavedLog, about };
	}

	function isUsable(found: Container, label: string): boolean {
		const port = found.ports['5000/tcp'];
		return found.labels[environmentLabel] === label && port !== undefined && (options.port ?? port) === port;
	}

	async function create(label: string, credentials: Credentials, work: Work, made: () => void): Promise<void> {
		const port = options.port ?? (await pickPort(options.lastPort));
		made();
		work.tell('creating the container');
		const labels = [`${environmentLabel}=${label}`, `${nameLabel}=${options.environment}`];
		const args = [
			...['create', '--name', name, '--hostname', name, '--restart', 'unless-stopped'],
			...['--publish', `127.0.0.1:${port}:5000`],
			...labels.flatMap((text) => ['--label', text]),
			image,
		];
		try {
			await engine.run(args, { signal: work.signal, timeout: 300_000 });
			await copySetup(engine, name, credentials, work.signal);
			await engine.run(['start', name], { signal: work.signal, timeout: 60_000 });
		} catch (error) {
			throw error instanceof ProgramError ? explainStart(name, port, error) : error;
		}
	}

	/** False: its port was taken by somebody else meanwhile, and nobody asked for this very port. */
	async function startAgain(found: Container, work: Work): Promise<boolean> {
		work.tell('starting the container');
		try {
			await engine.run(['start', name], { signal: work.signal, timeout: 60_000 });
			return true;
		} catch (error) {
			if (!(error instanceof ProgramError)) throw error;
			const failure = explainStart(name, found.ports['5000/tcp'] ?? 0, error);
			if (failure.code === 'port-taken' && options.port === undefined) return false;
			throw failure;
		}
	}

	async function putAway(signal: AbortSignal): Promise<void> {
		await options.saveLog(await engine.run(['logs', name], { signal }));
		await removeContainer(signal);
	}

	async function awaitAnswer(endpoint: string, credentials: Credentials, work: Work): Promise<void> {
		if (await isLockedFor(endpoint, credentials, work.signal)) return;
		work.tell('putting the password back');
		await copySetup(engine, name, credentials, work.signal);
		await engine.run(['restart', '--time', '1', name], { signal: work.signal });
		await awaitHealth(endpoint, credentials, work.signal);
	}

	/** registry:2 reads the file anew when it was changed. */
	async function changePassword(credentials: Credentials, signal: AbortSignal): Promise<void> {
		const port = (await inspect(signal))?.ports['5000/tcp'];
		if (port === undefined) throw vanished(name);
		await copySetup(engine, name, credentials, signal);
		await awaitHealth(`http://127.0.0.1:${port}`, credentials, signal);
	}

	async function joinNodes(signal: AbortSignal): Promise<string> {
		const found = await inspect(signal);
		if (found === null) throw vanished(name);
		if (!found.networks.includes(options.network)) {
			await engine.run(['network', 'connect', options.network, name], { signal });
		}
		return `http://${name}:5000`;
	}

	async function remove(label: string, signal: AbortSignal): Promise<string[]> {
		const found = await inspect(signal);
		if (found === null || found.labels[environmentLabel] !== label) return [];
		await removeContainer(signal);
		return [`registry container ${name}`];
	}

	async function removeContainer(signal: AbortSignal): Promise<void> {
		await engine.run(['rm', '-f', '-v', name], { signal, timeout: 60_000 });
	}

	return { ownership: 'ours', labHost, container: name, check, find, start, changePassword, joinNodes, remove };
}

/** Every registry container of an environment, told by its label alone. */
export async function removeRegistryContainers(
	engine: Engine,
	environment: string,
	signal: AbortSignal,
): Promise<string[]> {
	const list = async () => {
		const args = ['ps', '--all', '--filter', `label=${nameLabel}=${environment}`, '--format', '{{.Names}}'];
		return (await engine.run(args, { signal })).split('\n').filter((line) => line !== '');
	};
	const removed: string[] = [];
	// One that was being created when its creator was killed shows up late: hence the second look.
	for (let names = await list(); names.length > 0; names = await list()) {
		await engine.run(['rm', '-f', '-v', ...names], { signal, timeout: 60_000 });
		removed.push(...names.map((name) => `registry container ${name}`));
	}
	return removed;
}

function explainStart(name: string, port: number, error: ProgramError): LabError {
	if (/address already in use|port is already allocated|ports are not available/i.test(error.stderr)) {
		return new LabError(portTaken(port), { cause: error });
	}
	if (/is already in use by container/i.test(error.stderr)) {
		return new LabError(
			{
				code: 'name-in-use',
				message: `There is a container ${name} that is not ours.`,
				remedy: 'Give the environment another name: kubeproctor --name NAME up',
			},
			{ cause: error },
		);
	}
	return new LabError(
		{
			code: 'registry-not-started',
			message: `The registry container ${name} could not be started: ${error.message}`,
			remedy: `If its image is missing: docker pull ${image}. Then run this again.`,
		},
		{ cause: error },
	);
}

function vanished(name: string): LabError {
	return new LabError({
		code: 'registry-absent',
		message: `The registry container ${name} is not there any more.`,
		remedy: 'Somebody removed it; kubeproctor up makes it again.',
	});
}
