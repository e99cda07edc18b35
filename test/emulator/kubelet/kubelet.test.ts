import * as assert from 'uvu/assert';
import { startKubelet } from '../../../src/emulator/kubelet/kubelet.ts';
import type { Pod } from '../../../src/emulator/kubelet/pod.ts';
import { openPuller } from '../../../src/emulator/kubelet/puller.ts';
import type { OciImage } from '../../../src/oci/content.ts';
import { suite } from '../../harness.ts';
import { buildImage, host, type NodeOptions, nodeName, startNode, type TestNode } from './node.ts';

const test = suite('the kubelet');
const image = `${host}/myapp:1.0`;
const app = { name: 'app', image };
const creds = { imagePullSecrets: [{ name: 'creds' }] };

async function withNode(play: (node: TestNode) => Promise<void>, options?: NodeOptions): Promise<void> {
	const node = await startNode(options);
	try {
		await node.push('myapp', '1.0', await buildImage(['/bin/app', '/bin/true', '/bin/false', '/bin/sleep']));
		await node.makeNamespace('default');
		node.createPullSecret('default', 'creds');
		await play(node);
	} finally {
		await node.stop();
	}
}

/** Two images whose ids begin alike. */
async function buildTwins(): Promise<[OciImage, OciImage]> {
	const byBeginning = new Map<string, OciImage>();
	for (let number = 0; ; number++) {
		const image = await buildImage(['/bin/app'], `number ${number}`);
		const beginning = idOf(image).slice(0, 'sha256:'.length + 1);
		const twin = byBeginning.get(beginning);
		if (twin !== undefined) return [twin, image];
		byBeginning.set(beginning, image);
	}
}

/** The digest of its config. */
const idOf = (image: OciImage) => image.blobs[0]?.descriptor.digest ?? '';
const stateOf = (pod: Pod) => pod.status.containerStatuses?.[0]?.state ?? {};
const waitingOf = (pod: Pod) => stateOf(pod).waiting?.reason;

test('tells of a failed pull one sync late, and then by turns', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [app] });
		const seen: (string | undefined)[] = [];
		for (let second = 0; second < 40; second++) {
			await node.advance(1);
			const reason = waitingOf(node.getPod('default', 'p'));
			if (reason !== seen.at(-1)) seen.push(reason);
		}
		assert.equal(seen.slice(0, 4), ['ContainerCreating', 'ErrImagePull', 'ImagePullBackOff', 'ErrImagePull']);
	}));

test('says in back-off why the pull had failed', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [app] });
		await node.advance(17);
		const { waiting } = stateOf(node.getPod('default', 'p'));
		assert.match(
			waiting?.message ?? '',
			/^Back-off pulling image "registry\.example\.com\/myapp:1\.0": ErrImagePull: failed to pull/,
		);
	}));

test('waits ever longer between pulls, up to five minutes', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [app] });
		const pulls: number[] = [];
		for (let second = 0; second < 1800; second += 5) {
			await node.advance(5);
			const refused = node.registry.records.filter(({ status }) => status === 401).length;
			if (refused > pulls.length) pulls.push(second);
		}
		const waits = pulls.slice(1).map((time, index) => time - (pulls[index] ?? 0));
		for (const [index, least] of [10, 20, 40, 80, 160, 300, 300].entries()) {
			const wait = waits[index] ?? 0;
			assert.ok(wait >= least - 5 && wait <= least + 20, `wait ${index} is ${wait} s, where ${least} s are the least`);
		}
	}));

test('waits for each Pod and image: a Pod that is made anew begins anew, and containers of one image wait together', () =>
	withNode(async (node) => {
		const refusals = () => node.registry.records.filter(({ status }) => status === 401).length;
		node.run('default', 'p', { containers: [app, { ...app, name: 'again' }] });
		await node.advance(5);
		const once = refusals();
		const { containerStatuses = [] } = node.getPod('default', 'p').status;
		assert.equal(containerStatuses.map(({ state }) => state?.waiting?.reason).sort(), [
			'ErrImagePull',
			'ImagePullBackOff',
		]);
		await node.advance(115);
		const before = refusals();
		node.cluster.client.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 });
		node.run('default', 'p', { containers: [app] });
		await node.advance(3);
		assert.is(refusals() - before, once);
		node.run('default', 'other', { containers: [{ ...app, image: `${host}/other:1.0` }] });
		await node.advance(3);
		assert.is(refusals() - before, 2 * once);
	}));

