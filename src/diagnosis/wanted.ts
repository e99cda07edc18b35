/** Which Pod was looked for, and what is expected of it. */

export interface Wanted {
	namespace: string;
	name: string;
	/** The task's image; undefined where no task asks for one. */
	image?: string | undefined;
	/** Whether the list must come from the ServiceAccount. */
	isInheritanceWanted?: boolean | undefined;
	/** Whether the node holds the image already, so that no back-off stands before it. */
	isCached?: boolean | undefined;
}
