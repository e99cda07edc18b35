import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { type Server, startServer, type Wish } from './requests.ts';

/** Each answer below was given by Kubernetes 1.35.4 to the same request. */
interface Case {
	path: string;
	wish?: Wish;
	status: number;
	reason: string;
	message: string;
	details?: object;
}

const pods = '/api/v1/namespaces/default/pods';
const maps = '/api/v1/namespaces/default/configmaps';
const unknown = 'the server could not find the requested resource';
const listOptions = 'ListOptions.meta.k8s.io "" is invalid: ';

const cases: Case[] = [
	{
		path: '/api/v1/pods',
		wish: { isAnonymous: true },
		status: 403,
		reason: 'Forbidden',
		message:
			'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
		details: { kind: 'pods' },
	},
	{
		path: '/apis/apps/v1/namespaces/default/deployments/x/scale',
		wish: { isAnonymous: true },
		status: 403,
		reason: 'Forbidden',
		message:
			'deployments.apps "x" is forbidden: User "system:anonymous" cannot get resource "deployments/scale" in API group "apps" in the namespace "default"',
		details: { name: 'x', group: 'apps', kind: 'deployments' },
	},
	{
		path: '/foo',
		wish: { isAnonymous: true },
		status: 403,
		reason: 'Forbidden',
		message: 'forbidden: User "system:anonymous" cannot get path "/foo"',
		details: {},
	},
	{
		path: '/api/v1/pods',
		wish: { isAnonymous: true, headers: { authorization: 'Bearer x' } },
		status: 401,
		reason: 'Unauthorized',
		message: 'Unauthorized',
	},
	{ path: '/api/v1/nosuch', status: 404, reason: 'NotFound', message: unknown, details: {} },
	{ path: '/apis/apps/v2', status: 404, reason: 'NotFound', message: unknown, details: {} },
	{ path: `${pods}/x/nosuch`, status: 404, reason: 'NotFound', message: unknown, details: {} },
	{
		path: `${pods}/x`,
		status: 404,
		reason: 'NotFound',
		message: 'pods "x" not found',
		details: { name: 'x', kind: 'pods' },
	},
	{
		path: `${pods}/x`,
		wish: { method: 'POST', body: {} },
		status: 405,
		reason: 'MethodNotAllowed',
		message: 'the server does not allow this method on the requested resource',
		details: {},
	},
	{
		path: pods,
		wish: { method: 'PUT', body: {} },
		status: 405,
		reason: 'MethodNotAllowed',
		message: 'the server does not allow this method on the requested resource',
		details: {},
	},
	{
		path: pods,
		wish: { body: { kind: 'Service', apiVersion: 'v1' } },
		status: 400,
		reason: 'BadRequest',
		message:
			'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
	},
	{
		path: pods,
		wish: { body: '{' },
		status: 400,
		reason: 'BadRequest',
		message:
			"the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: unexpected end of JSON input ({)",
	},
	{
		path: pods,
		wish: { body: {} },
		status: 422,
		reason: 'Invalid',
		message:
			'Pod "" is invalid: [metadata.name: Required value: name or generateName is required, spec.containers: Required value]',
	},
	{
		path: pods,
		wish: { body: '{}', headers: { 'content-type': 'text/plain' } },
		status: 415,
		reason: 'UnsupportedMediaType',
		message:
			'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
	},
	{
		path: `${pods}/x`,
		wish: { method: 'PATCH', body: {} },
		status: 415,
		reason: 'UnsupportedMediaType',
		message: '415: Unsupported Media Type',
		details: {},
	},
	{
		path: '/api/v1/pods',
		wish: { headers: { accept: 'text/plain' } },
		status: 406,
		reason: 'NotAcceptable',
		message:
			'406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
		details: {},
	},
	{
		path: '/api/v1/pods?labelSelector=a%20b',
		status: 400,
		reason: 'BadRequest',
		message: "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
	},
	{
		path: '/api/v1/pods?labelSelector=a%3D%3D%3Db',
		status: 400,
		reason: 'BadRequest',
		message: "unable to parse requirement: found '=', expected: identifier",
	},
	{
		path: '/api/v1/pods?fieldSelector=foo%3Dbar',
		status: 400,
		reason: 'BadRequest',
		message: 'field label not supported: foo',
	},
	{
		path: '/api/v1/pods?fieldSelector=foo',
		status: 400,
		reason: 'BadRequest',
		message: "invalid selector: 'foo'; can't understand 'foo'",
	},
	{
		path: '/api/v1/pods?limit=x',
		status: 400,
		reason: 'BadRequest',
		message: 'strconv.ParseInt: parsing "x": invalid syntax',
	},
	{
		path: '/api/v1/pods?resourceVersion=abc',
		status: 400,
		reason: 'BadRequest',
		message:
			'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
	},
	{
		path: '/api/v1/pods?resourceVersionMatch=Exact',
		status: 422,
		reason: 'Invalid',
		message: `${listOptions}resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided`,
	},
	{
		path: '/api/v1/pods?watch=1&sendInitialEvents=true',
		status: 422,
		reason: 'Invalid',
		message: `${listOptions}resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`,
	},
	{
		path: `${pods}?dryRun=foo`,
		wish: { body: {} },
		status: 422,
		reason: 'Invalid',
		message: 'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["foo"]: supported values: "All"',
	},
	{
		path: `${maps}?fieldManager=a%01b`,
		wish: { body: { metadata: { name: 'a' } } },
		status: 422,
		reason: 'Invalid',
		message:
			'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\x01b": invalid character U+0001 (at position 1)',
	},
	{
		path: `${maps}?fieldValidation=b`,
		wish: { body: { metadata: { name: 'a' } } },
		status: 422,
		reason: 'Invalid',
		message:
			'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "b": supported values: "", "Ignore", "Strict", "Warn"',
	},
	{
		path: maps,
		wish: { body: { metadata: { name: 'a', namespace: 'b' } } },
		status: 400,
		reason: 'BadRequest',
		message: 'the namespace of the provided object does not match the namespace sent on the request',
	},
	{
		path: '/api/v1/namespaces/nosuch/configmaps',
		wish: { body: { metadata: { name: 'a' } } },
		status: 404,
		reason: 'NotFound',
		message: 'namespaces "nosuch" not found',
		details: { name: 'nosuch', kind: 'namespaces' },
	},
	{
		path: maps,
		wish: { body: { metadata: { name: 'kube-root-ca.crt', generateName: 'x' } } },
		status: 409,
		reason: 'AlreadyExists',
		message:
			'configmaps "kube-root-ca.crt" already exists, the server was not able to generate a unique name for the object',
		details: { name: 'kube-root-ca.crt', kind: 'configmaps', retryAfterSeconds: 1 },
	},
	{
		path: `${maps}/kube-root-ca.crt`,
		wish: { method: 'PUT', body: { metadata: { name: 'b' } } },
		status: 400,
		reason: 'BadRequest',
		message: 'the name of the object (b) does not match the name on the URL (kube-root-ca.crt)',
	},
	{
		path: `${maps}/nosuch`,
		wish: { method: 'PUT', body: { metadata: { name: 'nosuch' } } },
		status: 404,
		reason: 'NotFound',
		message: 'configmaps "nosuch" not found',
	},
	{
		path: `${maps}/kube-root-ca.crt`,
		wish: { method: 'DELETE', body: { propagationPolicy: 'x' } },
		status: 422,
		reason: 'Invalid',
		message:
			'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "x": supported values: "Foreground", "Background", "Orphan", "nil"',
	},
	{
		path: '/api/v1/namespaces/default/serviceaccounts/default/token',
		wish: { body: { spec: { expirationSeconds: 60 } } },
		status: 422,
		reason: 'Invalid',
		message:
			'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
	},
];

const test = suite('errors of the API');
let server: Server;

test.before(async () => {
	server = await startServer();
});
test.after(() => server.stop());

for (const { path, wish, status, reason, message, details } of cases) {
	test(`${wish?.method ?? (wish?.body === undefined ? 'GET' : 'POST')} ${path} → ${reason}: ${message.slice(0, 60)}`, async () => {
		const reply = await server.ask(path, wish);
		assert.is(reply.body.message, message);
		assert.is(reply.body.reason, reason);
		assert.is(reply.body.code, status);
		assert.is(reply.status, status);
		assert.is(reply.body.kind, 'Status');
		if (details) assert.equal(reply.body.details, details);
	});
}

test('a group that is not there is no Status at all', async () => {
	const reply = await server.ask('/apis/nosuch/v1/foos');
	assert.is(reply.status, 404);
	assert.is(reply.text, '404 page not found\n');
});

test('a list of the future is refused for a moment', async () => {
	const reply = await server.ask('/api/v1/pods?resourceVersion=99999999');
	assert.is(reply.status, 504);
	assert.match(reply.body.message, /^Timeout: Too large resource version: 99999999, current: \d+$/);
	assert.is(reply.headers['retry-after'], '1');
});

test.run();