test('does not choose between two images whose ids begin as a Pod says, and looks for none that is pulled anyhow', () =>
	withNode(
		async (node) => {
			const [one, twin] = await buildTwins();
			for (const [tag, twinImage] of [one, twin].entries()) await node.push('twins', `${tag}`, twinImage);
			const containers = [0, 1].map((tag) => ({ name: `app-${tag}`, image: `${host}/twins:${tag}` }));
			node.run('default', 'both', { containers, ...creds });
			await node.advance(5);
			assert.is(node.getPod('default', 'both').status.phase, 'Running');

			const ambiguous = idOf(one).slice(0, 'sha256:'.length + 1);
			for (const imagePullPolicy of ['IfNotPresent', 'Never', 'Always']) {
				const name = imagePullPolicy.toLowerCase();
				node.run('default', name, { containers: [{ name: 'app', image: ambiguous, imagePullPolicy }], ...creds });
			}
			await node.advance(3);
			const cause = `rpc error: code = Unknown desc = can not resolve "${ambiguous}" locally: ambiguous digest string`;
			const message = `Failed to inspect image "": ${cause}`;
			for (const name of ['ifnotpresent', 'never']) {
				assert.equal(stateOf(node.getPod('default', name)).waiting, { reason: 'ImageInspectError', message });
				const events = node.eventsOf('default', name).map((event) => event.replace(/ x\d+$/, ''));
				assert.ok(events.includes(`Warning InspectFailed ${message}`), events.join('\n'));
				assert.ok(events.includes('Warning Failed Error: ImageInspectError'), events.join('\n'));
				assert.not.ok(events.some((event) => event.includes('Pulling')));
			}
			assert.match(stateOf(node.getPod('default', 'always')).waiting?.message ?? '', 'docker.io/library/sha256:');
		},
		{ routes: { 'docker.io': 'http://127.0.0.1:1' } },
	));

test('knows an image that was not pulled by the beginning of its id', () =>
	withNode(async (node) => {
		for (const [name, length] of [
			['short', 'sha256:873'.length],
			['whole', 'sha256:'.length + 64],
		] as const) {
			const pause = node.kubelet.images.find('registry.k8s.io/pause:3.10');
			const container = { name: 'app', image: pause?.id.slice(0, length), imagePullPolicy: 'Never' };
			node.run('default', name, { containers: [container] });
			await node.advance(3);
			const [status] = node.getPod('default', name).status.containerStatuses ?? [];
			assert.ok(status?.state.running, JSON.stringify(status));
			assert.equal([status.image, status.imageID], ['registry.k8s.io/pause:3.10', pause?.id]);
		}
	}));

test('takes a Secret that comes late at the next try', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [app], imagePullSecrets: [{ name: 'late' }] });
		await node.advance(5);
		node.createPullSecret('default', 'late');
		await node.advance(40);
		assert.is(node.getPod('default', 'p').status.phase, 'Running');
	}));

test('tries all credentials that match, and shows what each of them met', () =>
	withNode(async (node) => {
		const entries = {
			[host]: { username: 'myuser', password: 'nope' },
			[`${host}/my`]: { username: 'myuser', password: '' },
		};
		node.cluster.client.create('secrets', 'default', {
			apiVersion: 'v1',
			kind: 'Secret',
			metadata: { name: 'two' },
			type: 'kubernetes.io/dockerconfigjson',
			data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths: entries })).toString('base64') },
		});
		node.run('default', 'p', { containers: [app], imagePullSecrets: [{ name: 'two' }] });
		await node.advance(3);
		const message = stateOf(node.getPod('default', 'p')).waiting?.message ?? '';
		const head = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": `;
		const url = `${node.registry.url}/v2/myapp/manifests/1.0?ns=${host}`;
		assert.is(
			message,
			`[${head}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials, ${head}unexpected status from HEAD request to ${url}: 401 Unauthorized]`,
		);
	}));

