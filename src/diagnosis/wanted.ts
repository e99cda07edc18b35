/** Which Pod was looked for, and what is expected of it. */

export interface Wanted {
	namespace: string;
	name: string;
	/** The task's image; undefined where no task asks for one. */
	image?: string | undefined;
	/** The container that is to run it; undefined: any. */
	container?: string | undefined;
	/** How the Pod is to get its list; undefined: in whatever way. */
	through?: 'pod' | 'service-account' | 'any' | undefined;
	/** The Secret that is to be on it; undefined: any. */
	secret?: string | undefined;
	/** Whether the registry served the image to the Pod's node once, for where the node itself does not tell. */
	isCached?: boolean | undefined;
	/** Whether that was so lately that the node may not tell yet that it has it. */
	isArriving?: boolean | undefined;
}
