/** `/healthz`, `/livez` and `/readyz`, with the checks of a real server, which all pass: a process that answers is well. */

import { type Answer, answerText, noSniffing } from './answer.ts';

const beforeHooks = ['ping', 'log', 'etcd'];
const beforeHooksWhenReady = ['etcd-readiness', 'informer-sync'];
const hooks = [
	'poststarthook/start-apiserver-admission-initializer',
	'poststarthook/generic-apiserver-start-informers',
	'poststarthook/priority-and-fairness-config-consumer',
	'poststarthook/priority-and-fairness-filter',
	'poststarthook/storage-object-count-tracker-hook',
	'poststarthook/start-apiextensions-informers',
	'poststarthook/start-apiextensions-controllers',
	'poststarthook/crd-informer-synced',
	'poststarthook/start-system-namespaces-controller',
	'poststarthook/start-cluster-authentication-info-controller',
	'poststarthook/start-kube-apiserver-identity-lease-controller',
	'poststarthook/start-kube-apiserver-identity-lease-garbage-collector',
	'poststarthook/start-legacy-token-tracking-controller',
	'poststarthook/start-service-ip-repair-controllers',
	'poststarthook/rbac/bootstrap-roles',
	'poststarthook/scheduling/bootstrap-system-priority-classes',
	'poststarthook/priority-and-fairness-config-producer',
	'poststarthook/bootstrap-controller',
	'poststarthook/start-kubernetes-service-cidr-controller',
	'poststarthook/aggregator-reload-proxy-client-cert',
	'poststarthook/start-kube-aggregator-informers',
	'poststarthook/apiservice-status-local-available-controller',
	'poststarthook/apiservice-status-remote-available-controller',
	'poststarthook/apiservice-registration-controller',
	'poststarthook/apiservice-discovery-controller',
	'poststarthook/kube-apiserver-autoregistration',
	'autoregister-completion',
	'poststarthook/apiservice-openapi-controller',
	'poststarthook/apiservice-openapiv3-controller',
];
const checks: Record<string, readonly string[]> = {
	healthz: [...beforeHooks, ...hooks],
	livez: [...beforeHooks, ...hooks],
	readyz: [...beforeHooks, ...beforeHooksWhenReady, ...hooks, 'shutdown'],
};

/** Null: no such check. */
export function answerHealth(path: string, query: URLSearchParams): Answer | null {
	const [, endpoint = '', check] = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(path) ?? [];
	const known = checks[endpoint];
	if (known === undefined) return null;
	if (check !== undefined) return known.includes(check) ? answerText(200, 'ok') : null;
	if (!query.has('verbose')) return answerText(200, 'ok', noSniffing);
	const excluded = query.getAll('exclude');
	const lines = known.map((name) => `[+]${name} ${excluded.includes(name) ? 'excluded: ok' : 'ok'}`);
	const unknown = excluded.filter((name) => !known.includes(name)).map((name) => `"${name}"`);
	if (unknown.length > 0) {
		lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.join(', ')}`);
	}
	return answerText(200, `${lines.join('\n')}\n${endpoint} check passed\n`, noSniffing);
}
