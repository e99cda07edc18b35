/** Takes out of an object what evidence must not hold. */

import type { SeenObject } from '../model/evidence.ts';
import type { RegistryAccess } from '../model/registry.ts';

/** What stands in the place of something secret. */
const hidden = '(hidden)';

interface AnyObject {
	apiVersion?: string;
	kind?: string;
	metadata: { name: string; annotations?: Record<string, string>; managedFields?: unknown };
	data?: Record<string, unknown>;
	stringData?: Record<string, unknown>;
}

/** The passwords of this environment's registries, as they may stand in a text. */
export function listCredentialTexts(registries: readonly RegistryAccess[]): string[] {
	return registries.flatMap(({ credentials }) => {
		if (credentials === null) return [];
		const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
		return [credentials.password, Buffer.from(credentials.password).toString('base64'), pair];
	});
}

/**
 * Of a Secret only the keys stay. What kubectl remembers in an annotation would hold its values once more, and
 * managedFields say nothing that a check needs. `credentials` are hidden wherever somebody wrote them.
 */
export function withoutSecrets(object: AnyObject, credentials: readonly string[]): SeenObject {
	const { managedFields: _managed, annotations, ...metadata } = object.metadata;
	const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...kept } = annotations ?? {};
	const bare: AnyObject = {
		...object,
		metadata: { ...metadata, ...(Object.keys(kept).length > 0 && { annotations: kept }) },
	};
	if (object.kind === 'Secret') {
		if (object.data !== undefined) bare.data = hideValues(object.data);
		if (object.stringData !== undefined) bare.stringData = hideValues(object.stringData);
	}
	return hideTexts(bare, credentials) as SeenObject;
}

function hideValues(data: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.keys(data).map((key) => [key, hidden]));
}

function hideTexts(value: unknown, credentials: readonly string[]): unknown {
	if (typeof value === 'string') return holdsAny(value, credentials) ? hidden : value;
	if (Array.isArray(value)) return value.map((item) => hideTexts(item, credentials));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hideTexts(inner, credentials)]));
}

/** In clear, or in base64 of something that holds it, as a ConfigMap's binaryData has it. */
function holdsAny(text: string, credentials: readonly string[]): boolean {
	if (credentials.some((each) => text.includes(each))) return true;
	if (text.length < 8 || !/^[A-Za-z0-9+/\s]+=*\s*$/.test(text)) return false;
	const decoded = Buffer.from(text, 'base64').toString('latin1');
	return credentials.some((each) => decoded.includes(each));
}
