/** What the grader tells apart, each as a sentence with literal facts and what is said of them; the pages of docs/ quote it. */

import type { ContainerFacts, ControlFacts, PodFacts, PullFacts, PullLogFacts } from '../../src/model/evidence.ts';
import type { Reason } from '../../src/model/reason.ts';
import type { Diagnosis } from '../../src/model/verdict.ts';
import * as facts from '../checks/facts.ts';
import { absent, denied, end, entry, found, host, image, pod, pull, running, waiting } from '../checks/facts.ts';

export interface Case {
	/** The sentence that holds. */
	says: string;
	given: Diagnosis | null;
	reason: Reason;
	message: RegExp;
	/** Kubernetes' own words, which must be found verbatim. */
	words?: string;
	remedy: RegExp;
	/** Exactly these hold as well. */
	also?: Reason[];
	isError?: true;
}

/* ------------------------------------------------------------------- facts */

interface Asked {
	through?: 'pod' | 'service-account' | 'any';
	secret?: string;
	policy?: string;
	container?: string;
}

export function judgePod(
	seen: PullFacts,
	asked: Asked = {},
	{ log = facts.served, controls = facts.controls }: { log?: PullLogFacts; controls?: ControlFacts } = {},
): Diagnosis | null {
	const params = { namespace: seen.pod?.namespace ?? 'default', name: 'private-pod', image, ...asked };
	return facts.check('pulled-pod', params).judge({ pull: seen, log, controls }, facts.context);
}

function judgeRefused(seen: PullFacts): Diagnosis | null {
	const check = facts.check('refused-pod', { namespace: 'default', name: 'private-pod', image });
	return check.judge({ pull: seen, controls: facts.controls }, facts.context);
}

function judgeAccount(change: Parameters<typeof facts.account>[0]): Diagnosis | null {
	const check = facts.check('account-pull-secret', { namespace: 'default', secret: 'my-registry-creds' });
	return check.judge({ account: facts.account(change) }, facts.context);
}

function judgeResource(change: object, params: object = {}): Diagnosis | null {
	const check = facts.check('resource', { apiVersion: 'v1', resource: 'ServiceAccount', name: 'builder', ...params });
	const nothing = { isKindUnknown: false, isNamespaced: true, isNamespaceAbsent: false, objects: [], siblings: [] };
	return check.judge({ found: { ...nothing, ...change } }, facts.context);
}

/** What a node says, in full. */
export const said = {
	denied: `failed to pull and unpack image "${image}": failed to resolve reference "${image}": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
	refused: statusOf('401 Unauthorized'),
	forbidden: statusOf('403 Forbidden'),
	busy: statusOf('429 Too Many Requests'),
	failing: statusOf('503 Service Unavailable'),
	silent: `failed to do request: Head "https://${host}/v2/": net/http: timeout awaiting response headers`,
	unresolved: 'dial tcp: lookup registry.example.cmo on 10.96.0.10:53: no such host',
	unreachable: `failed to do request: Head "https://${host}/v2/": dial tcp 10.0.0.1:443: connect: connection refused`,
	plain: `failed to do request: Head "https://${host}/v2/": http: server gave HTTP response to HTTPS client`,
	unknown: `Head "https://${host}/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
	absent: `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
	platform: `failed to pull and unpack image "${image}": no match for platform in manifest: not found`,
	throttled: 'pull QPS exceeded',
	broken: 'illegal base64 data at input byte 4',
	name: 'Failed to apply default image tag "registry.example.com/MyApp:1.0": couldn\'t parse image name "registry.example.com/MyApp:1.0": invalid reference format: repository name (MyApp) must be lowercase',
	never: `Container image "${image}" is not present with pull policy of Never`,
	elsewhere: 'the disk is on fire',
};

function statusOf(status: string): string {
	return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": unexpected status from HEAD request to https://${host}/v2/myapp/manifests/1.0: ${status}`;
}

