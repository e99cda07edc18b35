/** Requests whose answers were asked of a real cluster: a sound object of each kind, and what people do to it. */

export type Edit = readonly [path: string, value: unknown];

export interface Case {
	/** `pods`, `deployments.apps` */
	type: string;
	/** Empty for cluster-scoped kinds. */
	namespace: string;
	edits: readonly Edit[];
}

export interface Made {
	type: string;
	namespace: string;
	object: Record<string, unknown>;
}

const container = { name: 'app', image: 'registry.example.com/myapp:1.0' };
const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [container] } };
const jobTemplate = { spec: { ...template.spec, restartPolicy: 'Never' } };
const rbac = 'rbac.authorization.k8s.io';

/** Sound objects by type. Their Pods stay where they are: no scheduler of that name runs. */
export const bases: Readonly<Record<string, Record<string, unknown>>> = {
	pods: { apiVersion: 'v1', kind: 'Pod', spec: { schedulerName: 'nobody', containers: [container] } },
	secrets: { apiVersion: 'v1', kind: 'Secret', data: { a: 'Yg==' } },
	configmaps: { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } },
	serviceaccounts: { apiVersion: 'v1', kind: 'ServiceAccount' },
	namespaces: { apiVersion: 'v1', kind: 'Namespace' },
	services: { apiVersion: 'v1', kind: 'Service', spec: { selector: labels, ports: [{ port: 80 }] } },
	limitranges: {
		apiVersion: 'v1',
		kind: 'LimitRange',
		spec: { limits: [{ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '500m' } }] },
	},
	resourcequotas: { apiVersion: 'v1', kind: 'ResourceQuota', spec: { hard: { pods: '2' } } },
	persistentvolumeclaims: {
		apiVersion: 'v1',
		kind: 'PersistentVolumeClaim',
		spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
	},
	endpoints: {
		apiVersion: 'v1',
		kind: 'Endpoints',
		subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }],
	},
	replicationcontrollers: {
		apiVersion: 'v1',
		kind: 'ReplicationController',
		spec: { replicas: 0, selector: labels, template },
	},
	podtemplates: { apiVersion: 'v1', kind: 'PodTemplate', template },
	'deployments.apps': {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		spec: { replicas: 0, selector: { matchLabels: labels }, template },
	},
	'replicasets.apps': {
		apiVersion: 'apps/v1',
		kind: 'ReplicaSet',
		spec: { replicas: 0, selector: { matchLabels: labels }, template },
	},
	'statefulsets.apps': {
		apiVersion: 'apps/v1',
		kind: 'StatefulSet',
		spec: { replicas: 0, serviceName: 'web', selector: { matchLabels: labels }, template },
	},
	'daemonsets.apps': {
		apiVersion: 'apps/v1',
		kind: 'DaemonSet',
		spec: {
			selector: { matchLabels: labels },
			template: { ...template, spec: { ...template.spec, nodeSelector: { no: 'where' } } },
		},
	},
	'jobs.batch': { apiVersion: 'batch/v1', kind: 'Job', spec: { suspend: true, template: jobTemplate } },
	'cronjobs.batch': {
		apiVersion: 'batch/v1',
		kind: 'CronJob',
		spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { template: jobTemplate } } },
	},
	[`roles.${rbac}`]: {
		apiVersion: `${rbac}/v1`,
		kind: 'Role',
		rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
	},
	[`rolebindings.${rbac}`]: {
		apiVersion: `${rbac}/v1`,
		kind: 'RoleBinding',
		roleRef: { apiGroup: rbac, kind: 'Role', name: 'reader' },
		subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'admission-plain' }],
	},
	[`clusterroles.${rbac}`]: {
		apiVersion: `${rbac}/v1`,
		kind: 'ClusterRole',
		rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
	},
	[`clusterrolebindings.${rbac}`]: {
		apiVersion: `${rbac}/v1`,
		kind: 'ClusterRoleBinding',
		roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' },
		subjects: [{ kind: 'User', apiGroup: rbac, name: 'jane' }],
	},
	'networkpolicies.networking.k8s.io': {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'NetworkPolicy',
		spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] },
	},
	'ingresses.networking.k8s.io': {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'Ingress',
		spec: {
			rules: [
				{
					host: 'web.example.com',
					http: {
						paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
					},
				},
			],
		},
	},
	'leases.coordination.k8s.io': {
		apiVersion: 'coordination.k8s.io/v1',
		kind: 'Lease',
		spec: { leaseDurationSeconds: 9 },
	},
	'priorityclasses.scheduling.k8s.io': { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: 5 },
	'storageclasses.storage.k8s.io': {
		apiVersion: 'storage.k8s.io/v1',
		kind: 'StorageClass',
		provisioner: 'example.com/disk',
	},
	'poddisruptionbudgets.policy': {
		apiVersion: 'policy/v1',
		kind: 'PodDisruptionBudget',
		spec: { minAvailable: 1, selector: { matchLabels: labels } },
	},
	'endpointslices.discovery.k8s.io': {
		apiVersion: 'discovery.k8s.io/v1',
		kind: 'EndpointSlice',
		addressType: 'IPv4',
		endpoints: [{ addresses: ['10.1.2.3'] }],
		ports: [{ port: 80 }],
	},
};

