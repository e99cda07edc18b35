/** Requests as a client might make them that is broken, old, in a hurry, or up to no good. */

import { type Body, makeBody } from './bodies.ts';
import type { Random } from './random.ts';

export interface FuzzedRequest {
	method: string;
	path: string;
	headers: Record<string, string>;
	body: Buffer | null;
}

const methods = [
	'GET',
	'GET',
	'POST',
	'POST',
	'PUT',
	'PATCH',
	'PATCH',
	'DELETE',
	'HEAD',
	'OPTIONS',
	'TRACE',
	'PROPFIND',
];

const namespaced: [root: string, resources: string[]][] = [
	[
		'/api/v1',
		[
			'pods',
			'secrets',
			'configmaps',
			'serviceaccounts',
			'services',
			'events',
			'limitranges',
			'resourcequotas',
			'endpoints',
		],
	],
	['/apis/apps/v1', ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions']],
	['/apis/batch/v1', ['jobs', 'cronjobs']],
	['/apis/events.k8s.io/v1', ['events']],
	['/apis/rbac.authorization.k8s.io/v1', ['roles', 'rolebindings']],
	['/apis/networking.k8s.io/v1', ['ingresses', 'networkpolicies']],
	['/apis/discovery.k8s.io/v1', ['endpointslices']],
	['/apis/coordination.k8s.io/v1', ['leases']],
	['/apis/policy/v1', ['poddisruptionbudgets']],
];

const otherPaths = [
	'/',
	'/api',
	'/apis',
	'/api/v1',
	'/apis/apps',
	'/apis/apps/v1',
	'/api/v1/nodes',
	'/api/v1/namespaces',
	'/api/v1/namespaces/default',
	'/api/v1/namespaces/default/status',
	'/api/v1/namespaces/default/finalize',
	'/api/v1/pods',
	'/api/v1/watch/pods',
	'/version',
	'/healthz',
	'/livez',
	'/readyz',
	'/readyz/ping',
	'/metrics',
	'/openapi/v2',
	'/openapi/v3',
	'/openapi/v3/apis/apps/v1',
	'/openapi/v3/',
	'/logs',
	'/apis/no.such/v1/things',
	'/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
	'/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
	'/apis/authentication.k8s.io/v1/selfsubjectreviews',
	'/apis/storage.k8s.io/v1/storageclasses',
	'/apis/scheduling.k8s.io/v1/priorityclasses',
	'/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
];

const names = [
	'fuzz',
	'fuzz',
	'fuzz',
	'other',
	'',
	'a%2Fb',
	'..',
	'%00',
	'%ff',
	'%E2%82',
	'x'.repeat(300),
	'__proto__',
	'constructor',
];
const subresources = [
	'status',
	'scale',
	'binding',
	'eviction',
	'token',
	'log',
	'exec',
	'attach',
	'portforward',
	'proxy',
	'ephemeralcontainers',
	'resize',
	'nosuch',
	'proxy/a/b',
	'__proto__',
];

const odd = [
	'',
	'0',
	'1',
	'-1',
	'true',
	'false',
	'x',
	'1e3',
	'99999999999999999999',
	'%00',
	'%ff',
	'a=b',
	'a!=b',
	'a in (',
	'(',
	',,',
	'!',
	'All',
];
const parameters = [
	'limit',
	'continue',
	'resourceVersion',
	'resourceVersionMatch',
	'labelSelector',
	'fieldSelector',
	'dryRun',
	'fieldManager',
	'fieldValidation',
	'force',
	'gracePeriodSeconds',
	'propagationPolicy',
	'orphanDependents',
	'pretty',
	'timeoutSeconds',
	'allowWatchBookmarks',
	'sendInitialEvents',
	'watch',
	'container',
	'command',
	'timeout',
	'includeObject',
	'verbose',
	'nosuch',
];
const wise: Record<string, string[]> = {
	limit: ['500', '1', '9223372036854775807'],
	continue: [
		'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJ4In0',
		'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiIn0',
	],
	resourceVersionMatch: ['Exact', 'NotOlderThan'],
	labelSelector: ['app%3Dfuzz', 'app+in+(a,b)', 'app+notin+()', '!app', 'app%3E1'],
	fieldSelector: ['metadata.name%3Dfuzz', 'status.phase!%3DRunning', 'no.such%3D1', '%3D', 'involvedObject.name%3Dx'],
	propagationPolicy: ['Orphan', 'Foreground', 'Background'],
	fieldValidation: ['Strict', 'Warn', 'Ignore'],
	fieldManager: ['me'],
	dryRun: ['All'],
};

const headerValues: Record<string, string[]> = {
	accept: [
		'application/json',
		'*/*',
		'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
		'text/html',
		'',
		';;;,,,q=x',
		'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
		'application/vnd.kubernetes.protobuf',
		'application/json;as=Table',
		'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
	],
	'accept-encoding': ['gzip', 'br', '*', 'gzip;q=0'],
	'content-encoding': ['gzip', 'identity', 'x'],
	'user-agent': ['curl/8', 'kubectl/v1.35.4', '', '/', 'x'.repeat(2000), '(\u00e9\u00ff)'],
	'impersonate-user': [
		'alice',
		'system:anonymous',
		'system:serviceaccount:default:default',
		'system:serviceaccount:',
		'',
	],
	'impersonate-group': ['system:masters', '', 'a, b'],
	'if-none-match': ['"x"', '*'],
	connection: ['close', 'keep-alive, Upgrade'],
	upgrade: ['SPDY/3.1', 'websocket', 'h2c'],
	origin: ['null'],
	'x-forwarded-for': ['1.2.3.4'],
	range: ['bytes=0-1'],
};

export function makeRequest(random: Random): FuzzedRequest {
	const method = random.pick(methods);
	const body: Body | null = method === 'GET' || method === 'HEAD' || random.oneIn(10) ? null : makeBody(random, method);
	const headers: Record<string, string> = {};
	for (const name of Object.keys(headerValues)) {
		if (random.oneIn(8)) headers[name] = random.pick(headerValues[name] as string[]);
	}
	if (headers.upgrade !== undefined) headers.connection ??= 'Upgrade';
	if (body !== null && body.type !== '') headers['content-type'] = body.type;
	return { method, path: makePath(random) + makeQuery(random), headers, body: body?.bytes ?? null };
}

function makePath(random: Random): string {
	if (random.oneIn(6)) return random.pick(otherPaths);
	const [root, resources] = random.pick(namespaced);
	const namespace = random.pick(['default', 'default', 'default', 'fuzz', 'nosuch', '', '%2e%2e']);
	const name = random.oneIn(2) ? `/${random.pick(names)}` : '';
	const subresource = name !== '' && random.oneIn(3) ? `/${random.pick(subresources)}` : '';
	const path = `${root}/namespaces/${namespace}/${random.pick(resources)}${name}${subresource}`;
	return random.oneIn(30) ? path.slice(0, 1 + random.below(path.length)) : path;
}

function makeQuery(random: Random): string {
	const count = random.pick([0, 0, 1, 2, 4]);
	if (count === 0) return '';
	const pairs = Array.from({ length: count }, () => {
		const name = random.pick(parameters);
		return `${name}=${random.pick(random.oneIn(2) ? odd : (wise[name] ?? odd))}`;
	});
	return `?${pairs.join('&')}`.replaceAll(' ', '+');
}