/** A Pod that waits with these words of its node, and whose list is right but for `change`. */
export function waits(
	message: string,
	{
		reason = 'ErrImagePull',
		container = {},
		...change
	}: { reason?: string; container?: Partial<ContainerFacts> } & Partial<PodFacts> = {},
): PullFacts {
	return pull({ pod: pod({ phase: 'Pending', containers: [waiting(message, reason, container)], ...change }) });
}

/** Denied, listing these Secrets. */
export function lists(
	lookups: Parameters<typeof denied>[0],
	change: Partial<PodFacts> = {},
	rest: Partial<PullFacts> = {},
): PullFacts {
	return denied(lookups, { containers: [waiting(said.denied)], ...change }, rest);
}

export const refusedEntry = entry({ trial: facts.rejected });
export const otherHost = entry({ host: 'registry.example.org', matches: false, trial: null });
const unusable = entry({ username: null, hasPassword: false, trial: null });
export const slip = absent('my-registry-cred', { siblings: [{ name: 'my-registry-creds', type: 'x' }] });
export const elsewhere = absent('my-registry-creds', { otherNamespaces: ['staging'] });
export const malformed = found({ malformed: said.broken, malformedHost: 'other.example.com' });
export const accountOf = (change: Partial<NonNullable<PullFacts['account']>>) => ({
	account: { name: 'default', exists: true, pullSecrets: [], mountableSecrets: [], ...change },
});
export const handsOn = accountOf({ pullSecrets: ['my-registry-creds'] });
export const mounts = accountOf({ mountableSecrets: ['my-registry-creds'] });
export const otherAccounts = [{ name: 'puller', pullSecrets: ['my-registry-creds'] }];
export const delet = /\nkubectl delete pod private-pod\n/;
export const remake = /\nkubectl replace --force -f private-pod\.yaml$/;
export const otherImage = { image: `${host}/myap:1.0` };

/* -------------------------------------------------------------- situations */