const clusterScoped = [
	'namespaces',
	`clusterroles.${rbac}`,
	`clusterrolebindings.${rbac}`,
	'priorityclasses.scheduling.k8s.io',
	'storageclasses.storage.k8s.io',
];

/** A copy of the sound object, named and edited; a path that ends in `+` appends to a list, `undefined` removes. */
export function build({ type, namespace, edits }: Case): Record<string, unknown> {
	const metadata = { name: 'subject', ...(namespace !== '' && { namespace }) };
	return applyEdits({ metadata, ...bases[type] }, edits);
}

export function applyEdits(object: Record<string, unknown>, edits: readonly Edit[]): Record<string, unknown> {
	const copy = structuredClone(object);
	for (const [path, value] of edits) setAt(copy, path.split('>'), structuredClone(value));
	return copy;
}

// biome-ignore lint/suspicious/noExplicitAny: paths lead anywhere
function setAt(target: any, [head = '', ...rest]: string[], value: unknown): void {
	if (head === '+') return void target.push(value);
	if (rest.length === 0) {
		if (value === undefined) delete target[head];
		else target[head] = value;
		return;
	}
	target[head] ??= rest[0] === '+' || /^\d+$/.test(rest[0] ?? '') ? [] : {};
	setAt(target[head], rest, value);
}

function vary(type: string, variations: readonly (readonly Edit[])[], namespace = 'admission-plain'): Case[] {
	return variations.map((edits) => ({ type, namespace: clusterScoped.includes(type) ? '' : namespace, edits }));
}

/** Where the object is that a kind's changes are made to. Limits are kept away from everything else. */
export function homeOf(type: string): string {
	if (clusterScoped.includes(type)) return '';
	return type === 'limitranges' || type === 'resourcequotas' ? 'admission-spare' : 'admission-plain';
}

/** One edit to each variation. */
function each(path: string, values: readonly unknown[]): Edit[][] {
	return values.map((value) => [[path, value]]);
}

const names = ['', 'A_b', '-a', 'a.b', 'a-', 'a'.repeat(64), 'a'.repeat(254), 'x y', 'a/b', '..'];
const longText = 'x'.repeat(64);

const everyKind = Object.keys(bases).flatMap((type) =>
	vary(type, [
		[],
		...each('metadata>name', names),
		[['metadata>generateName', 'Gen-']],
		[['metadata>labels', { 'bad key': 'ok' }]],
		[['metadata>labels', { ok: longText }]],
		[['metadata>annotations', { 'a/b/c': 'x' }]],
		[['metadata>finalizers', ['unqualified']]],
		[['metadata>ownerReferences', [{ apiVersion: 'v1', kind: 'Pod', name: '', uid: 'x' }]]],
	]),
);

