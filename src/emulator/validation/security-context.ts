/** Security contexts of Pods and containers. */

import type { PodSecurityContext, PodSpec, SeccompProfile, SecurityContext } from '../pod.ts';
import { duplicate, type FieldError, invalid, required, tooLong, unsupported } from './field-error.ts';
import { describeRange } from './formats.ts';
import { validateDescendingPath } from './path.ts';

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const sysctlPattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const mostId = 2 ** 31 - 1;

export function* validateSecurityContext(
	context: SecurityContext | undefined,
	path: string,
	hasHostUsers: boolean,
): Generator<FieldError> {
	if (!context) return;
	yield* validateId(context.runAsUser, `${path}.runAsUser`);
	yield* validateId(context.runAsGroup, `${path}.runAsGroup`);
	const { procMount } = context;
	if (procMount !== undefined && procMount !== 'Default' && procMount !== 'Unmasked')
		yield unsupported(`${path}.procMount`, procMount, ['Default', 'Unmasked']);
	if (hasHostUsers && procMount === 'Unmasked')
		yield invalid(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`');
	yield* validateSeccomp(context.seccompProfile, `${path}.seccompProfile`);
	if (context.allowPrivilegeEscalation === false) yield* validateEscalation(context, path);
	yield* validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`);
}

function* validateEscalation(context: SecurityContext, path: string): Generator<FieldError> {
	const value = toGoFields(context);
	if (context.privileged)
		yield invalid(path, value, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
	for (const capability of context.capabilities?.add ?? [])
		if (capability === 'CAP_SYS_ADMIN')
			yield invalid(path, value, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN');
}

/** The API server prints its internal struct, whose fields have no JSON names. */
function toGoFields(context: SecurityContext): Record<string, unknown> {
	const { capabilities } = context;
	return {
		Capabilities: capabilities ? { Add: capabilities.add ?? null, Drop: capabilities.drop ?? null } : null,
		Privileged: context.privileged ?? null,
		SELinuxOptions: context.seLinuxOptions ?? null,
		WindowsOptions: context.windowsOptions ?? null,
		RunAsUser: context.runAsUser ?? null,
		RunAsGroup: context.runAsGroup ?? null,
		RunAsNonRoot: context.runAsNonRoot ?? null,
		ReadOnlyRootFilesystem: context.readOnlyRootFilesystem ?? null,
		AllowPrivilegeEscalation: context.allowPrivilegeEscalation ?? null,
		ProcMount: context.procMount ?? null,
		SeccompProfile: context.seccompProfile ? toGoProfile(context.seccompProfile) : null,
		AppArmorProfile: context.appArmorProfile ? toGoProfile(context.appArmorProfile) : null,
	};
}

function toGoProfile({ type = '', localhostProfile = undefined }: SeccompProfile): Record<string, unknown> {
	return { Type: type, LocalhostProfile: localhostProfile ?? null };
}

export function* validatePodSecurityContext(spec: PodSpec, path: string): Generator<FieldError> {
	const context: PodSecurityContext | undefined = spec.securityContext;
	if (context) {
		for (const name of ['fsGroup', 'runAsUser', 'runAsGroup'] as const)
			yield* validateId(context[name], `${path}.${name}`);
		for (const [index, group] of (context.supplementalGroups ?? []).entries())
			yield* validateId(group, `${path}.supplementalGroups[${index}]`);
	}
	if (spec.shareProcessNamespace && spec.hostPID)
		yield invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled');
	if (!context) return;
	yield* validateSysctls(context.sysctls, spec, `${path}.sysctls`);
	yield* validateChoice(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${path}.fsGroupChangePolicy`);
	yield* validateSeccomp(context.seccompProfile, `${path}.seccompProfile`);
	yield* validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`);
	yield* validateChoice(context.supplementalGroupsPolicy, ['Merge', 'Strict'], `${path}.supplementalGroupsPolicy`);
	yield* validateChoice(context.seLinuxChangePolicy, ['MountOption', 'Recursive'], `${path}.seLinuxChangePolicy`);
}

function* validateChoice(value: string | undefined, choices: string[], path: string): Generator<FieldError> {
	if (value !== undefined && !choices.includes(value)) yield unsupported(path, value, choices);
}

function* validateId(id: number | undefined, path: string): Generator<FieldError> {
	if (id !== undefined && (id < 0 || id > mostId)) yield invalid(path, id, describeRange(0, mostId));
}

function* validateSysctls(sysctls: { name?: string }[] = [], spec: PodSpec, path: string): Generator<FieldError> {
	const names = new Set<string>();
	for (const [index, { name = '' }] of sysctls.entries()) {
		const field = `${path}[${index}].name`;
		if (name === '') yield required(field);
		else if (name.length > 253 || !new RegExp(sysctlPattern).test(name))
			yield invalid(field, name, `must have at most 253 characters and match regex ${sysctlPattern}`);
		else if (names.has(name)) yield duplicate(field, name);
		if (spec.hostNetwork && /^net[./]/.test(name))
			yield invalid(field, name, "may not be specified when 'hostNetwork' is true");
		else if (spec.hostIPC && /^(kernel[./](shm|msg|sem)|fs[./]mqueue[./])/.test(name))
			yield invalid(field, name, "may not be specified when 'hostIPC' is true");
		names.add(name);
	}
}

function* validateSeccomp(profile: SeccompProfile | undefined, path: string): Generator<FieldError> {
	if (!profile) return;
	if (!profile.type) yield required(`${path}.type`, 'type is required when seccompProfile is set');
	else if (!profileTypes.includes(profile.type)) yield unsupported(`${path}.type`, profile.type, profileTypes);
	const field = `${path}.localhostProfile`;
	if (profile.type !== 'Localhost') {
		if (profile.localhostProfile !== undefined)
			yield invalid(field, toGoProfile(profile), 'can only be set when seccomp type is Localhost');
	} else if (profile.localhostProfile === undefined)
		yield required(field, 'must be set when seccomp type is Localhost');
	else yield* validateDescendingPath(profile.localhostProfile, field);
}

function* validateAppArmor(profile: SeccompProfile | undefined, path: string): Generator<FieldError> {
	if (!profile) return;
	const field = `${path}.localhostProfile`;
	const { type, localhostProfile: name } = profile;
	if (type === 'Localhost') {
		if (name === undefined) return yield required(field, 'must be set when AppArmor type is Localhost');
		if (name.trim() !== name) yield invalid(field, name, 'must not be padded with whitespace');
		else if (name === '') yield required(field, 'must be set when AppArmor type is Localhost');
		if (name.length > 4095) yield tooLong(field, 4095);
	} else if (!type) yield required(`${path}.type`, 'type is required when appArmorProfile is set');
	else if (!profileTypes.includes(type)) yield unsupported(`${path}.type`, type, profileTypes);
	else if (name !== undefined) yield invalid(field, name, 'can only be set when AppArmor type is Localhost');
}