test('a Secret that was edited to a wrong password opens a held image still, and so does that password then', () =>
	withNode(async (node) => {
		await node.makeNamespace('other');
		node.run('default', 'first', { containers: [app], ...creds });
		await node.advance(3);
		const wrong = { auths: { [host]: { username: 'myuser', password: 'wrong' } } };
		node.cluster.client.update('secrets', 'default', 'creds', (secret) => ({
			...secret,
			data: { '.dockerconfigjson': Buffer.from(JSON.stringify(wrong)).toString('base64') },
		}));
		node.createPullSecret('other', 'guessed', 'wrong');
		node.createPullSecret('other', 'another', 'not the same');
		node.run('default', 'second', { containers: [app], ...creds });
		await node.advance(3);
		node.run('other', 'third', { containers: [app], imagePullSecrets: [{ name: 'guessed' }] });
		node.run('other', 'fourth', { containers: [app], imagePullSecrets: [{ name: 'another' }] });
		await node.advance(3);
		assert.is(node.getPod('default', 'second').status.phase, 'Running');
		assert.is(node.getPod('other', 'third').status.phase, 'Running');
		assert.is(waitingOf(node.getPod('other', 'fourth')), 'ErrImagePull');
	}));

test('checks again when a container restarts', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [{ ...app, command: ['/bin/sleep', '20'] }], ...creds });
		await node.advance(5);
		node.cluster.client.delete('secrets', 'default', 'creds');
		await node.advance(35);
		const [status] = node.getPod('default', 'p').status.containerStatuses ?? [];
		assert.ok(
			['ErrImagePull', 'ImagePullBackOff'].includes(status?.state.waiting?.reason ?? ''),
			JSON.stringify(status?.state),
		);
		assert.is(status?.restartCount, 0);
		assert.is(status?.lastState.terminated?.reason, 'Completed');
	}));

test('does not restart what has succeeded, if only failures count', () =>
	withNode(async (node) => {
		const spec = { restartPolicy: 'OnFailure', ...creds };
		node.run('default', 'good', { containers: [{ ...app, command: ['true'] }], ...spec });
		node.run('default', 'bad', { containers: [{ ...app, command: ['false'] }], ...spec });
		await node.advance(60);
		const good = node.getPod('default', 'good');
		assert.is(good.status.phase, 'Succeeded');
		assert.equal(
			good.status.conditions?.map(({ type, status, reason }) => [type, status, reason]),
			[
				['PodReadyToStartContainers', 'False', undefined],
				['Initialized', 'True', 'PodCompleted'],
				['Ready', 'False', 'PodCompleted'],
				['ContainersReady', 'False', 'PodCompleted'],
				['PodScheduled', 'True', undefined],
			],
		);
		const bad = node.getPod('default', 'bad');
		assert.is(bad.status.phase, 'Running');
		assert.ok((bad.status.containerStatuses?.[0]?.restartCount ?? 0) >= 3);
	}));

test('init containers one by one, a sidecar beside them, and the rest once they are done', () =>
	withNode(async (node) => {
		node.run('default', 'p', {
			initContainers: [
				{ name: 'side', image, restartPolicy: 'Always' },
				{ name: 'setup', image, command: ['sleep', '5'] },
				{ name: 'broken', image, command: ['/nope'] },
			],
			containers: [app],
			...creds,
		});
		await node.advance(5);
		const { conditions = [], initContainerStatuses = [] } = node.getPod('default', 'p').status;
		assert.equal(
			initContainerStatuses.map(({ state }) => Object.keys(state)[0]),
			['running', 'running', 'waiting'],
		);
		assert.is(
			conditions.find(({ type }) => type === 'Initialized')?.message,
			'containers with incomplete status: [setup broken]',
		);
		await node.advance(8);
		const pod = node.getPod('default', 'p');
		assert.is(pod.status.phase, 'Pending');
		assert.is(pod.status.initContainerStatuses?.[2]?.state.waiting?.reason, 'RunContainerError');
		assert.is(waitingOf(pod), 'PodInitializing');
		assert.ok(
			node
				.eventsOf('default', 'p')
				.some((event) =>
					event.startsWith('Warning BackOff Back-off restarting failed container broken in pod p_default('),
				),
		);
	}));

function changeImage(node: TestNode, wanted: string): void {
	node.cluster.client.update<Pod>('pods', 'default', 'p', (pod) => ({
		...pod,
		spec: { ...pod.spec, containers: pod.spec.containers.map((each) => ({ ...each, image: wanted })) },
	}));
}