const c = 'spec>containers>0>';
const port = (edits: object) => ({ containerPort: 80, ...edits });
const podVariations: Edit[][] = [
	[['metadata>namespace', 'elsewhere']],
	...each('spec>containers', [undefined, [], [{ name: 'app' }], [{ image: 'x' }], [container, container]]),
	...each(`${c}name`, ['', 'App', 'a.b', longText, undefined]),
	...each(`${c}image`, ['', ' x', 'x ', undefined, 'nginx', 'nginx:latest', 'x@sha256:abc']),
	...each(`${c}imagePullPolicy`, ['Always', 'Sometimes', '']),
	...each(`${c}ports`, [
		[{}],
		[port({ containerPort: 0 })],
		[port({ containerPort: 70000 })],
		[port({ hostPort: 70000 })],
		[port({ protocol: 'HTTP' })],
		[port({ name: 'Web' })],
		[port({ name: 'a-very-long-port-name' })],
		[port({ name: '80' })],
		[port({ name: 'a--b' })],
		[port({ name: 'web' }), port({ name: 'web', containerPort: 81 })],
		[port({}), port({})],
		[port({ hostPort: 80 }), port({ containerPort: 81, hostPort: 80 })],
	]),
	...each(`${c}env`, [
		[{ name: '' }],
		[{ name: 'a=b' }],
		[
			{ name: 'A', value: '1' },
			{ name: 'A', value: '2' },
		],
		[{ name: 'A', value: '1', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
		[{ name: 'A', valueFrom: {} }],
		[{ name: 'A', valueFrom: { secretKeyRef: { name: 'S', key: '' } } }],
		[{ name: 'A', valueFrom: { configMapKeyRef: { name: 's', key: 'a b' } } }],
		[{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.nam' } } }],
		[{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } }],
		[{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['x y']" } } }],
		[{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
		[{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.gpu' } } }],
		[{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '5m' } } }],
	]),
	...each(`${c}envFrom`, [
		[{}],
		[{ secretRef: { name: '' } }],
		[{ secretRef: { name: 'x' }, configMapRef: { name: 'y' } }],
	]),
	...each(`${c}resources`, [
		{ limits: { cpu: '1' } },
		{ limits: { cpu: '1', memory: '1Gi' } },
		{ requests: { cpu: '2' }, limits: { cpu: '1' } },
		{ requests: { cpu: '-1' } },
		{ requests: { gpu: '1' } },
		{ requests: { 'example.com/gpu': '1' } },
		{ limits: { 'example.com/gpu': '1500m' } },
		{ requests: { memory: '100m' } },
		{ limits: { 'hugepages-2Mi': '4Mi' } },
		{ requests: { 'bad name': '1' } },
	]),
	...each(`${c}volumeMounts`, [
		[{ name: 'no', mountPath: '/x' }],
		[{ name: '', mountPath: '' }],
		[{ name: 'no', mountPath: '/x', subPath: '../x' }],
	]),
	...(['livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((probe) =>
		each(`${c}${probe}`, [
			{},
			{ exec: {} },
			{ exec: { command: ['x'] }, httpGet: { port: 80 } },
			{ httpGet: { port: 0 } },
			{ httpGet: { port: 'Web' } },
			{ httpGet: { port: 80, scheme: 'FTP' } },
			{ httpGet: { port: 80 } },
			{ tcpSocket: { port: 80 }, periodSeconds: -1 },
			{ tcpSocket: { port: 80 }, successThreshold: 3 },
			{ tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 0 },
		]),
	),
	...each(`${c}lifecycle`, [
		{ preStop: {} },
		{ preStop: { sleep: { seconds: 99 } } },
		{ postStart: { exec: { command: [] } } },
	]),
	...each(`${c}terminationMessagePolicy`, ['Log']),
	...each(`${c}securityContext`, [
		{ runAsUser: -1 },
		{ privileged: true, allowPrivilegeEscalation: false },
		{ procMount: 'Bare' },
		{ seccompProfile: { type: 'Odd' } },
		{ seccompProfile: { type: 'Localhost' } },
		{ capabilities: { add: ['NET_ADMIN'] } },
	]),
	...each(`${c}restartPolicy`, ['Always', 'Maybe']),
	...each('spec>initContainers', [
		[{ name: 'app', image: 'x' }],
		[{ name: 'init', image: 'x' }],
		[{ name: 'init', image: 'x', livenessProbe: { tcpSocket: { port: 80 } } }],
		[{ name: 'init', image: 'x', restartPolicy: 'Always' }],
		[{ name: 'Init' }],
	]),
	...each('spec>ephemeralContainers', [[{ name: 'debug', image: 'x' }]]),
	...each('spec>volumes', [
		[{}],
		[{ name: 'v' }],
		[{ name: 'V_', emptyDir: {} }],
		[
			{ name: 'v', emptyDir: {} },
			{ name: 'v', emptyDir: {} },
		],
		[{ name: 'v', emptyDir: {}, secret: { secretName: 'x' } }],
		[{ name: 'v', secret: {} }],
		[{ name: 'v', secret: { secretName: 'x', defaultMode: 999 } }],
		[{ name: 'v', secret: { secretName: 'x', items: [{ key: '', path: '../x' }] } }],
		[{ name: 'v', configMap: {} }],
		[{ name: 'v', hostPath: { path: '' } }],
		[{ name: 'v', hostPath: { path: '/x', type: 'Odd' } }],
		[{ name: 'v', hostPath: { path: '/x/../y' } }],
		[{ name: 'v', persistentVolumeClaim: {} }],
		[{ name: 'v', nfs: { server: 'x', path: 'y' } }],
		[{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 5 } }] } }],
		[{ name: 'v', projected: { sources: [{ secret: { name: 'x' }, configMap: { name: 'y' } }] } }],
		[{ name: 'v', downwardAPI: { items: [{ path: 'x' }] } }],
		[{ name: 'v', downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'spec.nodeName' } }] } }],
		[{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }],
		[{ name: 'v', gitRepo: { repository: 'x' } }],
	]),
	...each('spec>restartPolicy', ['Never', 'always']),
	...each('spec>dnsPolicy', ['Never', 'None', 'Default']),
	...each('spec>dnsConfig', [{ nameservers: ['x'] }, { nameservers: ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'] }]),
	...each('spec>nodeSelector', [{ 'a b': 'c' }, { a: 'b c' }, { 'beta.kubernetes.io/os': 'linux' }]),
	...each('spec>nodeName', ['Node', 'x']),
	...each('spec>hostNetwork', [true]),
	[
		['spec>hostNetwork', true],
		[`${c}ports`, [port({})]],
	],
	[
		['spec>hostPID', true],
		['spec>shareProcessNamespace', true],
	],
	...each('spec>securityContext', [
		{ runAsUser: -1 },
		{ fsGroup: -1, supplementalGroups: [-1] },
		{ sysctls: [{ name: 'A' }] },
		{ fsGroupChangePolicy: 'x' },
		{ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
	]),
	...each('spec>imagePullSecrets', [
		[{ name: 'regcred' }],
		[{ name: 'a' }, { name: 'a' }],
		[{ name: '' }],
		[{}],
		[{ name: 'Not A Name' }],
	]),
	...each('spec>serviceAccountName', ['nobody', 'Nobody', 'puller', 'tokenless', 'strict']),
	...each('spec>automountServiceAccountToken', [false, true]),
	[
		['spec>serviceAccountName', 'strict'],
		['spec>imagePullSecrets', [{ name: 'other' }]],
	],
	...each('spec>hostname', ['Host', 'a.b']),
	...each('spec>subdomain', ['Sub']),
	...each('spec>activeDeadlineSeconds', [0, -1, 60]),
	...each('spec>terminationGracePeriodSeconds', [-5, 0]),
	...each('spec>tolerations', [
		[{ operator: 'Exists' }],
		[{ key: 'a', operator: 'Is' }],
		[{ operator: 'Equal', value: 'x' }],
		[{ key: 'a', operator: 'Exists', value: 'x' }],
		[{ key: 'a', effect: 'Never' }],
		[{ key: 'a', tolerationSeconds: 5 }],
		[{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
	]),
	...each('spec>priorityClassName', ['none-such', 'system-node-critical', 'admission-high']),
	...each('spec>priority', [5]),
	...each('spec>preemptionPolicy', ['Never', 'x']),
	...each('spec>runtimeClassName', ['Bad_']),
	...each('spec>schedulingGates', [[{ name: 'a' }], [{ name: 'a' }, { name: 'a' }], [{ name: 'b d' }]]),
	...each('spec>readinessGates', [[{ conditionType: 'a b' }]]),
	...each('spec>hostAliases', [
		[{ ip: 'x' }],
		[{ ip: '1.2.3.4', hostnames: ['A b'] }],
		[{ ip: '1.2.3.4' }, { ip: '1.2.3.4' }],
	]),
	...each('spec>os', [{ name: 'plan9' }, { name: 'linux' }]),
	...each('spec>affinity', [
		{ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
		{
			nodeAffinity: {
				requiredDuringSchedulingIgnoredDuringExecution: {
					nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Is' }] }],
				},
			},
		},
		{ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }] } },
		{ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] } },
		{ podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }] } },
	]),
	...each('spec>topologySpreadConstraints', [
		[{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'x' }],
		[{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: labels } }],
	]),
	...each('metadata>annotations', [
		{ 'controller.kubernetes.io/pod-deletion-cost': 'x' },
		{ 'kubernetes.io/config.mirror': 'x' },
		{ 'seccomp.security.alpha.kubernetes.io/pod': 'odd' },
	]),
	[
		[
			`${c}volumeMounts`,
			[
				{ name: 'v', mountPath: '/x' },
				{ name: 'v', mountPath: '/x' },
			],
		],
		['spec>volumes', [{ name: 'v', emptyDir: {} }]],
	],
	[
		[`${c}volumeMounts`, [{ name: 'v', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }]],
		['spec>volumes', [{ name: 'v', emptyDir: {} }]],
	],
];

