/** What is written down about an environment, beside the cluster and the registry themselves. */

import type { ProviderId } from './cluster.ts';
import type { PushedImage, Registry } from './registry.ts';

export interface EnvironmentRecord {
	schemaVersion: 1;
	name: string;
	/** `<name>-<random id>` */
	label: string;
	provider: ProviderId;
	lab: string;
	context: string;
	registries: RegistryRecord[];
	images: PushedImage[];
	hosts: Record<string, string>;
	namespaces: Record<string, string>;
	controlNamespace: string;
	/** RFC 3339. */
	createdAt: string;
	/** RFC 3339; null: `up` has never come to its end here. */
	completedAt: string | null;
	/** A reset has begun and has not come to its end, so that the next `up` must go on with it. */
	isResetting: boolean;
	/** Passwords were made by chance, not taken from the lab. */
	hasRandomPasswords: boolean;
	/** A kubeconfig beside the environment's own that has this cluster too; null: none. */
	mergedInto: string | null;
	/** The engine whose containers these are, e.g. `docker`; null where no container is involved. */
	engine: string | null;
}

export interface RegistryRecord extends Registry {
	/** Identity of the container that ran it last; null: it has no log. */
	instance: string | null;
	/** Its container's name; null: it is not ours. */
	container: string | null;
	/** RFC 3339: requests before this moment are not known, because a log was lost. */
	lostBefore: string | null;
}
