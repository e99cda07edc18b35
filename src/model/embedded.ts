/** The process of an embedded environment: what it is told, where it answers, and what others ask of it. */

import type { Found, Work } from './provider.ts';

export interface EmbeddedPlan {
	/** The environment's own folder. */
	folder: string;
	/** The environment's name. */
	name: string;
	/** Name of the kubeconfig's context. */
	context: string;
	/** Opens the control door. */
	token: string;
	/** Of the API server: taken where it is free, else another. */
	lastPort: number | undefined;
	registries: EmbeddedRegistryPlan[];
}

export interface EmbeddedRegistryPlan {
	/** The host under which the lab knows it. */
	host: string;
	/** The port to use; undefined: one that is free. */
	port: number | undefined;
	/** The port that it had last: kept where it is still free. */
	lastPort: number | undefined;
}

export interface EmbeddedEndpoints {
	/** URL of the API server. */
	server: string;
	/** URL of the control door, see `EmbeddedProcess.order`. */
	control: string;
	/** URL of each registry, by the host under which the lab knows it. */
	registries: Record<string, string>;
}

/** What is written down about the process, readable by this account only. */
export interface EmbeddedRecord extends EmbeddedEndpoints {
	schemaVersion: 1;
	/** The environment's label. */
	label: string;
	token: string;
	pid: number;
	/** Tells it from a later process with the same id; see process-table.ts. */
	began: string;
}

export interface EmbeddedProcess {
	find(): Promise<Found>;
	/** Starts it where it does not run; asked for twice, it starts once. */
	start(label: string, work: Work): Promise<EmbeddedRecord>;
	/** The id of the process that was ended; null: there was none. */
	stop(): Promise<number | null>;
	/** `PUT registries/<host>/user` and the like. Throws LabError where it does not answer. */
	order(method: 'PUT' | 'DELETE', path: string, body?: unknown): Promise<void>;
}

/** The file of an EmbeddedRecord, in the environment's folder. */
export const recordName = 'embedded.json';

/** The folder in which a registry keeps everything. */
export function nameRegistryFolder(host: string): string {
	return `registries/${host.replaceAll(':', '_')}`;
}