const dockerJson = (text: string) => ({ '.dockerconfigjson': Buffer.from(text).toString('base64') });
const secretVariations: Edit[][] = [
	...each('data', [{ 'a b': 'eA==' }, { '..': 'eA==' }, { '..a': 'eA==' }, { '': 'eA==' }]),
	...[
		'',
		'{',
		'nul',
		'nope',
		'[]',
		'"x"',
		'5',
		'null',
		'{}',
		'{"auths":5}',
		'{"a":1,}',
		'{"a" 1}',
		'{a:1}',
		'{"a":1} x',
	].map((text): Edit[] => [
		['type', 'kubernetes.io/dockerconfigjson'],
		['data', dockerJson(text)],
	]),
	...['{"a":"\n"}', '{"a":"\\x"}', '[1 2]', '-', '01', '1.x', '{"a":tru}', "{'a':1}", '{"a":1'].map((text): Edit[] => [
		['type', 'kubernetes.io/dockerconfigjson'],
		['data', dockerJson(text)],
	]),
	...each('type', [
		'kubernetes.io/dockerconfigjson',
		'kubernetes.io/dockercfg',
		'kubernetes.io/basic-auth',
		'kubernetes.io/ssh-auth',
		'kubernetes.io/tls',
		'kubernetes.io/service-account-token',
		'example.com/own',
		'',
	]),
	[['stringData', { text: 'hello' }]],
];

const templated = (prefix: string): Edit[][] => [
	...each(`${prefix}metadata>labels`, [undefined, { app: 'other' }, { 'a b': 'c' }]),
	...each(`${prefix}spec>containers`, [undefined, [], [{ name: 'app' }]]),
	...each(`${prefix}spec>restartPolicy`, ['Never', 'OnFailure', 'Always', 'x']),
	...each(`${prefix}spec>imagePullSecrets`, [[{ name: 'a' }, { name: 'a' }, { name: '' }]]),
	...each(`${prefix}spec>activeDeadlineSeconds`, [5]),
];
const selectors = each('spec>selector', [
	undefined,
	{},
	{ matchLabels: { app: 'other' } },
	{ matchExpressions: [{ key: 'app', operator: 'Is' }] },
	{ matchExpressions: [{ key: 'app', operator: 'In', values: [] }] },
	{ matchExpressions: [{ key: 'app', operator: 'Exists' }] },
]);

