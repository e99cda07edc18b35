/** Which part of an object a write to it, or to one of its subresources, may change. */

import type { KubeObject, ObjectMeta } from '../object.ts';
import { nameType } from '../resource-type.ts';
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
			return withStatus({ ...live, metadata: keepLabels(type, metadata, live) }, wanted);
		case 'finalize':
			return { ...live, metadata, spec: wanted['spec'] };
		case 'ephemeralcontainers':
			return { ...live, metadata, spec: withEphemeral(live['spec'] as Spec, wanted['spec'] as Spec | undefined) };
		default:
			return wanted;
	}
}

/** Of a Deployment the labels are no part of what is reported. */
function keepLabels(type: Target['type'], { labels: given, ...metadata }: ObjectMeta, live: KubeObject): ObjectMeta {
	const labels = nameType(type) === 'deployments.apps' ? live.metadata.labels : given;
	return { ...metadata, ...(labels !== undefined && { labels }) };
}

function withStatus(object: KubeObject, { status }: KubeObject): KubeObject {
	const { status: _status, ...rest } = object;
	return status === undefined ? (rest as KubeObject) : { ...rest, status };
}

function withEphemeral(spec: Spec, { ephemeralContainers }: Spec = {}): Spec {
	return { ...spec, ...(ephemeralContainers !== undefined && { ephemeralContainers }) };
}
