/** An environment that exists: what commands are handed once a name has been resolved. */

import type { ClusterAccess, ProviderId } from './cluster.ts';
import type { PushedImage, RegistryAccess } from './registry.ts';

export interface Session {
	name: string;
	/** Value of the label that marks everything of this environment: `<name>-<random id>`. */
	label: string;
	provider: ProviderId;
	/** The lab that is set up here. */
	lab: string;
	cluster: ClusterAccess;
	registries: RegistryAccess[];
	images: PushedImage[];
	/** The lab's registry host → the host that this environment really uses. */
	hosts: Record<string, string>;
	/** The lab's namespace → the namespace that this environment really uses. */
	namespaces: Record<string, string>;
	/** The namespace of the negative controls. */
	controlNamespace: string;
	/** Folder of this environment's own files. */
	folder: string;
}