export const creations: readonly Case[] = [
	...everyKind,
	...vary('pods', podVariations),
	...vary('secrets', secretVariations),
	...vary('configmaps', [
		...each('data', [{ 'a b': 'x' }, { '..': 'x' }]),
		[['binaryData', { a: 'eA==' }]],
		[['immutable', true]],
	]),
	...vary('serviceaccounts', [
		[['imagePullSecrets', [{ name: 'regcred' }]]],
		[['secrets', [{ name: 'a', namespace: 'x' }]]],
	]),
	...vary('namespaces', [
		...each('metadata>labels', [
			{ 'pod-security.kubernetes.io/enforce': 'strict' },
			{ 'pod-security.kubernetes.io/enforce': 'baseline' },
			{ 'pod-security.kubernetes.io/warn-version': '1.2' },
		]),
	]),
	...vary('services', [
		...each('spec>ports', [
			undefined,
			[],
			[{ port: 0 }],
			[{ port: 80 }, { port: 81 }],
			[
				{ name: 'a', port: 80 },
				{ name: 'a', port: 81 },
			],
			[
				{ name: 'a', port: 80 },
				{ name: 'b', port: 80 },
			],
			[{ port: 80, protocol: 'HTTP' }],
			[{ port: 80, targetPort: 'Web' }],
			[{ port: 80, nodePort: 30080 }],
		]),
		...each('spec>type', ['NodePort', 'LoadBalancer', 'ExternalName', 'Odd']),
		...each('spec>clusterIP', ['None', 'x', '10.96.7.7', '1.2.3.4', '10.96.0.1']),
		...each('spec>sessionAffinity', ['ClientIP', 'x']),
		...each('spec>externalTrafficPolicy', ['Local']),
		...each('spec>selector', [undefined, { 'a b': 'c' }]),
		[
			['spec>type', 'ExternalName'],
			['spec>externalName', 'example.com'],
		],
		[
			['spec>type', 'NodePort'],
			['spec>ports>0>nodePort', 80],
		],
		[
			['spec>clusterIP', 'None'],
			['spec>selector', undefined],
		],
		...each('spec>ipFamilyPolicy', ['x', 'PreferDualStack']),
		...each('spec>loadBalancerClass', ['a']),
	]),
	...vary('limitranges', [
		...each('spec>limits>0>type', ['Box', '']),
		...each('spec>limits>0>min', [{ cpu: '2' }]),
		...each('spec>limits>0>max', [{ cpu: '100m' }, { disk: '1' }]),
		...each('spec>limits>0>maxLimitRequestRatio', [{ cpu: '500m' }]),
		[['spec>limits>+', { type: 'Container' }]],
		[['spec>limits>0>type', 'Pod']],
		[['spec>limits', [{ type: 'PersistentVolumeClaim' }]]],
	]),
	...vary('resourcequotas', [
		...each('spec>hard', [
			{ pods: '1500m' },
			{ pods: '-1' },
			{ nonsense: '1' },
			{ 'requests.cpu': '1', 'count/jobs.batch': '3' },
		]),
		...each('spec>scopes', [['x'], ['BestEffort', 'NotBestEffort'], ['BestEffort']]),
		[
			['spec>hard', { cpu: '1' }],
			['spec>scopes', ['BestEffort']],
		],
		[['spec>scopeSelector', { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] }]],
	]),
	...vary('persistentvolumeclaims', [
		...each('spec>accessModes', [undefined, ['Odd'], ['ReadWriteOncePod', 'ReadWriteOnce']]),
		...each('spec>resources', [undefined, { requests: { storage: '0' } }]),
		...each('spec>storageClassName', ['', 'Odd_']),
		...each('spec>volumeMode', ['Odd']),
	]),
	...vary('endpoints', [
		...each('subsets>0>addresses', [undefined, [{ ip: 'x' }], [{ ip: '127.0.0.1' }], [{ ip: '169.254.1.1' }]]),
		...each('subsets>0>ports', [[{ port: 0 }], [{ port: 1 }, { port: 2 }]]),
	]),
	...vary('deployments.apps', [
		...selectors,
		...templated('spec>template>'),
		...each('spec>replicas', [-1]),
		...each('spec>strategy', [
			{ type: 'Odd' },
			{ type: 'Recreate' },
			{ type: 'Recreate', rollingUpdate: { maxSurge: 1 } },
			{ rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
			{ rollingUpdate: { maxSurge: 'many', maxUnavailable: '120%' } },
			{ rollingUpdate: { maxSurge: -1 } },
		]),
		...each('spec>minReadySeconds', [-1, 700]),
		...each('spec>revisionHistoryLimit', [-1]),
		...each('spec>progressDeadlineSeconds', [0]),
	]),
	...vary('replicasets.apps', [...selectors, ...templated('spec>template>'), ...each('spec>replicas', [-1])]),
	...vary('statefulsets.apps', [
		...selectors,
		...templated('spec>template>'),
		...each('spec>serviceName', ['Odd_', undefined]),
		...each('spec>podManagementPolicy', ['Odd', 'Parallel']),
		...each('spec>updateStrategy', [{ type: 'Odd' }, { type: 'OnDelete' }, { rollingUpdate: { partition: -1 } }]),
		[['spec>volumeClaimTemplates', [{ metadata: { name: 'data' }, spec: {} }]]],
		[
			['spec>volumeClaimTemplates', [{ metadata: { name: 'data' }, spec: bases['persistentvolumeclaims']?.['spec'] }]],
			['spec>template>spec>containers>0>volumeMounts', [{ name: 'data', mountPath: '/data' }]],
		],
	]),
	...vary('daemonsets.apps', [
		...selectors,
		...templated('spec>template>'),
		...each('spec>updateStrategy', [
			{ type: 'Odd' },
			{ type: 'OnDelete' },
			{ rollingUpdate: { maxUnavailable: 0 } },
			{ rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
		]),
	]),
	...vary('replicationcontrollers', [
		...templated('spec>template>'),
		...each('spec>selector', [undefined, { app: 'other' }]),
		...each('spec>template', [undefined]),
	]),
	...vary('jobs.batch', [
		...templated('spec>template>'),
		...each('spec>parallelism', [-1]),
		...each('spec>completions', [-1, 3]),
		...each('spec>backoffLimit', [-1]),
		...each('spec>completionMode', ['Odd', 'Indexed']),
		...each('spec>selector', [{ matchLabels: labels }]),
		...each('spec>podReplacementPolicy', ['Odd']),
		...each('spec>podFailurePolicy', [
			{ rules: [{ action: 'Odd' }] },
			{ rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [0, 5, 3] } }] },
		]),
		[
			['spec>manualSelector', true],
			['spec>selector', { matchLabels: labels }],
			['spec>template>metadata>labels', labels],
		],
	]),
	...vary('cronjobs.batch', [
		...each('spec>schedule', [
			'',
			'x',
			'* * * *',
			'61 * * * *',
			'* * * * 8',
			'@daily',
			'@sometimes',
			'*/0 * * * *',
			'a * * * *',
			'5-1 * * * *',
			'TZ=UTC * * * * *',
		]),
		...each('spec>timeZone', ['', 'Mars/Base', 'Local']),
		...each('spec>concurrencyPolicy', ['Odd', 'Forbid']),
		...each('metadata>name', ['a'.repeat(53)]),
		...each('spec>jobTemplate>spec>template>spec>restartPolicy', ['Always']),
		...each('spec>startingDeadlineSeconds', [-1]),
	]),
	...vary(`roles.${rbac}`, each('rules', [[{}], [{ verbs: ['get'], nonResourceURLs: ['/x'] }], undefined])),
	...vary(
		`clusterroles.${rbac}`,
		each('rules', [[{}], [{ verbs: ['get'], nonResourceURLs: ['/x'], resources: ['x'] }]]),
	),
	...vary(`rolebindings.${rbac}`, [
		...each('roleRef', [
			{ apiGroup: rbac, kind: 'Role', name: '' },
			{ apiGroup: 'x', kind: 'Role', name: 'a/b' },
		]),
		...each('subjects', [
			[{ kind: 'Odd', name: 'x' }],
			[{ kind: 'ServiceAccount', name: '' }],
			[{ kind: 'User', name: 'x', apiGroup: 'y' }],
		]),
	]),
	...vary(`clusterrolebindings.${rbac}`, [
		...each('roleRef>kind', ['Role']),
		...each('subjects', [[{ kind: 'ServiceAccount', name: 'x' }]]),
	]),
	...vary('networkpolicies.networking.k8s.io', [
		...each('spec>ingress>0>from', [
			[{}],
			[{ ipBlock: { cidr: 'x' } }],
			[{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }],
		]),
		...each('spec>ingress>0>ports', [
			[{ port: 0 }],
			[{ port: 'Web' }],
			[{ port: 80, endPort: 70 }],
			[{ protocol: 'X' }],
		]),
		...each('spec>policyTypes', [['Odd'], ['Ingress', 'Egress']]),
	]),
	...vary('ingresses.networking.k8s.io', [
		...each('spec>rules', [undefined, [{ host: '1.2.3.4' }], [{ host: '*.x.com' }], [{ host: 'A b' }]]),
		...each('spec>rules>0>http>paths>0>path', ['x', '/a//b', '', '/a/..']),
		...each('spec>rules>0>http>paths>0>pathType', [undefined, 'Odd']),
		...each('spec>rules>0>http>paths>0>backend', [
			{},
			{ service: { name: '', port: {} } },
			{ service: { name: 'x', port: { name: 'a', number: 1 } } },
		]),
		...each('spec>tls', [[{ hosts: ['A b'], secretName: 'S_' }]]),
		...each('spec>ingressClassName', ['Odd_']),
	]),
	...vary('leases.coordination.k8s.io', each('spec>leaseDurationSeconds', [0, -1])),
	...vary('priorityclasses.scheduling.k8s.io', [
		...each('value', [2000000000]),
		...each('preemptionPolicy', ['Odd', 'Never']),
		...each('metadata>name', ['system-mine']),
	]),
	...vary('storageclasses.storage.k8s.io', [
		...each('provisioner', [undefined, 'a b']),
		...each('reclaimPolicy', ['Odd', 'Retain']),
		...each('volumeBindingMode', ['Odd', 'WaitForFirstConsumer']),
	]),
	...vary('poddisruptionbudgets.policy', [
		...each('spec>minAvailable', [-1, '5', '120%', '50%']),
		[['spec>maxUnavailable', 1]],
		...each('spec>unhealthyPodEvictionPolicy', ['Odd']),
	]),
	...vary('endpointslices.discovery.k8s.io', [
		...each('addressType', [undefined, 'Odd', 'IPv6']),
		...each('endpoints>0>addresses', [[], ['x'], ['127.0.0.1']]),
		...each('ports', [[{ name: 'A' }], [{ port: 1 }, { port: 2 }]]),
	]),
	...(['baseline', 'restricted'] as const).flatMap((level) => secure(`admission-${level}`)),
	...vary('pods', limited(), 'admission-limited'),
	...vary('pods', [[], [[`${c}resources`, { requests: { cpu: '1', memory: '1Gi' } }]]], 'admission-quota'),
	...vary('configmaps', [[]], 'admission-quota'),
	...vary('services', [[], [['spec>type', 'NodePort']]], 'admission-quota'),
	...vary('pods', [[]], 'admission-absent'),
	...vary('secrets', [[]], 'admission-absent'),
];

