/** Takes out of an output what differs from run to run on one and the same cluster, and nothing else. */

export interface Surroundings {
	namespace: string;
	otherNamespace: string;
	/** Names of the cluster's nodes. */
	nodes: readonly string[];
	/** `https://127.0.0.1:6443` */
	server: string;
	/** The folder that commands run in. */
	folder: string;
}

/** The letters and digits that Kubernetes makes random names of: none that might spell a word. */
const safe = '[bcdfghjklmnpqrstvwxz2456789]';

const age = '(?:\\d+y)?(?:\\d+d)?(?:\\d+h)?(?:\\d+m)?(?:\\d+s)|\\d+[ydhm](?:\\d+[dhm])?';

const rules: [RegExp, string][] = [
	[/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UID'],
	[/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| [+-]\d{4} UTC)/g, 'TIME'],
	[/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME'],
	[/-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----/g, 'CERTIFICATE'],
	[/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'TOKEN'],
	[/sha256:[0-9a-f]{64}/g, 'sha256:DIGEST'],
	[/containerd:\/\/[0-9a-f]{64}/g, 'containerd://ID'],
	[/\bin \S+ \(\S+ including waiting\)/g, 'in DURATION (DURATION including waiting)'],
	[/Image size: \d+ bytes/g, 'Image size: SIZE bytes'],
	[/("?resourceVersion"?: ?)"?\d+"?/g, '$1"RV"'],
	[/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g, 'IP'],
	[/(?<=[a-z0-9])\.[0-9a-f]{16}\b/g, '.EVENT'],
	[new RegExp(`(?<=[a-z0-9]-)(?=[a-z]*\\d)${safe}{8,10}(-${safe}{5})?\\b`, 'g'), 'HASH$1'],
	[new RegExp(`((?:pod-template-hash|controller-revision-hash|controller-uid)\\S{0,3} ?"?(?:[a-z0-9-]+-)?)${safe}{6,10}\\b`, 'g'), '$1HASH'],
	[new RegExp(`(?<=[a-zA-Z0-9]-)${safe}{5}\\b`, 'g'), 'xxxxx'],
	[new RegExp(`(?<=^|[\\s(])(?<!\\bfor )(?:${age})(?: \\(x\\d+ over (?:${age})\\))?(?=$|[\\s),])`, 'gm'), 'AGE'],
];

export function normalise(output: string, { namespace, otherNamespace, nodes, server, folder }: Surroundings): string {
	let text = output.replaceAll(otherNamespace, 'OTHER').replaceAll(namespace, 'NAMESPACE');
	for (const node of nodes) text = text.replaceAll(node, 'NODE');
	text = text.replaceAll(server, 'https://SERVER').replaceAll(new URL(server).host, 'SERVER').replaceAll(folder, 'FOLDER');
	for (const [pattern, name] of rules) text = text.replaceAll(pattern, name);
	return text.split('\n').map(closeGaps).join('\n');
}

/** The width of a column follows its longest cell, and kubectl makes it, not the cluster. */
function closeGaps(line: string): string {
	const indent = /^ */.exec(line)?.[0] ?? '';
	return indent + line.slice(indent.length).replaceAll(/ {2,}/g, '  ').trimEnd();
}
