/** Which Pod was looked for, and what is expected of it. */

export interface Wanted {
	namespace: string;
	name: string;
	/** The task's image; undefined where no task asks for one. */
	image?: string | undefined;
	/** The container that is to run it; undefined: any. */
	container?: string | undefined;
	/** Whether the list must come from the ServiceAccount. */
	isInheritanceWanted?: boolean | undefined;
	/** Whether the registry served the image to the Pod's node once, for where the node itself does not tell. */
	isCached?: boolean | undefined;
}