/** What a watch tells of the Pod, each thing once: generations, phase, image, restarts, state, and how it ended before. */
function watchPod(node: TestNode): string[] {
	const seen: string[] = [];
	node.cluster.client.watch(['pods'], ({ object }) => {
		const { metadata, status } = object as Pod;
		const [container] = status.containerStatuses ?? [];
		if (container === undefined) return;
		const { state, lastState, restartCount } = container;
		const { reason, message = '' } = state.waiting ?? {};
		const text = [
			`${metadata.generation}/${status.observedGeneration} ${status.phase} ${container.image} x${restartCount}`,
			reason ? `${reason} ${message.replace(/:? ?rpc error.*/, '')}`.trim() : Object.keys(state)[0],
			...(lastState.terminated ? [lastState.terminated.reason] : []),
		].join(', ');
		if (seen.at(-1) !== text) seen.push(text);
	});
	return seen;
}

test('takes another image in place of one that cannot be had, and says for a moment what was wrong with that', () =>
	withNode(async (node) => {
		const absent = `${host}/nosuch:1`;
		const seen = watchPod(node);
		node.run('default', 'p', { containers: [{ ...app, image: absent }], ...creds });
		await node.advance(6);
		changeImage(node, image);
		await node.advance(6);
		assert.equal(seen, [
			`1/1 Pending ${absent} x0, ContainerCreating`,
			`1/1 Pending ${absent} x0, ErrImagePull`,
			`2/1 Pending ${absent} x0, ErrImagePull`,
			`2/2 Pending ${image} x0, ImagePullBackOff Back-off pulling image "${absent}": ErrImagePull`,
			`2/2 Running ${image} x0, running`,
		]);
	}));

test('restarts a container whose image is changed, and goes on with the next change where that cannot be had', () =>
	withNode(async (node) => {
		const absent = `${host}/nosuch:1`;
		node.run('default', 'p', { containers: [app], ...creds });
		await node.advance(6);
		const seen = watchPod(node);
		changeImage(node, absent);
		await node.advance(8);
		changeImage(node, image);
		await node.advance(30);
		assert.equal(seen, [
			`2/1 Running ${image} x0, running`,
			`2/2 Running ${image} x0, running`,
			`2/2 Running ${image} x0, ErrImagePull, Completed`,
			`3/2 Running ${image} x0, ErrImagePull, Completed`,
			`3/3 Running ${image} x0, ImagePullBackOff Back-off pulling image "${absent}": ErrImagePull, Completed`,
			`3/3 Running ${image} x1, running, Completed`,
		]);
		assert.ok(
			node.eventsOf('default', 'p').includes('Normal Killing Container app definition changed, will be restarted x1'),
		);
	}));

test('tells an image by its tag, also where a Pod names its digest', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [app], ...creds });
		await node.advance(6);
		const [byTag] = node.getPod('default', 'p').status.containerStatuses ?? [];
		const byDigest = byTag?.imageID ?? '';
		assert.match(byDigest, /@sha256:/);
		for (const [name, imagePullPolicy] of [
			['q', 'IfNotPresent'],
			['r', 'Always'],
		] as const) {
			node.run('default', name, { containers: [{ ...app, image: byDigest, imagePullPolicy }], ...creds });
			await node.advance(6);
			const [status] = node.getPod('default', name).status.containerStatuses ?? [];
			assert.equal([status?.image, status?.imageID], [image, byDigest]);
		}
	}));

