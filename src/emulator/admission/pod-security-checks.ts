/** The checks of the Pod Security Standards, in their newest versions (k8s.io/pod-security-admission/policy). */

import type { Container, Handler, Pod, PodSpec, Probe, Volume } from '../pod.ts';
import { quote } from '../validation/field-error.ts';

/** What a check finds: `reason (detail)`. */
export interface Violation {
	reason: string;
	detail: string;
}

type Metadata = Partial<Pod['metadata']>;
type Check = (spec: PodSpec, metadata: Metadata) => Violation | null;

const defaultCapabilities = [
	...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
	...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];
const safeSysctls = [
	'kernel.shm_rmid_forced',
	'net.ipv4.ip_local_port_range',
	'net.ipv4.tcp_syncookies',
	'net.ipv4.ping_group_range',
	'net.ipv4.ip_unprivileged_port_start',
	'net.ipv4.ip_local_reserved_ports',
	'net.ipv4.tcp_keepalive_time',
	'net.ipv4.tcp_fin_timeout',
	'net.ipv4.tcp_keepalive_intvl',
	'net.ipv4.tcp_keepalive_probes',
	'net.ipv4.tcp_rmem',
	'net.ipv4.tcp_wmem',
];
const freeVolumes = [
	...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected'],
	'secret',
];
const selinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

/** In the order in which violations are told. */
const baseline: readonly Check[] = [
	checkAppArmor,
	checkAddedCapabilities,
	checkHostNamespaces,
	checkHostPaths,
	checkHostPorts,
	checkProbeHosts,
	checkPrivileged,
	checkProcMount,
	checkSelinux,
	checkSeccompBaseline,
	checkSysctls,
	checkHostProcess,
];
/** Their stricter versions take their place. */
const overridden: readonly Check[] = [checkAddedCapabilities, checkHostPaths, checkSeccompBaseline];
const restricted: readonly Check[] = [
	...baseline.filter((check) => !overridden.includes(check)),
	checkEscalation,
	checkDroppedCapabilities,
	checkVolumeTypes,
	checkNonRoot,
	checkUser,
	checkSeccompRestricted,
];

export function findSecurityViolations(level: string, spec: PodSpec, metadata: Metadata): Violation[] {
	const checks = level === 'baseline' ? baseline : level === 'restricted' ? restricted : [];
	return checks.flatMap((check) => check(spec, metadata) ?? []);
}

function listContainers(spec: PodSpec): Container[] {
	return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

function nameContainers(containers: readonly { name: string }[]): string {
	return `${pluralize('container', containers.length)} ${join(containers.map(({ name }) => name))}`;
}

function join(items: Iterable<string>): string {
	return `"${[...items].join('", "')}"`;
}

function joinSorted(items: Iterable<string>): string {
	return join([...new Set(items)].sort());
}

function pluralize(word: string, count: number): string {
	return count === 1 ? word : `${word}s`;
}

/** `pod and container "a"`: who sets something; null: nobody. */
function nameSetters(isPod: boolean, containers: Container[]): string | null {
	const setters = [...(isPod ? ['pod'] : []), ...(containers.length > 0 ? [nameContainers(containers)] : [])];
	return setters.length === 0 ? null : setters.join(' and ');
}

function checkAppArmor(spec: PodSpec, { annotations = {} }: Metadata): Violation | null {
	const isBad = (type: string | undefined) => type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';
	const pod = spec.securityContext?.appArmorProfile?.type;
	const bad = listContainers(spec).filter(({ securityContext }) => isBad(securityContext?.appArmorProfile?.type));
	const forbidden = Object.entries(annotations)
		.filter(
			([name, value]) => name.startsWith('container.apparmor.security.beta.kubernetes.io/') && value === 'unconfined',
		)
		.map(([name, value]) => `${name}=${quote(value)}`)
		.sort();
	const setters = nameSetters(isBad(pod), bad);
	if (setters === null && forbidden.length === 0) return null;
	const types = bad.map(({ securityContext }) => securityContext?.appArmorProfile?.type ?? '');
	const values = [...new Set([...(isBad(pod) && pod !== undefined ? [pod] : []), ...types])].sort();
	const told = [...values, ...forbidden];
	const who = [
		...(setters ? [setters] : []),
		...(forbidden.length > 0 ? [pluralize('annotation', forbidden.length)] : []),
	];
	return {
		reason: pluralize('forbidden AppArmor profile', told.length),
		detail: `${who.join(' and ')} must not set AppArmor profile type to ${join(told)}`,
	};
}

function checkAddedCapabilities(spec: PodSpec): Violation | null {
	const added = ({ securityContext }: Container) =>
		(securityContext?.capabilities?.add ?? []).filter((name) => !defaultCapabilities.includes(name));
	const bad = listContainers(spec).filter((container) => added(container).length > 0);
	if (bad.length === 0) return null;
	return {
		reason: 'non-default capabilities',
		detail: `${nameContainers(bad)} must not include ${joinSorted(bad.flatMap(added))} in securityContext.capabilities.add`,
	};
}

function checkHostNamespaces(spec: PodSpec): Violation | null {
	const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => spec[name]);
	return used.length === 0
		? null
		: { reason: 'host namespaces', detail: used.map((name) => `${name}=true`).join(', ') };
}

