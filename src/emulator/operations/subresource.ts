/** Which part of an object a write to it, or to one of its subresources, may change. */

import type { KubeObject } from '../object.ts';
import type { Target } from './core.ts';
import { strategyOf } from './strategy.ts';

type Spec = Record<string, unknown>;

export function takeSubresource({ type, subresource }: Target, wanted: KubeObject, live: KubeObject): KubeObject {
	const { metadata } = wanted;
	switch (subresource) {
		case '':
			return strategyOf(type).hasStatus ? withStatus(wanted, live) : wanted;
		case 'status':
		case 'approval':
			return withStatus({ ...live, metadata }, wanted);
		case 'finalize':
			return { ...live, metadata, spec: wanted['spec'] };
		case 'ephemeralcontainers':
			return { ...live, metadata, spec: withEphemeral(live['spec'] as Spec, wanted['spec'] as Spec | undefined) };
		default:
			return wanted;
	}
}

function withStatus(object: KubeObject, { status }: KubeObject): KubeObject {
	const { status: _status, ...rest } = object;
	return status === undefined ? (rest as KubeObject) : { ...rest, status };
}

function withEphemeral(spec: Spec, { ephemeralContainers }: Spec = {}): Spec {
	return { ...spec, ...(ephemeralContainers !== undefined && { ephemeralContainers }) };
}