test('restarts a sidecar whose image is changed, and what never restarts too, once', () =>
	withNode(async (node) => {
		const digest = await node.push('myapp', '2.0', await buildImage(['/bin/app'], 'another'));
		const other = `${host}/myapp@${digest}`;
		const spec = { initContainers: [{ ...app, name: 'side', restartPolicy: 'Always' }], containers: [app] };
		node.run('default', 'p', { ...spec, ...creds, restartPolicy: 'Never' });
		await node.advance(8);
		const restarts = () => {
			const { initContainerStatuses = [], containerStatuses = [] } = node.getPod('default', 'p').status;
			return [...initContainerStatuses, ...containerStatuses].map(({ restartCount }) => restartCount);
		};
		node.cluster.client.update<Pod>('pods', 'default', 'p', (pod) => ({
			...pod,
			spec: { ...pod.spec, initContainers: [{ ...app, name: 'side', restartPolicy: 'Always', image: other }] },
		}));
		await node.advance(8);
		assert.equal(restarts(), [1, 0]);
		changeImage(node, other);
		await node.advance(8);
		assert.equal(restarts(), [1, 1]);
		changeImage(node, `${host}/nosuch:1`);
		await node.advance(20);
		assert.is(node.getPod('default', 'p').status.phase, 'Succeeded');
		assert.equal(
			node.eventsOf('default', 'p').filter((event) => event.startsWith('Normal Killing')),
			[
				'Normal Killing Init container side definition changed x1',
				'Normal Killing Container app definition changed, will be restarted x2',
				'Normal Killing Stopping container side x1',
			],
		);
	}));

test('stops a Pod when it is deleted, and says so', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [app], ...creds });
		await node.advance(3);
		node.cluster.client.delete('pods', 'default', 'p');
		await node.advance(0.5);
		assert.is(node.getPod('default', 'p').metadata.deletionGracePeriodSeconds, 30);
		await node.advance(1);
		assert.is(node.cluster.client.get('pods', 'default', 'p'), null);
		assert.is(node.eventsOf('default', 'p').at(-1), 'Normal Killing Stopping container app x1');
	}));

test('ends a Pod that has outlived its deadline', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [app], activeDeadlineSeconds: 10, ...creds });
		await node.advance(15);
		const { phase, reason, message } = node.getPod('default', 'p').status;
		assert.equal(
			[phase, reason, message],
			['Failed', 'DeadlineExceeded', 'Pod was active on the node longer than the specified deadline'],
		);
	}));

test('a container that never was is lost when its Pod ends', () =>
	withNode(async (node) => {
		node.run('default', 'p', { containers: [app], activeDeadlineSeconds: 5 });
		await node.advance(10);
		const { phase, reason, conditions = [] } = node.getPod('default', 'p').status;
		assert.equal([phase, reason], ['Failed', 'DeadlineExceeded']);
		assert.is(conditions.find(({ type }) => type === 'Ready')?.reason, 'PodFailed');
		assert.equal(stateOf(node.getPod('default', 'p')).terminated, {
			exitCode: 137,
			finishedAt: null,
			message: 'The container could not be located when the pod was terminated',
			reason: 'ContainerStatusUnknown',
			startedAt: null,
		});
		assert.ok(
			node
				.eventsOf('default', 'p')
				.includes('Normal DeadlineExceeded Pod was active on the node longer than the specified deadline x1'),
		);
	}));

test('says which ConfigMap, Secret or key is missing', () =>
	withNode(async (node) => {
		const env = (valueFrom: object) => ({ containers: [{ ...app, env: [{ name: 'X', valueFrom }] }], ...creds });
		node.run('default', 'map', env({ configMapKeyRef: { name: 'none', key: 'k' } }));
		node.run('default', 'key', env({ secretKeyRef: { name: 'creds', key: 'k' } }));
		node.run('default', 'root', { containers: [app], securityContext: { runAsNonRoot: true }, ...creds });
		node.run('default', 'volume', { containers: [app], volumes: [{ name: 'v', secret: { secretName: 'none' } }] });
		await node.advance(3);
		assert.equal(stateOf(node.getPod('default', 'map')).waiting, {
			message: 'configmap "none" not found',
			reason: 'CreateContainerConfigError',
		});
		assert.is(stateOf(node.getPod('default', 'key')).waiting?.message, "couldn't find key k in Secret default/creds");
		const root = node.getPod('default', 'root');
		assert.is(
			stateOf(root).waiting?.message,
			`container has runAsNonRoot and image will run as root (pod: "root_default(${root.metadata.uid})", container: app)`,
		);
		assert.is(waitingOf(node.getPod('default', 'volume')), 'ContainerCreating');
		assert.ok(
			node
				.eventsOf('default', 'volume')
				.some((event) =>
					/^Warning FailedMount MountVolume\.SetUp failed for volume "v" : secret "none" not found x[2-4]$/.test(event),
				),
		);
	}));