export const situations: Case[] = [
	{
		says: 'the Secret is not there',
		given: judgePod(lists([absent('my-registry-creds')])),
		reason: 'PullSecretMissing',
		message: /^There is no Secret my-registry-creds in namespace default\.$/,
		words: said.denied,
		remedy: /\nkubectl create secret docker-registry my-registry-creds \\\n/,
	},
	{
		says: '…but one whose name is a slip away is',
		given: judgePod(lists([slip])),
		reason: 'PullSecretMisspelt',
		message: /no Secret my-registry-cred in namespace default, but there is my-registry-creds/,
		words: said.denied,
		remedy: /^Name my-registry-creds under spec\.imagePullSecrets, then:\nkubectl replace/,
	},
	{
		says: '…but one of that name is in another namespace',
		given: judgePod(lists([elsewhere])),
		reason: 'PullSecretInOtherNamespace',
		message: /is in namespace staging, not in default/,
		words: said.denied,
		remedy: /\nkubectl create secret docker-registry my-registry-creds/,
	},
	{
		says: 'its type is Opaque or anything the kubelet ignores',
		given: judgePod(lists([found({ type: 'Opaque' })])),
		reason: 'SecretTypeWrong',
		message: /is of type Opaque/,
		words: said.denied,
		remedy: /\nkubectl delete secret my-registry-creds\nkubectl create secret docker-registry/,
	},
	{
		says: 'right type, but no auths',
		given: judgePod(lists([found({ entries: [] })])),
		reason: 'PullSecretEmpty',
		message: /holds no registry credentials at all/,
		words: said.denied,
		remedy: /\nkubectl delete secret my-registry-creds\n/,
	},
	{
		says: "or nothing usable in the host's entry: {} with a credsStore",
		given: judgePod(lists([found({ entries: [unusable], ignored: ['credsStore'] })])),
		reason: 'PullSecretEmpty',
		message: /has no username and password\. It has credsStore, which docker would use and the kubelet does not/,
		words: said.denied,
		remedy: /\nkubectl create secret docker-registry/,
	},
	{
		says: 'an empty password',
		given: judgePod(lists([found({ entries: [entry({ hasPassword: false, trial: null })] })])),
		reason: 'PullSecretEmpty',
		message: /has no username and password/,
		words: 'username myuser, no password',
		remedy: /\nkubectl create secret docker-registry/,
	},
	{
		says: 'an identitytoken',
		given: judgePod(lists([found({ entries: [unusable], ignored: ['identitytoken'] })])),
		reason: 'PullSecretEmpty',
		message: /It has identitytoken/,
		words: said.denied,
		remedy: /\nkubectl create secret docker-registry/,
	},
	{
		says: 'auth not base64, in any entry of any listed Secret, also for another host',
		given: judgePod(
			pull({
				pod: pod({ containers: [waiting(said.broken, said.broken)], pullSecrets: ['my-registry-creds', 'second'] }),
				secrets: [{ container: 'app', lookups: [found(), { ...malformed, name: 'second' }] }],
			}),
		),
		reason: 'CredentialsMalformed',
		message: /entry other\.example\.com, cannot be read\. One such entry blocks every pull/,
		words: said.broken,
		remedy: /^Make the Secret anew:\nkubectl delete secret/,
	},
	{
		says: 'auth malformed, even with the image cached',
		given: judgePod(pull({ secrets: [{ container: 'app', lookups: [malformed] }] })),
		reason: 'CredentialsMalformed',
		message: /blocks every pull/,
		words: said.broken,
		remedy: /\nkubectl create secret docker-registry/,
	},
	{
		says: "no entry matches the image's host",
		given: judgePod(lists([found({ entries: [otherHost] })])),
		reason: 'RegistryNotListed',
		message: /has no entry for registry\.example\.com\.$/,
		words: 'registry.example.org',
		remedy: /--docker-server=registry\.example\.com/,
	},
	{
		says: 'the registry refuses the password',
		given: judgePod(lists([found({ entries: [refusedEntry] })], { containers: [waiting(said.refused)] })),
		reason: 'CredentialsRejected',
		message: /registry\.example\.com refuses the password of myuser/,
		words: said.refused,
		remedy: /\nkubectl create secret docker-registry/,
	},
	{
		says: 'the registry refuses the password, which ends in a line break',
		given: judgePod(
			lists([found({ entries: [{ ...refusedEntry, blankIn: 'password' }] })], { containers: [waiting(said.refused)] }),
		),
		reason: 'CredentialsRejected',
		message: /my-registry-creds: it begins or ends in white space, such as the line break that echo adds\.$/,
		words: said.refused,
		remedy: /\nkubectl create secret docker-registry/,
	},
	{
		says: 'the registry refuses the user',
		given: judgePod(
			lists([
				found({
					entries: [
						entry({
							username: 'nobody',
							trial: { outcome: 'rejected', status: 401, knownUser: false, answer: '401 UNAUTHORIZED' },
						}),
					],
				}),
			]),
		),
		reason: 'CredentialsRejected',
		message: /refuses the user nobody/,
		words: '401 UNAUTHORIZED',
		remedy: /--docker-username=myuser/,
	},
	{
		says: 'neither Pod nor ServiceAccount names a secret',
		given: judgePod(lists([])),
		reason: 'PullSecretNotReferenced',
		message: /names no pull Secret, and neither does its ServiceAccount default/,
		words: said.denied,
		remedy: /^Name the Secret under spec\.imagePullSecrets, then:\nkubectl replace --force/,
	},
	{
		says: 'the account got the secret after the Pod was created',
		given: judgePod(lists([], {}, handsOn)),
		reason: 'PodOlderThanServiceAccountSecret',
		message: /got its present list after Pod private-pod was created/,
		words: said.denied,
		remedy: delet,
	},
	{
		says: "the Pod lists its own, so the account's are not used",
		given: judgePod(lists([found({ entries: [otherHost] })], {}, handsOn), { through: 'service-account' }),
		reason: 'PodListOverridesServiceAccount',
		message: /has a list of pull Secrets of its own/,
		words: said.denied,
		remedy: /^Leave spec\.imagePullSecrets out, then:\nkubectl replace/,
		also: ['RegistryNotListed'],
	},
	{
		says: 'the account has it under secrets, not imagePullSecrets',
		given: judgePod(lists([], {}, mounts)),
		reason: 'ServiceAccountSecretNotForPulls',
		message: /under secrets, which are for mounting/,
		words: said.denied,
		remedy: /^kubectl patch serviceaccount default -p/,
	},
	{
		says: 'the Pod runs as another ServiceAccount',
		given: judgePod(lists([], {}, { otherAccounts })),
		reason: 'ServiceAccountOther',
		message: /runs as ServiceAccount default, which hands on no pull Secret; puller does/,
		words: said.denied,
		remedy: /^Set spec\.serviceAccountName to puller/,
	},
	{
		says: 'the account does not hand it on',
		given: judgeAccount({ pullSecrets: [], dryRun: [] }),
		reason: 'ServiceAccountWithoutPullSecret',
		message: /does not hand my-registry-creds on to new Pods/,
		words: 'no pull Secret',
		remedy: /^kubectl patch serviceaccount default -p/,
	},
	{
		says: "another secret than the task's, good",
		given: judgePod(
			pull({
				pod: pod({ pullSecrets: ['other'] }),
				secrets: [{ container: 'app', lookups: [found({ name: 'other' })] }],
			}),
			{ secret: 'my-registry-creds' },
		),
		reason: 'PullSecretOther',
		message: /with another Secret than the task asks for/,
		words: 'other',
		remedy: remake,
	},
	{
		says: "another secret than the task's, which the account hands on",
		given: judgePod(
			pull({
				pod: pod({ pullSecrets: ['other'], isListInherited: true }),
				secrets: [{ container: 'app', lookups: [found({ name: 'other' })] }],
				account: { name: 'default', exists: true, pullSecrets: ['other'], mountableSecrets: [] },
			}),
			{ secret: 'my-registry-creds', through: 'service-account' },
		),
		reason: 'PullSecretOther',
		message: /with another Secret than the task asks for/,
		words: 'other',
		remedy:
			/^Have ServiceAccount default hand my-registry-creds on, and make the Pod anew:\nkubectl patch serviceaccount default -p .*my-registry-creds.*\nkubectl delete pod private-pod\n/,
	},
	{
		says: 'the account got the secret while the Pod ran with another that it had handed on',
		given: judgePod(
			pull({
				pod: pod({ pullSecrets: ['other'], isListInherited: true }),
				secrets: [{ container: 'app', lookups: [found({ name: 'other' })] }],
				...handsOn,
			}),
			{ secret: 'my-registry-creds', through: 'service-account' },
		),
		reason: 'PodOlderThanServiceAccountSecret',
		message: /got its present list after Pod private-pod was created/,
		words: 'other',
		remedy: /^Make the Pod anew:\nkubectl delete pod private-pod\n/,
		also: ['PullSecretOther'],
	},
	{
		says: "another secret than the task's, or not good",
		given: judgePod(
			pull({
				pod: pod({ pullSecrets: ['other'] }),
				secrets: [{ container: 'app', lookups: [found({ name: 'other', entries: [refusedEntry] })] }],
			}),
			{ secret: 'my-registry-creds' },
		),
		reason: 'PullSecretOther',
		message: /with another Secret than the task asks for/,
		words: 'other',
		remedy: remake,
	},
	{
		says: "another secret than the task's, which is listed as well and does not open the registry",
		given: judgePod(
			pull({
				pod: pod({ pullSecrets: ['other', 'my-registry-creds'] }),
				secrets: [{ container: 'app', lookups: [found({ name: 'other' }), found({ entries: [refusedEntry] })] }],
			}),
			{ secret: 'my-registry-creds' },
		),
		reason: 'PullSecretOther',
		message: /with another Secret than the task asks for/,
		words: 'other',
		remedy: /^Make the Secret anew with the right credentials:\nkubectl delete secret my-registry-creds\n/,
		also: ['CredentialsRejected'],
	},
	{
		says: "another secret than the task's, which the kubelet is about to try",
		given: judgePod(lists([found({ name: 'other' })]), { secret: 'my-registry-creds' }),
		reason: 'PullSecretOther',
		message: /with another Secret than the task asks for/,
		words: said.denied,
		remedy: remake,
		also: ['PullRetryPending'],
	},
	{
		says: 'namespace absent',
		given: judgePod(pull({ pod: null, isNamespaceAbsent: true })),
		reason: 'NamespaceMissing',
		message: /^There is no namespace default\.$/,
		remedy: /^kubectl create namespace default$/,
	},
	{
		says: 'ServiceAccount absent',
		given: judgeAccount({ exists: false, pullSecrets: [], dryRun: null }),
		reason: 'ServiceAccountMissing',
		message: /^There is no ServiceAccount default in namespace default\.$/,
		remedy: /^kubectl create serviceaccount default$/,
	},
	{
		says: 'an object that is asked for is absent',
		given: judgeResource({ siblings: ['bilder'] }),
		reason: 'ServiceAccountMissing',
		message: /^There is no ServiceAccount builder in namespace default, but there is bilder\.$/,
		remedy: /\nkubectl get serviceaccount$/,
	},
	{
		says: 'credentials right, tag or repository absent',
		given: judgePod(waits(said.absent)),
		reason: 'ImageNotFound',
		message: /are accepted, but the registry has no registry\.example\.com\/myapp:1\.0/,
		words: said.absent,
		remedy: /^Correct the repository or the tag, then:\nkubectl replace/,
	},
	{
		says: "the image's name cannot be parsed",
		given: judgePod(waits(said.name, { reason: 'InvalidImageName', container: { image: `${host}/MyApp:1.0` } })),
		reason: 'ImageNameInvalid',
		message: /registry\.example\.com\/MyApp:1\.0, the image of Pod default\/private-pod, is not an image name/,
		words: said.name,
		remedy: remake,
		also: ['ImageOther'],
	},
	{
		says: "another image than the task's",
		given: judgePod(lists([found()], { containers: [waiting(said.denied, 'ErrImagePull', otherImage)] })),
		reason: 'ImageOther',
		message: /uses another image than the task asks for/,
		words: said.denied,
		remedy: /^Set the image of container app to registry\.example\.com\/myapp:1\.0, then:\nkubectl replace/,
	},
	{
		says: 'registry does not answer',
		given: judgePod(waits(said.unreachable)),
		reason: 'RegistryUnreachable',
		message: /^The node cannot reach registry\.example\.com/,
		words: said.unreachable,
		remedy: /\nkubeproctor up$/,
		isError: true,
	},
	{
		says: 'name does not resolve',
		given: judgePod(waits(said.unresolved, { container: { image: 'registry.example.cmo/myapp:1.0' } })),
		reason: 'RegistryUnreachable',
		message: /^The node cannot reach registry\.example\.cmo/,
		words: said.unresolved,
		remedy:
			/^Correct the host in the image's name:\nkubectl set image pod\/private-pod app=registry\.example\.com\/myapp:1\.0$/,
		also: ['ImageOther'],
	},
	{
		says: 'HTTPS against HTTP',
		given: judgePod(waits(said.plain, { container: { image: 'localhost:5000/myapp:1.0' } })),
		reason: 'RegistryTlsMismatch',
		message: /localhost:5000, from which Pod default\/private-pod wants to pull, do not agree on TLS/,
		words: said.plain,
		remedy: /^Correct host or port in the image's name:\nkubectl set image pod\/private-pod app=/,
		also: ['ImageOther'],
	},
	{
		says: 'unknown authority',
		given: judgePod(waits(said.unknown)),
		reason: 'RegistryTlsMismatch',
		message: /do not agree on TLS/,
		words: said.unknown,
		remedy: /\nkubeproctor up$/,
		isError: true,
	},
	{
		says: 'registry says slow down',
		given: judgePod(waits(said.busy, { container: { image: 'docker.io/library/nginx:1' } })),
		reason: 'RegistryRateLimited',
		message: /^docker\.io says that it is asked too often\.$/,
		words: said.busy,
		remedy: /\nkubectl get pod private-pod$/,
		also: ['ImageOther'],
	},
	{
		says: 'registry forbids (403)',
		given: judgePod(waits(said.forbidden)),
		reason: 'RegistryForbidden',
		message: /knows the user, and forbids Pod default\/private-pod to pull/,
		words: said.forbidden,
		remedy: /\nkubectl delete secret my-registry-creds\nkubectl create secret docker-registry/,
	},
	{
		says: 'registry fails (5xx)',
		given: judgePod(waits(said.failing)),
		reason: 'RegistryFailing',
		message: /fails with an error of its own/,
		words: said.failing,
		remedy: /\nkubeproctor up$/,
		isError: true,
	},
	{
		says: 'registry fails (time-out)',
		given: judgePod(waits(said.silent, { container: { image: 'docker.io/library/nginx:1' } })),
		reason: 'RegistryFailing',
		message: /fails with an error of its own/,
		words: said.silent,
		remedy: /\nkubectl get pod private-pod$/,
		also: ['ImageOther'],
	},
	{
		says: "the node's own pull limit",
		given: judgePod(waits(said.throttled)),
		reason: 'PullThrottled',
		message: /pulled too many images at once/,
		words: said.throttled,
		remedy: /tries again by itself[\s\S]*\nkubectl get pod private-pod$/,
		isError: true,
	},
	{
		says: 'no manifest for this platform',
		given: judgePod(waits(said.platform)),
		reason: 'ImagePlatformMismatch',
		message: /has no variant for the platform of node kind-control-plane/,
		words: said.platform,
		remedy: remake,
	},
	{
		says: 'the container cannot be created',
		given: judgePod(waits('exec: "/no/such": no such file or directory', { reason: 'RunContainerError' })),
		reason: 'ContainerNotCreated',
		message: /is there, but the container cannot be started from it/,
		words: 'RunContainerError: exec: "/no/such": no such file or directory',
		remedy: remake,
	},
	{
		says: 'the container cannot be created, between two attempts',
		given: judgePod(
			waits('back-off 10s restarting failed container', {
				reason: 'CrashLoopBackOff',
				container: {
					restartCount: 2,
					endedBefore: end({ exitCode: 128, reason: 'StartError', message: 'exec: "/no/such"', startedAt: null }),
				},
			}),
		),
		reason: 'ContainerNotCreated',
		message: /cannot be started from it/,
		words: 'CrashLoopBackOff: back-off 10s restarting failed container\nStartError: exec: "/no/such", exit code 128',
		remedy: remake,
	},
	{
		says: 'a Deployment whose Pods are refused at admission',
		given: judgePod(
			pull({
				pod: null,
				refusal: { owner: 'replicaset/private-pod-1', message: 'pods "x" is forbidden: exceeded quota' },
			}),
		),
		reason: 'PodRefused',
		message: /^replicaset\/private-pod-1 cannot make its Pods: the API server refuses them\.$/,
		words: 'pods "x" is forbidden: exceeded quota',
		remedy: /\nkubectl describe replicaset\/private-pod-1$/,
	},
	{
		says: 'a pull failure that none of these names (its text verbatim)',
		given: judgePod(waits(said.elsewhere)),
		reason: 'PullFailedOtherwise',
		message: /cannot pull registry\.example\.com\/myapp:1\.0/,
		words: `ErrImagePull: ${said.elsewhere}`,
		remedy: /\nkubectl describe pod private-pod$/,
	},
	{
		says: 'all is right now, the kubelet is still backing off: 5 min 15 s at most',
		given: judgePod(lists([found()]), {}, { log: { log: { records: [], lostBefore: null } } }),
		reason: 'PullRetryPending',
		message: /^All is right now, but the kubelet still waits .*: 5 min 15 s at most\.$/,
		words: said.denied,
		remedy: /delete the Pod, which tries at once:\nkubectl delete pod private-pod\n/,
	},
	{
		says: 'all is right now: 15 s where the image is cached',
		given: judgePod(lists([found()], { containers: [waiting(said.denied, 'ErrImagePull', { isOnNode: true })] })),
		reason: 'PullRetryPending',
		message: /: 15 s at most\.$/,
		words: said.denied,
		remedy: delet,
	},
	{
		says: 'all is right now, also where a malformed Secret was mended',
		given: judgePod(waits(said.broken, { reason: said.broken })),
		reason: 'PullRetryPending',
		message: /^All is right now/,
		words: said.broken,
		remedy: delet,
	},
	{
		says: 'policy Never and not on the node',
		given: judgePod(
			waits(said.never, { reason: 'ErrImageNeverPull', container: { policy: 'Never', isOnNode: false } }),
		),
		reason: 'ImageNeverPulled',
		message: /has the pull policy Never/,
		words: `ErrImageNeverPull: ${said.never}`,
		remedy: remake,
	},
	{
		says: 'another pull policy than the task asks for',
		given: judgePod(pull(), { policy: 'Always' }),
		reason: 'PullPolicyOther',
		message: /has the pull policy IfNotPresent; the task asks for Always/,
		words: 'imagePullPolicy: IfNotPresent',
		remedy: remake,
	},
	{
		says: 'another field than the task asks for',
		given: judgeResource(
			{ objects: [{ metadata: { name: 'builder', namespace: 'default' }, automountServiceAccountToken: true }] },
			{ match: { automountServiceAccountToken: false } },
		),
		reason: 'FieldOther',
		message: /has another value at automountServiceAccountToken than the task asks for/,
		words: 'automountServiceAccountToken: true',
		remedy: /\nkubectl edit serviceaccount builder$/,
	},
	{
		says: 'the Pod runs, but its list resolves to none that the registry accepts',
		given: judgePod(pull({ secrets: [{ container: 'app', lookups: [found({ type: 'Opaque' })] }] })),
		reason: 'PullNotProven',
		message: /runs, but not by credentials of its own: no Secret that it lists opens the registry/,
		words: 'my-registry-creds',
		remedy: /\nkubectl create secret docker-registry/,
		also: ['SecretTypeWrong'],
	},
	{
		says: 'the Pod runs, but the registry never served this digest',
		given: judgePod(pull(), {}, { log: { log: { records: [], lostBefore: null } } }),
		reason: 'PullNotProven',
		message: /the registry never served its image to node kind-control-plane/,
		words: "no such request in the registry's log",
		remedy: remake,
	},
	{
		says: 'the Pod that should be refused runs',
		given: judgeRefused(pull()),
		reason: 'PullNotRefused',
		message: /should be refused, but it got its image/,
		words: 'pulled, with my-registry-creds on its list',
		remedy: remake,
	},
	{
		says: 'it is refused, but not for want of credentials',
		given: judgeRefused(waits(said.absent)),
		reason: 'RefusedForAnotherReason',
		message: /is refused, but not because it brings no credentials/,
		words: said.absent,
		remedy: remake,
		also: ['ImageNotFound'],
	},
	{
		says: 'Pod absent',
		given: judgePod(pull({ pod: null, siblings: ['privat-pod'] })),
		reason: 'PodMissing',
		message: /^There is no Pod private-pod in namespace default, but there is privat-pod\.$/,
		remedy: /\nkubectl get pods$/,
	},
	{
		says: 'unschedulable',
		given: judgePod(pull({ pod: pod({ node: null, unschedulable: '0/1 nodes are available: 1 Insufficient cpu.' }) })),
		reason: 'PodUnschedulable',
		message: /^No node can take Pod default\/private-pod\.$/,
		words: '0/1 nodes are available: 1 Insufficient cpu.',
		remedy: /\nkubectl describe pod private-pod$/,
	},
	{
		says: 'turned out by its node, it does not start any more',
		given: judgePod(
			pull({
				pod: pod({
					phase: 'Failed',
					failure: { reason: 'Evicted', message: 'The node was low on resource: memory.' },
					containers: [running({ state: 'unknown', imageId: '', startedAt: null })],
				}),
			}),
		),
		reason: 'PodUnschedulable',
		message: /^Node kind-control-plane turned Pod default\/private-pod out, and it stays as it is\.$/,
		words: 'Evicted: The node was low on resource: memory.',
		remedy: delet,
	},
	{
		says: 'still starting',
		given: judgePod(waits('', { reason: 'ContainerCreating' })),
		reason: 'PodStarting',
		message: /waits: ContainerCreating/,
		remedy: /\nkubectl describe pod private-pod$/,
	},
	{
		says: 'image fine but crashing',
		given: judgePod(
			waits('back-off 10s restarting failed container', {
				reason: 'CrashLoopBackOff',
				container: { restartCount: 2, endedBefore: end({ exitCode: 1, reason: 'Error' }) },
			}),
		),
		reason: 'ContainerCrashing',
		message: /was pulled, but container app does not keep running/,
		words: 'CrashLoopBackOff: back-off 10s restarting failed container',
		remedy: /\nkubectl logs private-pod -c app --previous\nkubectl replace --force/,
	},
	{
		says: 'image fine but crashing, the first time',
		given: judgePod(
			pull({
				pod: pod({
					containers: [running({ state: 'terminated', ended: end({ exitCode: 137, reason: 'OOMKilled' }) })],
				}),
			}),
		),
		reason: 'ContainerCrashing',
		message: /does not keep running/,
		words: 'OOMKilled, exit code 137',
		remedy: /\nkubectl logs private-pod -c app\nkubectl replace --force/,
	},
	{
		says: 'image fine but ending again and again, though well',
		given: judgePod(pull({ pod: pod({ containers: [running({ state: 'terminated', ended: end() })] }) })),
		reason: 'ContainerCrashing',
		message: /does not keep running/,
		words: 'Completed, exit code 0',
		remedy: remake,
	},
	{
		says: 'between two crashes it is still starting',
		given: judgePod(
			pull({
				pod: pod({
					containers: [
						running({
							startedAt: '2026-01-01T00:09:58Z',
							restartCount: 1,
							endedBefore: end({ exitCode: 1, reason: 'Error' }),
						}),
					],
				}),
			}),
		),
		reason: 'PodStarting',
		message: /has just begun its container app once more, after it ended: Error, exit code 1/,
		remedy: /\nkubectl describe pod private-pod$/,
	},
	{
		says: 'an object of another kind is absent',
		given: judgeResource({}, { apiVersion: 'apps/v1', resource: 'Deployment', name: 'web' }),
		reason: 'ResourceMissing',
		message: /^There is no Deployment web in namespace default\.$/,
		remedy: /\nkubectl get deployment$/,
	},
	{
		says: 'an object is there that should not be',
		given: judgeResource({ objects: [{ metadata: { name: 'builder', namespace: 'default' } }] }, { absent: true }),
		reason: 'ResourcePresent',
		message: /^ServiceAccount default\/builder is there, and the task asks that it be gone\.$/,
		words: 'builder',
		remedy: /^kubectl delete serviceaccount builder$/,
	},
	{
		says: 'a Pod without credentials gets an image here',
		given: judgePod(
			pull(),
			{},
			{ controls: facts.controlsOf({ result: 'runs', message: `${host}/myapp@${facts.digest}` }) },
		),
		reason: 'ControlNotRefused',
		message: /^The Always Pod without credentials on node kind-control-plane runs, so a pull proves nothing here\.$/,
		words: `${host}/myapp@${facts.digest}`,
		remedy: /\nkubeproctor up --reset$/,
		isError: true,
	},
	{
		says: 'the log of the registry begins after the pull',
		given: judgePod(pull(), {}, { log: { log: { records: [], lostBefore: '2026-01-01T00:06:00Z' } } }),
		reason: 'PullLogLost',
		message: /was made anew at 2026-01-01T00:06:00Z and its log lost/,
		remedy: remake,
		isError: true,
	},
	{
		says: 'what is needed to judge by is not there',
		given: judgePod(pull(), {}, { controls: facts.controlsOf({ result: 'absent', message: '' }) }),
		reason: 'NotObserved',
		message: /^The Always Pod without credentials on node kind-control-plane is not there\.$/,
		remedy: /\nkubeproctor up$/,
		isError: true,
	},
];