function checkHostPaths({ volumes = [] }: PodSpec): Violation | null {
	const bad = volumes.filter(({ hostPath }) => hostPath);
	if (bad.length === 0) return null;
	const names = join(bad.map(({ name }) => name));
	return { reason: 'hostPath volumes', detail: `${pluralize('volume', bad.length)} ${names}` };
}

function checkHostPorts(spec: PodSpec): Violation | null {
	const portsOf = ({ ports = [] }: Container) => ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
	const bad = listContainers(spec).filter((container) => portsOf(container).length > 0);
	if (bad.length === 0) return null;
	const ports = [...new Set(bad.flatMap(portsOf))].sort();
	const uses = bad.length === 1 ? 'uses' : 'use';
	return {
		reason: 'hostPort',
		detail: `${nameContainers(bad)} ${uses} ${pluralize('hostPort', ports.length)} ${ports.join(', ')}`,
	};
}

function checkProbeHosts(spec: PodSpec): Violation | null {
	const hostsOf = (container: Container) => {
		const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
		const handlers: (Probe | Handler | undefined)[] = [livenessProbe, readinessProbe, startupProbe];
		return [...handlers, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) =>
			[handler?.httpGet, handler?.tcpSocket].flatMap((action) => action?.host || []),
		);
	};
	const bad = listContainers(spec).filter((container) => hostsOf(container).length > 0);
	if (bad.length === 0) return null;
	const hosts = [...new Set(bad.flatMap(hostsOf))];
	const uses = bad.length === 1 ? 'uses' : 'use';
	return {
		reason: 'probe or lifecycle host',
		detail: `${pluralize('container', bad.length)} ${joinSorted(bad.map(({ name }) => name))} ${uses} ${pluralize('probe or lifecycle host', hosts.length)} ${joinSorted(hosts)}`,
	};
}

function checkPrivileged(spec: PodSpec): Violation | null {
	const bad = listContainers(spec).filter(({ securityContext }) => securityContext?.privileged);
	if (bad.length === 0) return null;
	return { reason: 'privileged', detail: `${nameContainers(bad)} must not set securityContext.privileged=true` };
}