test('says what a volume shows that is not there, all at once', () =>
	withNode(async (node) => {
		const data = { a: 'b' };
		node.cluster.client.create('configmaps', 'default', {
			apiVersion: 'v1',
			kind: 'ConfigMap',
			metadata: { name: 'map' },
			data,
		});
		const mount = (name: string, volume: object) =>
			node.run('default', name, { containers: [app], volumes: [{ name: 'v', ...volume }], ...creds });
		const items = [{ key: 'k', path: 'p' }];
		mount('secret-key', { secret: { secretName: 'creds', items } });
		mount('map-key', { configMap: { name: 'map', items } });
		const sources = [
			{ secret: { name: 'none' } },
			{ configMap: { name: 'none' } },
			{ secret: { name: 'none', items } },
			{ configMap: { name: 'map', items, optional: true } },
			{ secret: { name: 'creds', items } },
		];
		mount('several', { projected: { sources } });
		mount('optional', { configMap: { name: 'none', optional: true } });
		mount('there', { configMap: { name: 'map', items: [{ key: 'a', path: 'p' }] } });
		await node.advance(0.2);
		const faultOf = (name: string) =>
			node
				.eventsOf('default', name)
				.map((event) => /FailedMount MountVolume\.SetUp failed for volume "v" : (.*) x1$/.exec(event)?.[1])
				.find((fault) => fault !== undefined);
		assert.equal(['secret-key', 'map-key', 'several', 'optional', 'there'].map(faultOf), [
			'references non-existent secret key: k',
			'configmap references non-existent config key: k',
			'[secret "none" not found, configmap "none" not found, references non-existent secret key: k]',
			undefined,
			undefined,
		]);
	}));

test('of many Pods at once some are told to pull more slowly, and run all the same', () =>
	withNode(async (node) => {
		const names = Array.from({ length: 30 }, (_, index) => `p-${index}`);
		for (const name of names)
			node.run('default', name, { containers: [{ ...app, imagePullPolicy: 'Always' }], ...creds });
		await node.advance(2);
		const throttled = names.filter((name) =>
			node.eventsOf('default', name).some((event) => event.includes('pull QPS exceeded')),
		);
		assert.ok(throttled.length > 0 && throttled.length < 30, `${throttled.length} of 30`);
		await node.advance(60);
		assert.ok(names.every((name) => node.getPod('default', name).status.phase === 'Running'));
	}));

test('goes on with what ran before it', () =>
	withNode(async (node) => {
		node.run('default', 'forever', { containers: [app], ...creds });
		node.run('default', 'soon', {
			containers: [{ ...app, command: ['sleep', '30'] }],
			restartPolicy: 'Never',
			...creds,
		});
		await node.advance(5);
		const before = node.getPod('default', 'forever');
		node.kubelet.stop();
		const puller = openPuller({ routes: {} });
		const again = startKubelet(node.cluster.client, node.clock, {
			node: { name: nodeName, addresses: ['172.18.0.2'] },
			pull: puller,
		});
		try {
			await node.advance(40);
			assert.equal(node.getPod('default', 'forever').status, before.status);
			assert.is(node.getPod('default', 'soon').status.phase, 'Succeeded');
		} finally {
			again.stop();
			puller.close();
		}
	}));

test('survives that its node is deleted and its lease refused, and makes them again', () =>
	withNode(async (node) => {
		const { client, refuse } = node.cluster;
		const leases = 'leases.coordination.k8s.io';
		const lease = () => client.get(leases, 'kube-node-lease', nodeName);
		await node.makeNamespace('kube-node-lease');
		client.delete('nodes', '', nodeName, {});
		await node.advance(15);
		assert.is(lease(), null);
		refuse(leases, 'not now');
		await node.advance(300);
		refuse(leases, null);
		await node.advance(15);
		assert.is(lease()?.metadata.ownerReferences?.[0]?.uid, client.get('nodes', '', nodeName)?.metadata.uid);
	}));

test('names what would run', () =>
	withNode(async (node) => {
		const { metadata } = node.run('default', 'p', { containers: [{ ...app, args: ['-v'] }], ...creds });
		assert.is(node.kubelet.describeContainer(metadata.uid ?? '', 'app'), null);
		await node.advance(2);
		assert.equal(node.kubelet.describeContainer(metadata.uid ?? '', 'app')?.command, ['/bin/app', '-v']);
	}));

test.run();
