/** Which form of an answer the caller takes: plain JSON, a Table, metadata only, or aggregated discovery. */

import { StatusError } from '../status-error.ts';

export interface MediaType {
	type: string;
	parameters: Readonly<Record<string, string>>;
}

/** In the order of the caller's preference. */
export function parseAccept(header: string | undefined): MediaType[] {
	if (header === undefined || header.trim() === '') return [{ type: '*/*', parameters: {} }];
	return header
		.split(',')
		.map(parseMediaType)
		.map((media, index) => ({ media, index, q: Number(media.parameters.q ?? 1) }))
		.sort((a, b) => b.q - a.q || a.index - b.index)
		.map(({ media }) => media);
}

export function parseMediaType(text: string): MediaType {
	const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
	const pairs = parameters.map((parameter) => {
		const at = parameter.indexOf('=');
		return at < 0 ? [parameter, ''] : [parameter.slice(0, at), parameter.slice(at + 1).replace(/^"|"$/g, '')];
	});
	return { type: type.toLowerCase(), parameters: Object.fromEntries(pairs) as Record<string, string> };
}

/** How objects are shown. */
export type View =
	| { as: 'object' }
	| { as: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'; version: string };

/** Null: nothing that we could give is taken (406). */
export function chooseView(accepted: readonly MediaType[]): View | null {
	for (const { type, parameters } of accepted) {
		if (!isJson(type)) continue;
		const { as, v = 'v1', g } = parameters;
		if (as === undefined) return { as: 'object' };
		if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) continue;
		if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
			return { as, version: v };
	}
	return null;
}

export function isJson(type: string): boolean {
	return type === 'application/json' || type === '*/*' || type === 'application/*';
}

const representations = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const streams = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

/** Of each of its own routes the server knows what it could answer; it takes no `application/*` there. Throws 406. */
export function requireProduced(accepted: readonly MediaType[], canStream = false): void {
	requireOneOf(canStream ? [...representations, ...streams] : representations, accepted);
}

/** Throws 406. */
export function requireOneOf(produced: readonly string[], accepted: readonly MediaType[]): void {
	if (accepted.some(({ type }) => type === '*/*' || produced.includes(type))) return;
	const message = `406: Not Acceptable\n\nAvailable representations: ${produced.join(', ')}`;
	throw new StatusError(406, 'NotAcceptable', message, {});
}

/** What is accepted could be served, but not of this. */
export function notServed(): StatusError {
	const message = `only the following media types are accepted: ${representations.join(', ')}`;
	return new StatusError(406, 'NotAcceptable', message);
}