function secure(namespace: string): Case[] {
	const strict = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
	const sound: Edit[] = [
		['spec>securityContext', { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }],
		[`${c}securityContext`, strict],
	];
	return [
		...vary(
			'pods',
			[
				[],
				sound,
				[...sound, [`${c}securityContext`, { ...strict, runAsUser: 0 }]],
				[
					...sound,
					[`${c}securityContext`, { ...strict, capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'CHOWN'] } }],
				],
				[
					...sound,
					[
						'spec>volumes',
						[
							{ name: 'a', hostPath: { path: '/' } },
							{ name: 'b', nfs: { server: 'x', path: '/' } },
						],
					],
				],
				[...sound, ['spec>hostNetwork', true], ['spec>hostPID', true]],
				[...sound, [`${c}ports`, [{ containerPort: 80, hostPort: 80 }]]],
				[[`${c}securityContext`, { privileged: true }]],
				[['spec>securityContext', { runAsNonRoot: false, seccompProfile: { type: 'Unconfined' } }]],
				[
					[
						'spec>securityContext',
						{ sysctls: [{ name: 'kernel.msgmax', value: '1' }], seLinuxOptions: { type: 'x', user: 'y' } },
					],
				],
				[['spec>containers>+', { name: 'second', image: 'x', securityContext: { procMount: 'Default' } }]],
				[[`${c}livenessProbe`, { httpGet: { port: 80, host: 'x' } }]],
				[['spec>securityContext', { appArmorProfile: { type: 'Unconfined' } }]],
			],
			namespace,
		),
		...vary('deployments.apps', [[]], namespace),
		...vary('cronjobs.batch', [[]], namespace),
	];
}

