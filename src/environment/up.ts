/** Brings an environment up: makes what is absent, mends what is broken, leaves what is right. */

import type { EnvironmentRecord } from '../model/environment.ts';
import type { LabOutline } from '../model/lab.ts';
import type { Progress } from '../model/progress.ts';
import type { Provider, RegistryDriver } from '../model/provider.ts';
import { Run } from './run.ts';
import type { CredentialsByHost, StateFolder } from './state-folder.ts';
import { clearAway } from './steps/clear-away.ts';
import { lookAround } from './steps/look-around.ts';
import { markComplete } from './steps/mark-complete.ts';
import { prepareCluster } from './steps/prepare-cluster.ts';
import { pushImages } from './steps/push-images.ts';
import { refuseControls } from './steps/refuse-controls.ts';
import { routeHosts } from './steps/route-hosts.ts';
import { setUpLab } from './steps/set-up-lab.ts';
import { startRegistries } from './steps/start-registries.ts';

export interface UpRequest {
	name: string;
	lab: LabOutline;
	state: StateFolder;
	provider: Provider;
	/** In the order of the lab's registries. */
	registries: readonly RegistryDriver[];
	/** The lab's hosts and namespaces → the ones to use here. */
	hosts: Record<string, string>;
	namespaces: Record<string, string>;
	controlNamespace: string;
	/** Where each registry's credentials come from: the lab, chance, or whoever owns the registry. */
	credentials: CredentialsByHost | 'lab' | 'random';
	/** Whatever was done is taken away first. */
	isReset: boolean;
	mergedInto: string | null;
	/** The program that runs the containers; null: there are none. */
	engine: string | null;
	progress: Progress;
	signal: AbortSignal;
}

/** Rejects only after what this run made has been taken back. */
export async function bringUp(request: UpRequest): Promise<EnvironmentRecord> {
	const { name, lab } = request;
	const run = new Run(request.progress, request.signal);
	const images = lab.registries.flatMap(({ host, images }) =>
		images.map(({ repository, tag }) => `${host}/${repository}:${tag}`),
	);
	const hosts = lab.registries.map((registry) => request.hosts[registry.host] ?? registry.host);

	const ground = run.step({ id: 'machine', title: 'Machine looks fit' }, [], (step) => lookAround(request, step));
	const cluster = run.step({ id: 'cluster', title: `Cluster ${name}` }, [ground], (step, found) =>
		prepareCluster(request, found, step),
	);
	const registries = run.step({ id: 'registry', title: `Registry ${hosts.join(', ')}` }, [ground], (step, found) =>
		startRegistries(request, found, step),
	);
	const pushed = run.step(
		{ id: 'image', title: `Image ${images.join(', ')}` },
		[ground, registries],
		(step, found, started) => pushImages(request, found, started, step),
	);
	const routes = run.step(
		{ id: 'routes', title: 'Registry known to every node' },
		[cluster, registries],
		(step, access, started) => routeHosts(request, access, started, step),
	);
	const cleared = request.isReset
		? run.step({ id: 'clear', title: 'What was done is taken away' }, [ground, cluster], (step, found, access) =>
				clearAway(request, found.record, access, step),
			)
		: Promise.resolve();
	// No Pod of the lab before the controls: a kubelet pulls only so many images in a second, and who is late waits for long.
	const setUp = run.step({ id: 'lab', title: 'Lab is set up' }, [ground, cluster, cleared], (step, found, access) =>
		setUpLab(request, found.record, access, () => controls, step),
	);
	const controls = run.step(
		{ id: 'controls', title: 'A Pod without credentials is refused' },
		[ground, cluster, pushed, routes, cleared],
		(step, found, access) => refuseControls(request, found, access, step),
	);
	const completed = run.step(
		null,
		[ground, cluster, registries, pushed, controls, setUp],
		(step, found, access, started, digests) => markComplete(request, found.record, access, started, digests, step),
	);
	await run.finish();
	return await completed;
}
