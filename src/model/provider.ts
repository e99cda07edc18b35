/** Who makes or lends the cluster and runs the registries: what bringing up an environment is handed. */

import type { ClusterAccess, ProviderId } from './cluster.ts';
import type { Problem } from './error.ts';
import type { Credentials, PushedImage, Registry } from './registry.ts';

/** How something long is watched and stopped. */
export interface Work {
	signal: AbortSignal;
	/** What is being done now, in a few words. */
	tell(detail: string): void;
}

/** What stands under an environment's name; `foreign`: somebody else made it. */
export type Found =
	| { state: 'absent' }
	| { state: 'foreign'; what: string }
	| { state: 'running' | 'stopped'; label: string };

export interface Provider {
	readonly id: ProviderId;
	/** Others, on other machines, may have environments there too, even of the same name. */
	readonly isShared: boolean;
	/**
	 * Everything that this machine lacks, at once, and what will do the work, e.g. `kind 0.33.0, docker 28.2.2`.
	 * `warnings`: what the learner will lack, though we do not.
	 */
	check(signal: AbortSignal): Promise<{ problems: Problem[]; warnings?: Problem[]; about: string }>;
	find(signal: AbortSignal): Promise<Found>;
	/** Marks whatever it makes with the label from the first instant. */
	create(label: string, work: Work): Promise<void>;
	/** Starts what was stopped. */
	start(work: Work): Promise<void>;
	/** Writes the environment's own kubeconfig where it is absent. */
	connect(signal: AbortSignal): Promise<ClusterAccess>;
	/**
	 * Puts a containerd `hosts.toml` for each host on every node; never with credentials in it.
	 * Null: the nodes must reach registries by themselves.
	 */
	readonly routeHosts: ((files: ReadonlyMap<string, string>, signal: AbortSignal) => Promise<void>) | null;
	/**
	 * Takes the images of these hosts from every node, however they came there, and no others.
	 * Null: the nodes are not ours.
	 */
	readonly removeImages: ((hosts: readonly string[], signal: AbortSignal) => Promise<void>) | null;
	/** Removes what carries the label and nothing else; says what that was. */
	remove(label: string, signal: AbortSignal): Promise<string[]>;
}

export interface RegistryDriver {
	readonly ownership: Registry['ownership'];
	/** The host under which the lab knows it. */
	readonly labHost: string;
	/** Name of its container; null: somebody else runs it. */
	readonly container: string | null;
	check(signal: AbortSignal): Promise<Problem[]>;
	find(signal: AbortSignal): Promise<Found>;
	/**
	 * Makes, starts or mends it until it answers to these credentials and to nobody without; resolves to its endpoint.
	 * `made`: is called before something new comes into being.
	 */
	start(label: string, credentials: Credentials, work: Work, made: () => void): Promise<StartedRegistry>;
	/** From then on it answers to these credentials alone. Throws LabError where it is not ours to change. */
	changePassword(credentials: Credentials, signal: AbortSignal): Promise<void>;
	/** Brings it within reach of the nodes; resolves to the URL at which they reach it, null: at its own host. */
	joinNodes(signal: AbortSignal): Promise<string | null>;
	/** Removes images that we pushed; absent where they go with the registry itself. */
	removeImages?(images: readonly PushedImage[], credentials: Credentials, signal: AbortSignal): Promise<string[]>;
	remove(label: string, signal: AbortSignal): Promise<string[]>;
}

export interface StartedRegistry {
	endpoint: string;
	/** Identity of what runs it, so that a log that started anew is noticed; null: it has no log. */
	instance: string | null;
	/** RFC 3339: when that instance began. */
	since: string;
	/** It took the place of another one, whose log was saved first. */
	hasSavedLog: boolean;
	/** `registry:2, htpasswd` */
	about: string;
}