function checkProcMount(spec: PodSpec): Violation | null {
	const bad = listContainers(spec).filter(
		({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default',
	);
	if (bad.length === 0 || spec.hostUsers === false) return null;
	const types = joinSorted(bad.map(({ securityContext }) => securityContext?.procMount ?? ''));
	return { reason: 'procMount', detail: `${nameContainers(bad)} must not set securityContext.procMount to ${types}` };
}

type SelinuxOptions = NonNullable<NonNullable<Container['securityContext']>['seLinuxOptions']>;

function checkSelinux(spec: PodSpec): Violation | null {
	const isBad = (options: SelinuxOptions | undefined): options is SelinuxOptions =>
		options !== undefined && (!selinuxTypes.includes(options.type ?? '') || Boolean(options.user || options.role));
	const pod = spec.securityContext?.seLinuxOptions;
	const bad = listContainers(spec).filter(({ securityContext }) => isBad(securityContext?.seLinuxOptions));
	const setters = nameSetters(isBad(pod), bad);
	if (setters === null) return null;
	const all = [pod, ...bad.map(({ securityContext }) => securityContext?.seLinuxOptions)].filter(isBad);
	const types = [...new Set(all.map(({ type = '' }) => type).filter((type) => !selinuxTypes.includes(type)))];
	const data = [
		...(types.length > 0 ? [`${pluralize('type', types.length)} ${joinSorted(types)}`] : []),
		...(all.some(({ user }) => user) ? ['user may not be set'] : []),
		...(all.some(({ role }) => role) ? ['role may not be set'] : []),
	];
	const detail = `${setters} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`;
	return { reason: 'seLinuxOptions', detail };
}

function checkSeccompBaseline(spec: PodSpec): Violation | null {
	const pod = spec.securityContext?.seccompProfile?.type;
	const bad = listContainers(spec).filter(({ securityContext }) => isBadSeccomp(securityContext?.seccompProfile?.type));
	const setters = nameSetters(isBadSeccomp(pod), bad);
	if (setters === null) return null;
	const types = [pod, ...bad.map(({ securityContext }) => securityContext?.seccompProfile?.type)];
	const values = joinSorted(types.filter((type): type is string => isBadSeccomp(type)));
	return {
		reason: 'seccompProfile',
		detail: `${setters} must not set securityContext.seccompProfile.type to ${values}`,
	};
}

function isBadSeccomp(type: string | undefined): boolean {
	return type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';
}

function checkSysctls({ securityContext }: PodSpec): Violation | null {
	const bad = (securityContext?.sysctls ?? [])
		.map(({ name = '' }) => name)
		.filter((name) => !safeSysctls.includes(name));
	return bad.length === 0 ? null : { reason: 'forbidden sysctls', detail: bad.join(', ') };
}

function checkHostProcess(spec: PodSpec): Violation | null {
	const bad = listContainers(spec).filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess);
	const setters = nameSetters(spec.securityContext?.windowsOptions?.hostProcess ?? false, bad);
	if (setters === null) return null;
	return { reason: 'hostProcess', detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true` };
}

function checkEscalation(spec: PodSpec): Violation | null {
	const bad = listContainers(spec).filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
	if (bad.length === 0 || spec.os?.name === 'windows') return null;
	return {
		reason: 'allowPrivilegeEscalation != false',
		detail: `${nameContainers(bad)} must set securityContext.allowPrivilegeEscalation=false`,
	};
}

function checkDroppedCapabilities(spec: PodSpec): Violation | null {
	if (spec.os?.name === 'windows') return null;
	const containers = listContainers(spec);
	const keeping = containers.filter(({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'));
	const added = ({ securityContext }: Container) =>
		(securityContext?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
	const adding = containers.filter((container) => added(container).length > 0);
	const details = [
		...(keeping.length > 0 ? [`${nameContainers(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
		...(adding.length > 0
			? [
					`${nameContainers(adding)} must not include ${joinSorted(adding.flatMap(added))} in securityContext.capabilities.add`,
				]
			: []),
	];
	return details.length === 0 ? null : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

function checkVolumeTypes({ volumes = [] }: PodSpec): Violation | null {
	const sourceOf = ({ name: _name, ...sources }: Volume) => Object.keys(sources)[0] ?? 'unknown';
	const bad = volumes.filter((volume) => !freeVolumes.some((source) => volume[source]));
	if (bad.length === 0) return null;
	const types = [...new Set(bad.map(sourceOf))];
	const uses = bad.length === 1 ? 'uses' : 'use';
	const names = join(bad.map(({ name }) => name));
	return {
		reason: 'restricted volume types',
		detail: `${pluralize('volume', bad.length)} ${names} ${uses} ${pluralize('restricted volume type', types.length)} ${joinSorted(types)}`,
	};
}

function checkNonRoot(spec: PodSpec): Violation | null {
	if (spec.hostUsers === false) return null;
	const reason = 'runAsNonRoot != true';
	const pod = spec.securityContext?.runAsNonRoot;
	const containers = listContainers(spec);
	const explicit = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === false);
	const setters = nameSetters(pod === false, explicit);
	if (setters !== null) return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
	const implicit = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
	if (pod || implicit.length === 0) return null;
	return { reason, detail: `pod or ${nameContainers(implicit)} must set securityContext.runAsNonRoot=true` };
}

function checkUser(spec: PodSpec): Violation | null {
	if (spec.hostUsers === false) return null;
	const bad = listContainers(spec).filter(({ securityContext }) => securityContext?.runAsUser === 0);
	const setters = nameSetters(spec.securityContext?.runAsUser === 0, bad);
	return setters === null ? null : { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` };
}

function checkSeccompRestricted(spec: PodSpec): Violation | null {
	if (spec.os?.name === 'windows') return null;
	const explicit = checkSeccompBaseline(spec);
	if (explicit !== null) return explicit;
	const implicit = listContainers(spec).filter(({ securityContext }) => !securityContext?.seccompProfile);
	if (spec.securityContext?.seccompProfile || implicit.length === 0) return null;
	return {
		reason: 'seccompProfile',
		detail: `pod or ${nameContainers(implicit)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
	};
}
