/** A container registry as the rest of the program sees it, whoever runs it. */

export interface Credentials {
	username: string;
	password: string;
}

export interface Registry {
	/** The name that Pods use, e.g. `registry.example.com`; may carry a port. */
	host: string;
	/** Its URL from this machine, e.g. `http://127.0.0.1:41873`. */
	endpoint: string;
	/** The user that the lab hands out. */
	username: string;
	/** `ours`: made by `up`, has a log and one known user. `external`: the school's. */
	ownership: 'ours' | 'external';
	/** RFC 3339: since when it accepts its present password; absent or null: since `up`. */
	passwordChangedAt?: string | null | undefined;
}

/** An image that `up` put into a registry. */
export interface PushedImage {
	registry: string;
	repository: string;
	tag: string;
	/** Digest of the image index, `sha256:…`. */
	digest: string;
	/** Digests of the per-platform manifests below it. */
	manifests: string[];
}

/** One answered request for a manifest, from the registry's own log. */
export interface PullRecord {
	/** RFC 3339. */
	time: string;
	method: 'GET' | 'HEAD';
	repository: string;
	/** The tag or digest that was asked for. */
	reference: string;
	status: number;
	/** Address of who asked, without port. */
	client: string;
	userAgent: string;
}

export interface PullLog {
	records: PullRecord[];
	/** RFC 3339: nothing is known of requests before this moment, because the registry's log was lost. Null: complete since `up`. */
	lostBefore: string | null;
}

/** What the grader may do with a registry. */
export interface RegistryAccess extends Registry {
	/** The credentials that `up` verified, or null where they are not known to this machine. */
	credentials: Credentials | null;
	/** Whether credentials that a learner wrote may be sent to it. */
	mayTryCredentials: boolean;
	/** Null: this registry has no log that we can read. */
	pullLog(): Promise<PullLog | null>;
}
