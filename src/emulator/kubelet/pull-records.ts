/** Who may use an image that the node already holds (Kubernetes 1.35, KubeletEnsureSecretPulledImages). */

import type { CredentialSource } from './pull-secrets.ts';

/** How often a mere match is written down as well (pkg/kubelet/images/pullmanager). */
const matchesWritten = 100;

interface Access {
	/** Pulled without credentials once: everybody may. */
	isOpen: boolean;
	sources: CredentialSource[];
}

export interface PullRecords {
	/** `source` null: it was pulled without credentials. */
	write(imageId: string, repository: string, source: CredentialSource | null): void;
	/** `find` is asked only if it matters, because it may throw. */
	isAccessible(imageId: string, repository: string, find: () => readonly CredentialSource[]): boolean;
}

export interface RecordChange {
	change: 'record';
	imageId: string;
	repository: string;
	source: CredentialSource | null;
}

/** `keep`: told of each change before it takes effect. */
export function createPullRecords(keep: (change: RecordChange) => void = () => {}): PullRecords {
	const images = new Map<string, Map<string, Access>>();

	function write(imageId: string, repository: string, source: CredentialSource | null): void {
		if (isWritten(imageId, repository, source)) return;
		keep({ change: 'record', imageId, repository, source });
		const repositories = images.get(imageId) ?? new Map<string, Access>();
		images.set(imageId, repositories);
		const access = repositories.get(repository) ?? { isOpen: false, sources: [] };
		repositories.set(repository, access);
		if (source === null) access.isOpen = true;
		else access.sources = [source, ...access.sources.filter((known) => !isSameSecret(known, source))];
	}

	/** As it would be after it was written. */
	function isWritten(imageId: string, repository: string, source: CredentialSource | null): boolean {
		const access = images.get(imageId)?.get(repository);
		const [newest] = access?.sources ?? [];
		if (source === null) return access?.isOpen === true;
		return newest !== undefined && newest.hash === source.hash && isSameSecret(newest, source);
	}

	return {
		write,
		isAccessible(imageId, repository, find) {
			const repositories = images.get(imageId);
			// The kubelet did not pull it: it was loaded into the node, and belongs to everybody.
			if (repositories === undefined) return true;
			const access = repositories.get(repository);
			if (access === undefined) return false;
			if (access.isOpen) return true;
			for (const offered of find()) {
				const match = access.sources.find((known) => known.hash === offered.hash || isSameSecret(known, offered));
				if (match === undefined) continue;
				// Even where only the Secret's identity matches, and its password has become another one.
				const isWhole = match.hash === offered.hash && isSameSecret(match, offered);
				if (!isWhole && access.sources.length < matchesWritten) write(imageId, repository, offered);
				return true;
			}
			return false;
		},
	};
}

function isSameSecret(one: CredentialSource, other: CredentialSource): boolean {
	return one.uid === other.uid && one.namespace === other.namespace && one.name === other.name;
}
