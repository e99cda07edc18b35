/** The explanation of a pull as a person reads it in a terminal. */

import picocolors from 'picocolors';
import type { EntryFacts, TrialResult } from '../model/evidence.ts';
import type { AskedCluster, ExplainedSecret, Explanation } from '../model/explanation.ts';
import { nameCalls } from '../model/identity.ts';
import { clean, spread, wrap } from '../terminal/width.ts';
import type { ReporterOptions } from './index.ts';

/** Wide enough for the longest name of a fact, and two blanks. */
const factWidth = 11;

export function writeExplanation(
	explanation: Explanation,
	cluster: AskedCluster,
	{ width, isColoured, name }: ReporterOptions,
): string {
	const { bold, dim, green, red, yellow } = picocolors.createColors(isColoured);
	const { outcome, pod, container, diagnosis, list, secrets, unread } = explanation;
	const where = container === null ? '' : `, container ${container.name}: ${container.image}`;
	const paintMark = { fine: green, wrong: red, untold: yellow }[outcome];
	const mark = { fine: '✔', wrong: '✘', untold: '?' }[outcome];
	const lines = [
		...place(`Pod ${pod.namespace}/${pod.name}${where}`, container?.waiting?.reason ?? container?.state ?? ''),
		...wrapped(describeCluster(cluster)).map(dim),
		'',
		...place(`${mark} ${diagnosis?.message ?? 'Every container has its image.'}`, diagnosis?.reason ?? '').map(
			(line, index) => (index === 0 ? line.replace(mark, paintMark(mark)) : line),
		),
		...(diagnosis?.also ?? []).flatMap(({ message }) => wrapped(`Besides: ${message}`, '  ')),
	];
	const facts = listFacts();
	if (facts.length > 0) lines.push('', ...facts);
	const remedy = nameCalls(diagnosis?.remedy ?? '', name)
		.split('\n')
		.filter((line) => line !== '');
	if (remedy.length > 0) lines.push('', ...remedy.flatMap(writeRemedy));
	return lines.join('\n');

	function listFacts(): string[] {
		const told = container?.waiting;
		const words = told === null || told === undefined ? '' : told.message || told.reason;
		return [
			...(list === null ? [] : fact('list', describeList(list))),
			...secrets.flatMap((secret, index) => fact(index === 0 ? 'Secret' : '', ...describeSecret(secret))),
			...listTrials(secrets).flatMap((line, index) => fact(index === 0 ? 'registry' : '', line)),
			...(words === '' ? fact('found', ...(diagnosis?.actual ?? '').split('\n')) : fact('kubelet', words)),
			...(explanation.nextTryWithin === null ? [] : fact('', `next try within ${explanation.nextTryWithin}`)),
			...unread.flatMap(({ what }, index) => fact(index === 0 ? 'not read' : '', `${what}: this user may not`)),
		];
	}

	function fact(name: string, ...values: string[]): string[] {
		const shown = values.filter((value) => value !== '').flatMap((value) => wrap(clean(value), width - factWidth - 2));
		return shown.map((line, index) => `  ${(index === 0 ? name : '').padEnd(factWidth)}${line}`);
	}

	/** At both margins of one line, or below each other where they do not fit. */
	function place(left: string, right: string): string[] {
		const line = spread(clean(left), clean(right), width);
		if (line !== null && right !== '') return [line];
		return [...wrapped(left), ...(right === '' ? [] : [`  ${clean(right)}`])];
	}

	function wrapped(text: string, by = ''): string[] {
		return wrap(clean(text), width - by.length).map((line) => by + line);
	}

	/** Commands stay on one line, so that they can be copied; prose is wrapped. */
	function writeRemedy(line: string): string[] {
		return /^(kubectl|kubeproctor| {2}--)/.test(line) ? [`  ${bold(clean(line))}`] : wrapped(line);
	}
}

function describeCluster({ environment, context, kubeconfig }: AskedCluster): string {
	return environment === null ? `context ${context} of ${kubeconfig}` : `environment ${environment}`;
}

function describeList({ names, origin, serviceAccount }: NonNullable<Explanation['list']>): string {
	if (names.length === 0) return `empty, and nothing inherited from ServiceAccount ${serviceAccount}`;
	if (origin === 'inherited') return `spec.imagePullSecrets, inherited from ServiceAccount ${serviceAccount}`;
	if (origin === 'own') return "spec.imagePullSecrets, the Pod's own";
	return `spec.imagePullSecrets, its own or inherited from ServiceAccount ${serviceAccount}`;
}

function describeSecret({ name, state, type, entries }: ExplainedSecret): string[] {
	if (state === 'absent') return [`${name}: does not exist`];
	if (state === 'unread') return [`${name}: could not be read`];
	const note = isRead(type) ? '' : ', in which the kubelet does not look';
	return [`${name}: ${type}${note}`, ...entries.map(describeEntry)];
}

function isRead(type: string | null): boolean {
	return type === 'kubernetes.io/dockerconfigjson' || type === 'kubernetes.io/dockercfg';
}

function describeEntry({ host, matches, username, hasPassword }: EntryFacts): string {
	const user = username === null ? 'no user' : `user ${username}`;
	return `${host} ${matches ? 'matches' : 'does not match'}, ${user}${hasPassword ? '' : ', no password'}`;
}

function listTrials(secrets: readonly ExplainedSecret[]): string[] {
	// What a Secret of another type holds is offered to nobody.
	const trials = secrets.filter(({ type }) => isRead(type)).flatMap(({ entries }) => entries);
	return trials.flatMap(({ trial, username }) =>
		trial === null ? [] : [`${describeTrial(trial)} (user ${username})`],
	);
}

function describeTrial(trial: TrialResult): string {
	switch (trial.outcome) {
		case 'accepted':
			return 'accepts the credentials';
		case 'image-absent':
			return `accepts the credentials, and has no such image: ${trial.answer}`;
		case 'rejected':
			return `refuses: ${trial.answer}`;
		case 'turned-away':
			return `turns everybody away: ${trial.answer}`;
		case 'unanswered':
			return `tells nothing: ${trial.message}`;
		case 'not-tried':
			return 'not asked: --try-credentials would send them there';
	}
}
