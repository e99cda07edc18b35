/** Probes and lifecycle hooks of a container. */

import type { Container, Handler, Probe } from '../pod.ts';
import { type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts';
import { checkHeaderName, checkPortName, checkPortNumber } from './formats.ts';

const thresholds = [
	'initialDelaySeconds',
	'timeoutSeconds',
	'periodSeconds',
	'successThreshold',
	'failureThreshold',
] as const;
const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

/** `gracePeriod` is the Pod's. */
export function* validateProbes(
	{ livenessProbe, readinessProbe, startupProbe }: Container,
	gracePeriod: number | undefined,
	path: string,
): Generator<FieldError> {
	if (livenessProbe) yield* validateOnceSuccessful(livenessProbe, gracePeriod, `${path}.livenessProbe`);
	if (readinessProbe) {
		const field = `${path}.readinessProbe`;
		yield* validateProbe(readinessProbe, gracePeriod, field);
		if (readinessProbe.terminationGracePeriodSeconds !== undefined)
			yield invalid(
				`${field}.terminationGracePeriodSeconds`,
				readinessProbe.terminationGracePeriodSeconds,
				'must not be set for readinessProbes',
			);
	}
	if (startupProbe) yield* validateOnceSuccessful(startupProbe, gracePeriod, `${path}.startupProbe`);
}

function* validateOnceSuccessful(probe: Probe, gracePeriod: number | undefined, path: string): Generator<FieldError> {
	yield* validateProbe(probe, gracePeriod, path);
	if (probe.successThreshold !== undefined && probe.successThreshold !== 1)
		yield invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1');
}

function* validateProbe(probe: Probe, gracePeriod: number | undefined, path: string): Generator<FieldError> {
	yield* validateHandler(probe, gracePeriod, path);
	for (const name of thresholds)
		if ((probe[name] ?? 0) < 0) yield invalid(`${path}.${name}`, probe[name], 'must be greater than or equal to 0');
	const seconds = probe.terminationGracePeriodSeconds;
	if (seconds !== undefined && seconds <= 0)
		yield invalid(`${path}.terminationGracePeriodSeconds`, seconds, 'must be greater than 0');
}

export function* validateLifecycle(
	{ postStart, preStop, stopSignal }: NonNullable<Container['lifecycle']>,
	gracePeriod: number | undefined,
	path: string,
	os: string | undefined,
): Generator<FieldError> {
	if (postStart) yield* validateHandler(postStart, gracePeriod, `${path}.postStart`);
	if (preStop) yield* validateHandler(preStop, gracePeriod, `${path}.preStop`);
	if (stopSignal !== undefined && os === undefined)
		yield forbidden(`${path}.stopSignal`, 'may not be set for containers with empty `spec.os.name`');
}

function* validateHandler(handler: Handler, gracePeriod: number | undefined, path: string): Generator<FieldError> {
	let isFound = false;
	for (const kind of handlers) {
		if (!handler[kind]) continue;
		if (isFound) yield forbidden(`${path}.${kind}`, 'may not specify more than 1 handler type');
		else yield* validateAction(handler, kind, gracePeriod, `${path}.${kind}`);
		isFound = true;
	}
	if (!isFound) yield required(path, 'must specify a handler type');
}

function* validateAction(
	handler: Handler,
	kind: (typeof handlers)[number],
	gracePeriod: number | undefined,
	path: string,
): Generator<FieldError> {
	if (kind === 'exec' && !handler.exec?.command?.length) yield required(`${path}.command`);
	if (kind === 'httpGet' && handler.httpGet) yield* validateHttpGet(handler.httpGet, path);
	if (kind === 'tcpSocket') yield* validatePort(handler.tcpSocket?.port, `${path}.port`);
	if (kind === 'grpc') yield* validatePort(handler.grpc?.port, `${path}.port`);
	const seconds = handler.sleep?.seconds ?? 0;
	if (kind === 'sleep' && gracePeriod !== undefined && (seconds < 0 || seconds > gracePeriod))
		yield invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`);
}

function* validateHttpGet(request: NonNullable<Handler['httpGet']>, path: string): Generator<FieldError> {
	if (!request.path) yield required(`${path}.path`);
	yield* validatePort(request.port, `${path}.port`);
	if (request.scheme !== 'HTTP' && request.scheme !== 'HTTPS')
		yield unsupported(`${path}.scheme`, request.scheme, ['HTTP', 'HTTPS']);
	for (const { name = '' } of request.httpHeaders ?? [])
		for (const text of checkHeaderName(name)) yield invalid(`${path}.httpHeaders`, name, text);
}

export function* validatePort(port: string | number | undefined, path: string): Generator<FieldError> {
	const faults = typeof port === 'string' ? checkPortName(port) : checkPortNumber(port ?? 0);
	for (const text of faults) yield invalid(path, port ?? 0, text);
}
