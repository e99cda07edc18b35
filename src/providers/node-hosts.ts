/** The script that tells a node's containerd where the images of some hosts are really served. */

/** Containerd reads these files at every pull, so nothing needs a restart. */
export function writeHosts(files: ReadonlyMap<string, string>): string {
	const parts = [...files].map(([host, text]) => {
		const folder = `/etc/containerd/certs.d/${host}`;
		return `mkdir -p '${folder}'\ncat > '${folder}/hosts.toml' <<'END'\n${text.trimEnd()}\nEND\n`;
	});
	return parts.join('');
}
