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

/** Of a Pod template: the decimal digits of a number, written in letters of that alphabet. */
const hash = '[4-9bcdf]{6,10}';

/** As the tables and `describe` print it: minutes alone are less than 180, which tells them from `250m` of a processor. */
const age = '(?:\\d{1,2}m)?\\d{1,3}s|(?:1[0-7]\\d|\\d{1,2})m|\\d{1,2}h(?:\\d{1,2}m)?|\\d{1,3}d(?:\\d{1,2}h)?';

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
	[/(Resource Version: +)\d+/g, '$1RV'],
	// At a deadline of its own, kubectl either notices that it stops or logs that its watch ended, as chance has it.
	[/^[EW]\d{4} .* reflector\.go:\d+\] .*(?:very short watch|context deadline exceeded).*\n?/gm, ''],
	[/\b[EWI]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (\w+\.go):\d+\]/g, 'LOG $1]'],
	// A kubectl that is one program with other commands of Kubernetes leaves these words to its parser.
	[/\b[Ee]rror: (unknown command "\w+" for "kubectl"\n\nDid you mean this\?\n(?:\t\w+\n)+)\n*/g, 'error: $1'],
	[/\bhttp:\/\/[^/ ]+\/v2\//g, 'http://REGISTRY/v2/'],
	[/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, 'IP'],
	[/(?<=[a-z0-9])\.[0-9a-f]{16}\b/g, '.EVENT'],
	[new RegExp(`(?<=[a-z0-9]-)${hash}(-${safe}{5})?\\b`, 'g'), 'HASH$1'],
	[new RegExp(`((?:pod-template-hash|controller-revision-hash)"?[=:] ?"?(?:[a-z0-9-]+-)?)${hash}\\b`, 'g'), '$1HASH'],
	[new RegExp(`(?<=[a-zA-Z0-9]-)${safe}{5}\\b`, 'g'), 'xxxxx'],
	[new RegExp(`(?<=^|[\\s(])(?<!\\bfor )(?:${age})(?: \\(x\\d+ over (?:${age})\\))?(?=$|[\\s),])`, 'gm'), 'AGE'],
];

export function normalise(output: string, { namespace, otherNamespace, nodes, server, folder }: Surroundings): string {
	let text = output.replaceAll(otherNamespace, 'OTHER').replaceAll(namespace, 'NAMESPACE');
	for (const node of nodes) text = text.replaceAll(node, 'NODE');
	text = text
		.replaceAll(server, 'https://SERVER')
		.replaceAll(new URL(server).host, 'SERVER')
		.replaceAll(folder, 'FOLDER');
	for (const [pattern, name] of rules) text = text.replaceAll(pattern, name);
	return text.split('\n').map(closeGaps).join('\n');
}

/** The width of a column follows its longest cell, and kubectl makes it, not the cluster. */
function closeGaps(line: string): string {
	const indent = /^ */.exec(line)?.[0] ?? '';
	return indent + line.slice(indent.length).replaceAll(/ {2,}/g, '  ').trimEnd();
}
