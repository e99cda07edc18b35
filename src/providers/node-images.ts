/** Which names of a node's images are those of some registries, as `ctr images list` has them. */

/**
 * A name for each tag and each digest under which an image was pulled or loaded, and one of the image's own, `sha256:…`,
 * which goes where no other is left: without it the image is gone.
 */
export function findImageNames(list: string, hosts: readonly string[]): string[] {
	const [, ...lines] = list.trim().split('\n');
	const images = new Map<string, string[]>();
	for (const line of lines) {
		const [name = '', , digest = ''] = line.split(/\s+/);
		images.set(digest, [...(images.get(digest) ?? []), name]);
	}
	const isTheirs = (name: string) => hosts.some((host) => name.startsWith(`${host}/`));
	return [...images.values()].flatMap((names) => {
		const found = names.filter(isTheirs);
		const isLast = found.length > 0 && names.every((name) => isTheirs(name) || name.startsWith('sha256:'));
		return isLast ? names : found;
	});
}