function limited(): Edit[][] {
	return [
		[],
		...each(`${c}resources`, [
			{ requests: { cpu: '50m' } },
			{ limits: { cpu: '3' } },
			{ requests: { cpu: '100m' }, limits: { cpu: '2' } },
			{ requests: { memory: '1Mi' }, limits: { memory: '2Gi' } },
		]),
	];
}

function change(type: string, variations: readonly (readonly Edit[])[]): Case[] {
	return vary(type, variations, homeOf(type));
}

/** Controllers of the real cluster have written into these by the time they are asked about. */
const watched = ['endpoints', 'resourcequotas'];

/** Changes of sound objects that exist. */
export const changes: readonly Case[] = [
	...Object.keys(bases).flatMap((type) =>
		change(type, [
			[['metadata>labels', { 'bad key': 'x' }]],
			...(watched.includes(type) ? [] : [[['metadata>annotations', { new: 'one' }] as Edit]]),
		]),
	),
	...change('pods', [
		...each(`${c}image`, ['other:2', '', ' x']),
		...each(`${c}name`, ['other']),
		...each(`${c}env`, [[{ name: 'A', value: 'b' }]]),
		...each(`${c}resources`, [{ limits: { cpu: '1' } }]),
		...each('spec>imagePullSecrets', [[{ name: 'late' }]]),
		...each('spec>serviceAccountName', ['puller']),
		...each('spec>restartPolicy', ['Never']),
		...each('spec>nodeName', ['x']),
		...each('spec>nodeSelector', [{ b: 'c', a: 'b' }]),
		...each('spec>tolerations', [[], [{ key: 'a', operator: 'Exists' }]]),
		...each('spec>activeDeadlineSeconds', [5, -5]),
		...each('spec>terminationGracePeriodSeconds', [1]),
		...each('spec>hostNetwork', [true]),
		...each('spec>securityContext', [{ runAsUser: 5, fsGroup: 6 }]),
		...each(`${c}securityContext`, [{ privileged: true }]),
		...each(`${c}livenessProbe`, [{ httpGet: { port: 80, path: '/x' } }]),
		[['spec>containers>+', { name: 'more', image: 'x' }]],
		[['spec>volumes>+', { name: 'more', emptyDir: {} }]],
		[['spec>tolerations>+', { key: 'a', operator: 'Exists' }]],
		[['spec>schedulingGates', [{ name: 'late' }]]],
		[
			[`${c}command`, ['sh', '-c']],
			[`${c}ports`, [{ containerPort: 1, protocol: 'UDP' }]],
			[
				'spec>affinity',
				{
					nodeAffinity: {
						requiredDuringSchedulingIgnoredDuringExecution: {
							nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['<b>'] }] }],
						},
					},
				},
			],
		],
	]),
	...change('secrets', [
		...each('type', ['kubernetes.io/dockerconfigjson', 'example.com/own']),
		...each('data', [{ a: 'Yw==' }]),
	]),
	...change('deployments.apps', [
		...each('spec>selector', [{ matchLabels: { app: 'other' } }]),
		...each('spec>replicas', [-1]),
		...each('spec>template>metadata>labels', [{ app: 'other' }]),
		...each('spec>template>spec>containers>0>image', ['other:2']),
	]),
	...change('replicasets.apps', each('spec>selector', [{ matchLabels: { app: 'other' } }])),
	...change('statefulsets.apps', [...each('spec>serviceName', ['other']), ...each('spec>replicas', [0])]),
	...change('daemonsets.apps', [
		...each('spec>selector', [{ matchLabels: { app: 'other' } }]),
		...each('spec>template>spec>containers>0>image', ['other:2']),
	]),
	...change('jobs.batch', [
		...each('spec>template>spec>containers>0>image', ['other:2']),
		...each('spec>completions', [5]),
		...each('spec>parallelism', [2]),
		...each('spec>suspend', [true]),
	]),
	...change('cronjobs.batch', each('spec>schedule', ['x', '@daily'])),
	...change('services', [
		...each('spec>clusterIP', ['10.96.9.9']),
		...each('spec>type', ['NodePort', 'ExternalName']),
		...each('spec>ports', [[{ port: 81 }], []]),
	]),
	...change(`rolebindings.${rbac}`, each('roleRef>name', ['other'])),
	...change(`clusterrolebindings.${rbac}`, each('roleRef>name', ['other'])),
	...change('priorityclasses.scheduling.k8s.io', [...each('value', [6]), ...each('preemptionPolicy', ['Never'])]),
	...change('storageclasses.storage.k8s.io', [
		...each('provisioner', ['x']),
		...each('volumeBindingMode', ['WaitForFirstConsumer']),
	]),
	...change('endpointslices.discovery.k8s.io', each('addressType', ['FQDN'])),
	...change('resourcequotas', each('spec>scopes', [['BestEffort']])),
];

