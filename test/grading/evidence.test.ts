/** Evidence in files: kept, read back as a stranger's, and judged again. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { JumpingClock } from '../../src/emulator/index.ts';
import { valueSchemas } from '../../src/grading/evidence-schema.ts';
import { gradeEvidence, gradeLab, parseEvidence, readEvidence, saveEvidence } from '../../src/grading/index.ts';
import { loadLab } from '../../src/lab/index.ts';
import { UsageError } from '../../src/model/error.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Lab } from '../../src/model/lab.ts';
import { check } from '../checks/facts.ts';
import { suite } from '../harness.ts';
import { canary, Wanted } from '../runner/canary.ts';
import { isTried, stride } from '../stride.ts';
import { listPaths, listPlaces, replaceAt, valueAt } from './hostile.ts';
import { taskOf, zeros } from './made-lab.ts';
import { openScriptedCluster, pod, secret, solved } from './scripted-cluster.ts';

interface Context {
	folder: string;
	lab: Lab;
	evidence: Evidence;
	report: string;
}

const test = suite<Context>('evidence', { timeout: 120 });

/** A solved lab, but for a wrong password, and with a workload looked at as well. */
test.before(async (context) => {
	context.folder = await mkdtemp(join(tmpdir(), 'evidence-'));
	const objects = {
		...solved(),
		'/api/v1/namespaces/default/secrets/my-registry-creds': secret('guessed-by-me'),
		'/apis/apps/v1/namespaces/default/deployments/api': { metadata: { name: 'api', namespace: 'default', uid: 'd' } },
		'/apis/apps/v1/namespaces/default/replicasets': {
			items: [{ metadata: { name: 'api-1', namespace: 'default', uid: 'r', ownerReferences: [{ uid: 'd' }] } }],
		},
		'/api/v1/namespaces/default/pods': { spec: { containers: [] }, items: [ownedPod()] },
		'/apis/apps/v1': { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }] },
	};
	const cluster = await openScriptedCluster(objects);
	const lab = await loadLab('pulling-from-private-registries');
	const image = 'registry.example.com/myapp:1.0';
	const extra = taskOf('workload', [
		check('pulled-workload', { namespace: 'default', workload: 'deployment/api', image }),
		check('resource', {
			...{ apiVersion: 'apps/v1', resource: 'Deployment', name: 'api', match: { spec: { replicas: 1 } } },
			expressions: [{ expression: 'object.spec.replicas == 1' }],
		}),
	]);
	context.lab = { ...lab, tasks: [...lab.tasks, extra] };
	const signal = new AbortController().signal;
	try {
		const options = { lab: context.lab, session: cluster.session, timeout: 0, clock: new JumpingClock(), signal };
		const { report, evidence } = await gradeLab(options);
		context.report = JSON.stringify(report);
		context.evidence = evidence;
	} finally {
		await cluster.close();
	}
});
test.after(({ folder }) => rm(folder, { recursive: true, force: true }));

test('kept and read back, it gives the same report byte for byte, again and again', async (context) => {
	const file = join(context.folder, 'evidence.json');
	await saveEvidence(file, context.evidence);
	const text = await readFile(file, 'utf8');
	for (const evidence of [await readEvidence(file), parseEvidence(text, file)]) {
		assert.is(JSON.stringify(gradeEvidence(context.lab, evidence)), context.report);
		await saveEvidence(file, evidence);
		assert.is(await readFile(file, 'utf8'), text);
	}
	for (const kind of Object.keys(valueSchemas)) assert.match(text, `"kind=${kind}`, 'every kind is in it');
	assert.not.match(text, /guessed-by-me|Z3Vlc3NlZC1ieS1tZ/);
	assert.is(new Wanted(canary).find(Buffer.from(text)), null);
});

test('kept twice at once, it is whole', async ({ folder, evidence }) => {
	const file = join(folder, 'twice.json');
	await Promise.all([saveEvidence(file, evidence), saveEvidence(file, evidence)]);
	assert.equal(await readEvidence(file), evidence);
});

test('one task of it is judged with those it needs', ({ lab, evidence }) => {
	assert.equal(
		gradeEvidence(lab, evidence, { task: '3' }).tasks.map(({ id, outcome }) => [id, outcome]),
		[['see-it-refused', 'pass']],
	);
	assert.equal(
		gradeEvidence(lab, evidence, { task: '4' }).tasks.map(({ id, outcome }) => [id, outcome]),
		[['attach-to-the-service-account', 'skip']],
	);
	assert.throws(() => gradeEvidence(lab, evidence, { task: 'see-it-refuse' }), /no task/);
});

test('evidence of another lab is refused, that of a changed one unless it is asked for', ({ lab, evidence }) => {
	assert.throws(() => gradeEvidence({ ...lab, id: 'other' }, evidence), /is of the lab pulling-from/);
	const changed = { ...lab, digest: `sha256:${'0'.repeat(64)}` };
	assert.throws(() => gradeEvidence(changed, evidence), /its files have changed/);
	const report = gradeEvidence(changed, evidence, { mayHaveChanged: true });
	assert.equal(report.notes.at(-1), 'The lab has changed since this evidence was collected.');
	assert.throws(() => gradeEvidence({ ...changed, id: 'other' }, evidence, { mayHaveChanged: true }), /is of the lab/);
});

