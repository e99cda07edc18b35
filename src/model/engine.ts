/** The container engine: docker, podman or nerdctl, by its command line. */

export interface EngineOptions {
	input?: string | Uint8Array;
	signal?: AbortSignal | undefined;
	/** Milliseconds; default 30,000. */
	timeout?: number;
}

export interface Engine {
	/** The program to run, e.g. `docker`. */
	readonly program: string;
	/** Resolves to stdout. Throws LabError where the engine does not answer, ProgramError for anything else. */
	run(args: readonly string[], options?: EngineOptions): Promise<string>;
	/** What the engine knows of these containers; absent ones are left out. */
	inspect(names: readonly string[], signal?: AbortSignal): Promise<Container[]>;
}

export interface Container {
	id: string;
	name: string;
	isRunning: boolean;
	/** RFC 3339. */
	createdAt: string;
	labels: Record<string, string>;
	/** Paths inside the container at which something is mounted. */
	mounts: string[];
	networks: string[];
	/** Port of this machine by port of the container, e.g. `5000/tcp`, as it was asked for. */
	ports: Record<string, number>;
}