const plain = 'admission-plain';

/** What exists beforehand. */
export const setup: readonly Made[] = [
	...[plain, 'admission-spare', 'admission-limited', 'admission-quota'].map((name) => namespace(name, {})),
	...['baseline', 'restricted'].map((level) =>
		namespace(`admission-${level}`, { 'pod-security.kubernetes.io/enforce': level }),
	),
	account('puller', { imagePullSecrets: [{ name: 'regcred' }, { name: 'second' }] }),
	account('tokenless', { automountServiceAccountToken: false }),
	account('strict', {
		metadata: { name: 'strict', namespace: plain, annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
		imagePullSecrets: [{ name: 'regcred' }],
	}),
	{
		type: 'priorityclasses.scheduling.k8s.io',
		namespace: '',
		object: {
			apiVersion: 'scheduling.k8s.io/v1',
			kind: 'PriorityClass',
			metadata: { name: 'admission-high' },
			value: 7,
		},
	},
	{
		type: 'limitranges',
		namespace: 'admission-limited',
		object: {
			apiVersion: 'v1',
			kind: 'LimitRange',
			metadata: { name: 'limits' },
			spec: {
				limits: [
					{
						type: 'Container',
						min: { cpu: '100m' },
						max: { cpu: '2' },
						default: { cpu: '1', memory: '1Gi' },
						defaultRequest: { cpu: '500m' },
						maxLimitRequestRatio: { cpu: '10' },
					},
				],
			},
		},
	},
	{
		type: 'resourcequotas',
		namespace: 'admission-quota',
		object: {
			apiVersion: 'v1',
			kind: 'ResourceQuota',
			metadata: { name: 'quota' },
			spec: {
				hard: { 'requests.cpu': '500m', 'requests.memory': '512Mi', services: '0', 'count/configmaps': '1', pods: '5' },
			},
		},
	},
];

function namespace(name: string, labelsOf: Record<string, string>): Made {
	return {
		type: 'namespaces',
		namespace: '',
		object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: labelsOf } },
	};
}

function account(name: string, fields: object): Made {
	const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: plain }, ...fields };
	return { type: 'serviceaccounts', namespace: plain, object };
}