test('what a changed lab asks that nobody looked at is an error, and costs nobody points', ({ lab, evidence }) => {
	const report = gradeEvidence(lab, { ...evidence, observations: {} });
	assert.equal([...new Set(report.tasks.map(({ outcome }) => outcome))].sort(), ['error', 'skip']);
	assert.is(report.score.ungraded, report.score.possible);
});

test('every kind of value in it may be bent, and it is refused in one line, or judged', ({ lab, evidence }) => {
	const hostile = [null, -1.5, '', 'constructor', [null], { ok: true }];
	let refused = 0;
	let judged = 0;
	let tries = 0;
	for (const path of listPlaces(evidence)) {
		for (const value of [...hostile, undefined]) {
			if (!isTried(tries++)) continue;
			const text = JSON.stringify(replaceAt(evidence, path, value)) ?? '';
			const outcome = attempt(() => gradeEvidence(lab, parseEvidence(text, 'evidence.json')));
			if (outcome === null) judged++;
			else {
				assert.instance(outcome, UsageError, `${path.join(' › ')}: ${(outcome as Error).stack}`);
				assert.not.match((outcome as Error).message, '\n');
				refused++;
			}
		}
	}
	assert.ok(refused > 300 / stride && judged > 50 / stride, `${refused} refused, ${judged} judged`);
});

/** Name of a field → all that may stand in it. */
const vocabulary: Record<string, readonly unknown[]> = {
	kind: ['init', 'sidecar', 'container'],
	policy: ['Always', 'IfNotPresent', 'Never'],
	state: ['waiting', 'running', 'terminated', 'unknown'],
	waiting: [null, { reason: 'ErrImagePull', message: 'no' }],
	ended: [null, { exitCode: -1, reason: 'Error', message: '', startedAt: null, finishedAt: null }],
	restartPolicy: ['Always', 'OnFailure', 'Never'],
	failure: [null, { reason: 'Evicted', message: 'no room' }],
	isListInherited: [true, false, null],
	isOnNode: [true, false, null],
	blankIn: [null, 'username', 'password'],
	trial: [
		null,
		{ outcome: 'accepted' },
		...[true, false, null].map((knownUser) => ({ outcome: 'rejected', status: 401, knownUser, answer: '401' })),
		{ outcome: 'image-absent', status: 404, answer: '404' },
		{ outcome: 'turned-away', status: 0, answer: '429' },
		{ outcome: 'unanswered', message: 'no route' },
		{ outcome: 'not-tried', message: 'not over plain HTTP' },
	],
	siblings: [[], [{ name: 'creds', type: 'Opaque' }]],
	otherNamespaces: [null, ['shop']],
	unread: [[], [{ what: 'events', message: 'forbidden' }]],
	refusal: [null, { owner: 'replicaset/api-1', message: 'exceeded quota' }],
	account: [null, { name: 'default', exists: true, pullSecrets: ['a'], mountableSecrets: ['b'] }],
	otherAccounts: [[], [{ name: 'builder', pullSecrets: ['a'] }]],
	generation: ['present', 'old'],
	desired: [null, 0, 3],
	idle: [null, 'replicas: 0'],
	dryRun: [null, [], ['a']],
	result: ['refused', 'runs', 'pending', 'absent', 'broken'],
	method: ['GET', 'HEAD'],
	log: [null, { records: [], lostBefore: '2026-01-01T00:00:00Z' }],
	provider: ['kind', 'existing', 'embedded'],
	passwordChangedAt: [undefined, null, '2026-01-01T00:00:00Z'],
};

/** Name of a field → what may not stand in it. */
const refused: Record<string, readonly unknown[]> = {
	...Object.fromEntries(
		['kind', 'policy', 'state', 'restartPolicy', 'blankIn', 'generation', 'result', 'method', 'provider'].map(
			(field) => [field, ['', 'other', 7]],
		),
	),
	restartCount: [-1, 1.5, '1', null],
	ended: [{ exitCode: 1.5, reason: '', message: '', startedAt: null, finishedAt: null }, {}],
	waiting: [{ reason: 'ErrImagePull' }, { reason: 7, message: '' }],
	failure: [{ reason: 'Evicted' }],
	desired: [-1, 1.5, '3'],
	trial: [
		{ outcome: 'other' },
		{ outcome: 'rejected' },
		{ outcome: 'accepted', status: 200 },
		{ outcome: 'turned-away' },
	],
	digest: [`x${zeros}`, `${zeros}0`, zeros.slice(0, -1), zeros.replace('0', 'g'), zeros.toUpperCase()],
	collectedAt: ['yesterday', '2026-01-01', ''],
	log: [{ records: [] }, { records: null, lostBefore: null }],
};

