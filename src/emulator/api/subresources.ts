/** Subresources that are more than a part of their object. */

import type { KubeObject } from '../object.ts';
import { bindPod } from '../operations/binding.ts';
import { badRequest } from '../operations/errors.ts';
import { evictPod } from '../operations/eviction.ts';
import { getObject } from '../operations/read.ts';
import { applyScale, changeScale, getScale, scaleType } from '../operations/scale.ts';
import { patchObject } from '../patch/index.ts';
import { StatusError } from '../status-error.ts';
import { createInvalidStatus, type FieldError } from '../validation/index.ts';
import { type Answer, answerEncoded, answerJson, answerNothing } from './answer.ts';
import { type Call, contextOf, dataOf, patchKindOf } from './call.ts';
import { readInteger } from './options.ts';
import { requestToken } from './token-request.ts';
import { showObject } from './view.ts';

/** Null: an ordinary part of its object, as `status` is. */
export function answerSubresource(call: Call): Answer | null {
	const { core, tokens, target } = call;
	switch (target.subresource) {
		case 'scale':
			return answerScale(call);
		case 'binding':
			return answerBinding(call, target.name);
		case 'eviction':
			evictPod(core, target, dataOf(call), contextOf(call, 'CreateOptions'));
			return answerSuccess();
		case 'token':
			return answerJson(201, requestToken(core, tokens, target, dataOf(call)));
		case 'log':
			return answerLog(call);
		case 'exec':
		case 'attach':
		case 'portforward':
			throw refuseStream(call);
		case 'proxy':
			throw refuseProxy(call);
		default:
			return null;
	}
}

/** `name`: of the Pod. */
export function answerBinding(call: Call, name: string): Answer {
	bindPod(call.core, { ...call.target, name }, dataOf(call), contextOf(call, 'CreateOptions'));
	return answerSuccess();
}

function answerSuccess(): Answer {
	return answerJson(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

function answerScale(call: Call): Answer {
	const { core, target, request, view } = call;
	const wish = { type: scaleType, view, query: request.query, now: core.clock.now() };
	const show = (scale: KubeObject) => answerEncoded(200, showObject(wish, scale));
	if (request.method === 'GET') return show(getScale(core, target));
	if (request.method === 'PUT') {
		const change = () => dataOf(call) as KubeObject;
		return show(changeScale(core, target, change, contextOf(call, 'UpdateOptions')));
	}
	const kind = patchKindOf(call);
	const context = contextOf(call, 'PatchOptions', kind === 'apply');
	if (kind === 'apply') return show(applyScale(core, target, dataOf(call) as KubeObject, context));
	const patch = { kind, text: request.body.toString(), fieldValidation: context.fieldValidation };
	return show(changeScale(core, target, (scale) => patchObject(scaleType, scale, patch).object, context));
}

interface Pod extends KubeObject {
	spec: { nodeName?: string; containers: { name: string }[]; initContainers?: { name: string }[] };
	status?: { podIP?: string; containerStatuses?: ContainerStatus[]; initContainerStatuses?: ContainerStatus[] };
}

interface ContainerStatus {
	name: string;
	state?: { waiting?: { reason?: string } };
}

/** What the kubelet says of containers that wait (`kubelet_pods.go`, validateContainerLogStatus). */
const waitingWords: Record<string, string> = {
	ErrImagePull: "image can't be pulled",
	ImagePullBackOff: 'trying and failing to pull image',
};

/** A Pod that no node has taken has an empty log. Throws otherwise. */
function answerLog({ core, target, request }: Call): Answer {
	const { metadata, spec, status } = getObject(core, target) as Pod;
	const container = chooseContainer(metadata.name, spec, request.query.get('container'));
	checkLogOptions(metadata.name, request.query);
	if (!spec.nodeName) return answerNothing(204);
	const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
	const waiting = all.find(({ name }) => name === container)?.state?.waiting;
	if (waiting === undefined) throw runsNothing('log');
	const { reason = '' } = waiting;
	const why = waitingWords[reason] ?? reason;
	throw badRequest(`container "${container}" in pod "${metadata.name}" is waiting to start: ${why}`);
}

/** Throws 422. */
function checkLogOptions(pod: string, query: URLSearchParams): void {
	const errors: FieldError[] = [];
	for (const [field, least, detail] of logLimits) {
		const value = readInteger(query, field);
		if (value !== undefined && value < least) errors.push({ type: 'Invalid value', field, badValue: value, detail });
	}
	if (query.has('sinceSeconds') && query.has('sinceTime')) {
		const detail = 'at most one of `sinceTime` or `sinceSeconds` may be specified';
		errors.push({ type: 'Forbidden', field: '[]', detail });
	}
	if (errors.length > 0) throw createInvalidStatus('PodLogOptions', pod, errors);
}

const logLimits = [
	['tailLines', 0, 'must be greater than or equal to 0'],
	['limitBytes', 1, 'must be greater than 0'],
	['sinceSeconds', 1, 'must be greater than 0'],
] as const;

function refuseProxy({ core, target }: Call): StatusError {
	const { status } = getObject(core, target) as Pod;
	if (target.type.resource === 'pods' && !status?.podIP) return badRequest('address not allowed');
	return runsNothing(target.subresource);
}

function refuseStream({ core, target, request }: Call): StatusError {
	const { metadata, spec } = getObject(core, target) as Pod;
	if (target.subresource !== 'portforward') chooseContainer(metadata.name, spec, request.query.get('container'));
	if (!spec.nodeName) return badRequest(`pod ${metadata.name} does not have a host assigned`);
	return runsNothing(target.subresource);
}

/** Throws 400. */
function chooseContainer(pod: string, { containers, initContainers = [] }: Pod['spec'], asked: string | null): string {
	const names = containers.map(({ name }) => name);
	const initNames = initContainers.map(({ name }) => name);
	if (asked) {
		if ([...names, ...initNames].includes(asked)) return asked;
		throw badRequest(`container ${asked} is not valid for pod ${pod}`);
	}
	if (names.length === 1 && names[0] !== undefined) return names[0];
	const init = initNames.length > 0 ? ` or one of the init containers: [${initNames.join(' ')}]` : '';
	throw badRequest(`a container name must be specified for pod ${pod}, choose one of: [${names.join(' ')}]${init}`);
}

function runsNothing(subresource: string): StatusError {
	const message = `an embedded cluster pulls images but runs no processes, so there is nothing for ${subresource}; where containers must run, use: kubeproctor up --provider kind`;
	return new StatusError(501, 'NotImplemented', message);
}
