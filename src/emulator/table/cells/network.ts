/** Rows of services and what leads to Pods. */

import { ageOf, formatLabels, formatSome, type Loose, type Printer } from './printer.ts';

export const networkPrinters: Readonly<Record<string, Printer>> = {
	Service: (object, now) => {
		const { metadata, spec } = object;
		return [
			metadata.name,
			spec.type,
			spec.clusterIPs?.[0] ?? '<none>',
			describeOutside(object),
			formatPorts(spec.ports ?? []) || '<none>',
			ageOf(object, now),
			formatLabels(spec.selector),
		];
	},
	Endpoints: (object, now) => [object['metadata'].name, formatSubsets(object['subsets'] ?? []), ageOf(object, now)],
	EndpointSlice: (object, now) => {
		const ports = ((object['ports'] ?? []) as Loose[]).map(({ port, name }) => String(port ?? name ?? '*'));
		const addresses = ((object['endpoints'] ?? []) as Loose[]).flatMap((endpoint) => endpoint['addresses'] as string[]);
		const cells = [ports, addresses].map((items) => formatSome(items) || '<unset>');
		return [object['metadata'].name, object['addressType'], ...cells, ageOf(object, now)];
	},
	Ingress: (object, now) => {
		const { metadata, spec } = object;
		return [
			metadata.name,
			spec.ingressClassName ?? '<none>',
			formatHosts(spec.rules ?? []),
			listAddresses(object),
			(spec.tls ?? []).length > 0 ? '80, 443' : '80',
			ageOf(object, now),
		];
	},
	IngressClass: (object, now) => {
		const { apiGroup, kind, name } = object['spec'].parameters ?? {};
		const parameters = kind === undefined ? '<none>' : `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
		return [object['metadata'].name, object['spec'].controller, parameters, ageOf(object, now)];
	},
};

function describeOutside(service: Loose): string {
	const { type, externalName, externalIPs = [] } = service['spec'];
	if (type === 'ExternalName') return externalName ?? '';
	const given = type === 'LoadBalancer' ? listAddresses(service).split(',').filter(Boolean) : [];
	return [...given, ...externalIPs].join(',') || (type === 'LoadBalancer' ? '<pending>' : '<none>');
}

function listAddresses({ status }: Loose): string {
	const entries = (status?.loadBalancer?.ingress ?? []) as Loose[];
	return [...new Set(entries.map(({ ip, hostname }) => ip || hostname).filter(Boolean))].sort().join(',');
}

function formatPorts(ports: readonly Loose[]): string {
	return ports
		.map(({ port, nodePort, protocol }) => `${port}${nodePort > 0 ? `:${nodePort}` : ''}/${protocol}`)
		.join(',');
}

function formatHosts(rules: readonly Loose[]): string {
	const hosts = rules.map(({ host }) => host as string | undefined).filter(Boolean);
	if (hosts.length === 0) return '*';
	const shown = hosts.slice(0, 3).join(',');
	return hosts.length > 3 ? `${shown} + ${rules.length - 3} more...` : shown;
}

function formatSubsets(subsets: readonly Loose[]): string {
	if (subsets.length === 0) return '<none>';
	const addresses = subsets.flatMap(({ addresses = [], ports = [] }) => {
		const ips = (addresses as Loose[]).map(({ ip }) => ip as string);
		if (ports.length === 0) return ips;
		return (ports as Loose[]).flatMap(({ port }) => ips.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`));
	});
	return formatSome(addresses);
}
