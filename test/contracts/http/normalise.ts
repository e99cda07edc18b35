/** Takes out of an answer what differs from run to run on one and the same cluster, and nothing else. */

export interface Surroundings {
	namespace: string;
	nodes: readonly string[];
	/** `https://127.0.0.1:6443` */
	server: string;
}

const rules: [RegExp, string][] = [
	[/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UID'],
	[/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| [+-]\d{4} UTC)/g, 'TIME'],
	[/(?<=\?hash=)[0-9A-F]{128}/g, 'HASH'],
	[/(?<=content-range: bytes \d+-\d+\/)\d+/g, 'SIZE'],
	[/X509SHA256=[0-9a-f]{64}/g, 'X509SHA256=DIGEST'],
	[/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'TOKEN'],
	[/-----BEGIN CERTIFICATE-----[^"]*-----END CERTIFICATE-----/g, 'CERTIFICATE'],
	[/("continue": ?)"[^"]+"/g, '$1"CONTINUE"'],
	[/(\\*"resourceVersion\\*": ?\\*")[1-9]\d*/g, '$1RV'],
	[/(resourceVersion: )"[1-9]\d*"/g, '$1"RV"'],
	[/(?<=ResourceVersion in record \(|resource version: |current: )\d+/g, 'RV'],
	[/(?<=resource version: RV \()\d+/g, 'RV'],
	[/\b\d{1,3}(?:\.\d{1,3}){3}(?=[:"/\\]|$)/g, 'IP'],
	[/\b\d+[smh](?=")/g, 'AGE'],
	[/(?<=[a-z0-9]-)[bcdfghjklmnpqrstvwxz2456789]{5}(?=["\\])/g, 'xxxxx'],
];

export function normalise(text: string, { namespace, nodes, server }: Surroundings): string {
	let steady = text.replaceAll(namespace, 'NS').replaceAll(new URL(server).host, 'SERVER');
	for (const node of nodes) steady = steady.replaceAll(node, 'NODE');
	for (const [pattern, name] of rules) steady = steady.replaceAll(pattern, name);
	return steady;
}
