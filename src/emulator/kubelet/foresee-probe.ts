/** What a probe would find: no container runs, so that nobody listens on any port. */

import { formatDuration } from '../duration.ts';
import type { Probe } from '../pod.ts';
import type { Container } from './pod.ts';
import type { PulledImage } from './puller.ts';
import { describeExecRefusal, foreseeExec } from './run.ts';

export interface ProbeOutcome {
	/** `unknown`: the probe itself went wrong, which counts as nothing. */
	result: 'success' | 'failure' | 'unknown';
	message: string;
	/** Milliseconds. */
	after: number;
}

export function foreseeProbe(probe: Probe, container: Container, image: PulledImage, podIP: string): ProbeOutcome {
	const timeout = (probe.timeoutSeconds ?? 1) * 1000;
	const { exec, httpGet, tcpSocket, grpc } = probe;
	if (exec) return foreseeCommand(exec.command ?? [], container, image, timeout);
	if (grpc) {
		const wait = formatDuration(timeout);
		const address = `${podIP}:${grpc.port}`;
		const message = `timeout: failed to connect service "${address}" within ${wait}: context deadline exceeded`;
		return { result: 'failure', message, after: timeout };
	}
	const { port: asked = '', host } = httpGet ?? tcpSocket ?? {};
	const port = findPort(container, asked);
	if (port === null)
		return { result: 'unknown', message: `strconv.Atoi: parsing "${asked}": invalid syntax`, after: 0 };
	const address = `${host || podIP}:${port}`;
	const refusal = `dial tcp ${address}: connect: connection refused`;
	if (!httpGet) return { result: 'failure', message: refusal, after: 0 };
	const { scheme = 'HTTP', path = '/' } = httpGet;
	const url = `${scheme.toLowerCase()}://${address}${path.startsWith('/') ? '' : '/'}${path}`;
	return { result: 'failure', message: `Get "${url}": ${refusal}`, after: 0 };
}

function findPort({ ports = [] }: Container, port: string | number): number | null {
	if (/^\d+$/.test(String(port))) return Number(port);
	return ports.find(({ name }) => name === port)?.containerPort ?? null;
}

function foreseeCommand(command: string[], container: Container, image: PulledImage, timeout: number): ProbeOutcome {
	const outcome = foreseeExec(command, container, image);
	if ('refusal' in outcome) return { result: 'unknown', message: describeExecRefusal(outcome.refusal), after: 0 };
	const { after, exitCode } = outcome;
	if (after === null || after >= timeout) {
		const message = `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${formatDuration(timeout)}`;
		return { result: 'failure', message, after: timeout };
	}
	return { result: exitCode === 0 ? 'success' : 'failure', message: '', after };
}