test('whatever may not be found is refused where it stands', ({ evidence }) => {
	for (const [field, words] of Object.entries(refused)) {
		const place = listPlaces(evidence).find((path) => path.at(-1) === field && !path.includes('objects'));
		assert.ok(place, field);
		for (const word of words) {
			const text = JSON.stringify(replaceAt(evidence, place ?? [], word));
			assert.throws(
				() => parseEvidence(text, 'x'),
				(error: Error) => error instanceof UsageError && error.message.includes(` ${field}`),
				`${field}: ${JSON.stringify(word)}`,
			);
		}
	}
});

test('whatever may be found is taken as evidence, and kept as it is', ({ evidence }) => {
	const allowed = ({ at, words }: { at: unknown; words: readonly unknown[] }) =>
		words.some((word) => typeof word === typeof at && (typeof word !== 'string' || word === at));
	for (const [field, words] of Object.entries(vocabulary)) {
		const places = listPlaces(evidence).filter((path) => path.at(-1) === field && !path.includes('objects'));
		const place = places.find((path) => allowed({ at: valueAt(evidence, path), words }));
		assert.ok(place, field);
		for (const word of words) {
			const changed = JSON.stringify(replaceAt(evidence, place ?? [], word));
			assert.is(JSON.stringify(parseEvidence(changed, 'x')), changed, `${field}: ${JSON.stringify(word)}`);
		}
	}
});

test('a key of no kind, and a further field anywhere, are refused', ({ evidence }) => {
	for (const path of listPlaces(evidence)) {
		const value = valueAt(evidence, path);
		if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
		// Maps by name have any key.
		if (/^(digests|hosts|namespaces)$/.test(String(path.at(-1)))) continue;
		// Of an object of any kind nobody knows the fields.
		if (path.includes('objects')) continue;
		const text = JSON.stringify(replaceAt(evidence, [...path, 'further'], 1));
		assert.throws(() => parseEvidence(text, 'x'), /x is not evidence/, path.join(' › '));
	}
	const { observations } = evidence;
	for (const key of ['kind=toString x=y', 'kind=__proto__', 'nonsense', '']) {
		const text = JSON.stringify({ ...evidence, observations: { ...observations, [key]: { ok: true, value: {} } } });
		assert.throws(() => parseEvidence(text, 'x'), /unknown kind/, key);
	}
});

test('an object of any kind is refused that could not be named or walked', ({ lab, evidence }) => {
	const [at] = listPaths(evidence).filter((path) => path.at(-2) === 'objects');
	assert.ok(at);
	const text = '{"toString":null,"valueOf":null}';
	const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
	const [before, after] = JSON.stringify(replaceAt(evidence, at, '@object')).split('"@object"');
	for (const object of [
		...['null', '7', '"text"', '[]', '{}', '{"metadata":null}', `{"metadata":{"name":${text}}}`],
		...[`{"metadata":{"name":"api","namespace":${text}}}`, `{"kind":${text},"metadata":{"name":"api"}}`],
		...[`{"metadata":{"name":"api","deletionTimestamp":${text}}}`, `{"metadata":{"name":"api"},"spec":${deep}}`],
	]) {
		assert.throws(() => parseEvidence(before + object + after, 'x'), /^x is not evidence/, object.slice(0, 80));
	}
	for (const rest of ['', `,"spec":${text}`, `,"spec":{"replicas":${text}}`, ',"__proto__":{"spec":{"replicas":1}}']) {
		const strange = parseEvidence(`${before}{"metadata":{"name":"api"}${rest}}${after}`, 'x');
		assert.is(gradeEvidence(lab, strange).tasks.at(-1)?.checks.at(-1)?.diagnosis?.reason, 'FieldOther', rest);
	}
});

test('another version is named as such', ({ evidence }) => {
	const text = JSON.stringify({ ...evidence, schemaVersion: 2 });
	assert.throws(() => parseEvidence(text, 'x'), /is evidence of version 2; this program reads version 1/);
});

test('what is no file, no JSON, or nothing at all is refused', async ({ folder }) => {
	const garbage = join(folder, 'garbage');
	const contents = ['', '{', 'null', '[]', '"text"', '7', '\u0000', '{"schemaVersion":1}', `${'['.repeat(50_000)}`];
	for (const content of contents) {
		await writeFile(garbage, content);
		await refuse(garbage);
	}
	for (const file of [folder, '/nowhere.json', '/dev/null']) await refuse(file);

	async function refuse(file: string) {
		const outcome = await readEvidence(file).then(
			() => null,
			(error: unknown) => error,
		);
		assert.instance(outcome, UsageError, String(outcome));
	}
});

function ownedPod(): object {
	const bare = pod('api-1-x', { running: {} }, true) as { metadata: object };
	return { ...bare, metadata: { ...bare.metadata, ownerReferences: [{ uid: 'r' }] } };
}

function attempt(act: () => unknown): unknown {
	try {
		act();
		return null;
	} catch (error) {
		return error;
	}
}

test.run();
