/** Sees to it that a container's image is on the node and may be used (pkg/kubelet/images/image_manager.go). */

import { InvalidReferenceError } from '../../oci/reference.ts';
import { nameRepository } from '../../pull/image.ts';
import type { EventType } from '../controllers/event-recorder.ts';
import { formatDuration } from '../duration.ts';
import type { TimerClock } from '../timers.ts';
import type { BackOff } from './back-off.ts';
import { PullError } from './image-manifest.ts';
import { AmbiguousImageError, type NodeImages } from './node-images.ts';
import type { Container, Secret } from './pod.ts';
import type { PullQueue } from './pull-queue.ts';
import type { PullRecords } from './pull-records.ts';
import { MalformedSecretError, selectCredentials } from './pull-secrets.ts';
import type { PulledImage } from './puller.ts';

/** Why a container does not start; `reason` and `message` are those of its waiting state. */
export interface StartFailure {
	reason: string;
	message: string;
	/** When it is tried again; undefined: after the usual while. */
	retryAt?: number;
}

export type Ensured = { image: PulledImage } | { failure: StartFailure };

export interface ImageStore {
	clock: TimerClock;
	images: NodeImages;
	records: PullRecords;
	backOff: BackOff;
	queue: PullQueue;
	/** Why the last pull failed, by the key of its back-off. */
	lastFailures: Map<string, string>;
}

export interface ImageRequest {
	podUid: string;
	container: Container;
	secrets: readonly Secret[];
	report(type: EventType, reason: string, message: string): void;
}

export async function ensureImage(store: ImageStore, request: ImageRequest): Promise<Ensured> {
	const ensured = await ensure(store, request);
	if ('failure' in ensured) request.report('Warning', 'Failed', `Error: ${ensured.failure.reason}`);
	return ensured;
}

async function ensure(store: ImageStore, request: ImageRequest): Promise<Ensured> {
	const { container, secrets, report } = request;
	const { image, imagePullPolicy = 'IfNotPresent' } = container;
	let held: PulledImage | null = null;
	try {
		held = store.images.find(image);
	} catch (error) {
		if (!(error instanceof AmbiguousImageError)) return refuseName(request, error);
		// What is pulled anyhow is not looked for.
		if (imagePullPolicy !== 'Always') return refuseToInspect(request, error);
	}
	try {
		const isUsable =
			imagePullPolicy !== 'Always' &&
			held !== null &&
			store.records.isAccessible(held.id, nameRepository(image) ?? '', () =>
				selectCredentials(secrets, image).map(({ source }) => source),
			);
		if (isUsable && held !== null) {
			const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
			report('Normal', 'Pulled', message);
			return { image: held };
		}
		if (imagePullPolicy !== 'Never') return await pull(store, request);
	} catch (error) {
		if (!(error instanceof MalformedSecretError)) throw error;
		return { failure: { reason: error.message, message: error.message } };
	}
	// Whether it is absent or only not for this Pod is nobody's business.
	const message = `Container image "${image}" is not present with pull policy of Never`;
	report('Warning', 'ErrImageNeverPull', message);
	return { failure: { reason: 'ErrImageNeverPull', message } };
}

function refuseName({ container: { image }, report }: ImageRequest, error: unknown): Ensured {
	if (!(error instanceof InvalidReferenceError)) throw error;
	const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${error.message}`;
	report('Warning', 'InspectFailed', message);
	return { failure: { reason: 'InvalidImageName', message } };
}

/** Kubernetes 1.35 leaves the image's name empty here. */
function refuseToInspect({ report }: ImageRequest, error: AmbiguousImageError): Ensured {
	const message = `Failed to inspect image "": rpc error: code = Unknown desc = ${error.message}`;
	report('Warning', 'InspectFailed', message);
	return { failure: { reason: 'ImageInspectError', message } };
}

async function pull(store: ImageStore, { podUid, container, secrets, report }: ImageRequest): Promise<Ensured> {
	const { image } = container;
	const credentials = selectCredentials(secrets, image);
	const { clock, backOff, lastFailures } = store;
	const key = `${podUid}_${image}`;
	const startedAt = clock.now().getTime();
	if (backOff.isWaiting(key, startedAt)) {
		const message = `Back-off pulling image "${image}"`;
		report('Normal', 'BackOff', message);
		const failure = lastFailures.get(key);
		return { failure: { reason: 'ImagePullBackOff', message: failure ? `${message}: ${failure}` : message } };
	}
	lastFailures.delete(key);
	report('Normal', 'Pulling', `Pulling image "${image}"`);
	try {
		const pulled = await store.queue.pull(image, credentials);
		store.images.add(pulled.image);
		store.records.write(pulled.image.id, nameRepository(image) ?? '', pulled.used?.source ?? null);
		const took = `${formatDuration(pulled.took)} (${formatDuration(clock.now().getTime() - startedAt)} including waiting)`;
		const message = `Successfully pulled image "${image}" in ${took}. Image size: ${pulled.image.size} bytes.`;
		report('Normal', 'Pulled', message);
		return { image: store.images.find(image) ?? pulled.image };
	} catch (error) {
		if (!(error instanceof PullError)) throw error;
		report('Warning', 'Failed', `Failed to pull image "${image}": ${error.message}`);
		const now = clock.now().getTime();
		backOff.fail(key, now, now);
		// containerd's text never begins with a cause that the kubelet takes for a reason of its own (`evalCRIPullErr`).
		lastFailures.set(key, `ErrImagePull: ${error.message}`);
		return { failure: { reason: 'ErrImagePull', message: error.message } };
	}
}
