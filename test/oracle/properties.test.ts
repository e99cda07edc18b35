/** What holds of judging whatever the cluster is like. */

import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { judgeLab } from '../../src/grading/index.ts';
import { suite } from '../harness.ts';
import { stride } from '../stride.ts';
import { listCases } from './cases.ts';
import { host, password, shapes, user } from './shapes.ts';
import { gradeWorld, image, labOf, secretObject, world } from './world.ts';

const test = suite('properties of judging', { timeout: 60 });

const cases = listCases();
const anyCase = fc.constantFrom(...cases);
const right = shapes.filter(({ holds }) => holds === 'opens');
const objectName = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
const runs = { numRuns: Math.ceil(100 / stride) };

test('the same evidence gives the same report, in whatever order it was collected', async () => {
	const property = fc.asyncProperty(anyCase, fc.infiniteStream(fc.nat()), async (each, order) => {
		const lab = labOf(each.check, each.params);
		const { evidence, report } = await gradeWorld(each.world, lab);
		const keyed = Object.entries(evidence.observations).map((entry) => ({ entry, key: order.next().value }));
		const observations = Object.fromEntries(keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry));
		assert.equal(judgeLab(lab, JSON.parse(JSON.stringify({ ...evidence, observations }))), report);
	});
	await fc.assert(property, runs);
});

test('a right Pod passes, whatever else is in its namespace', async () => {
	const others = fc.uniqueArray(fc.tuple(objectName, fc.constantFrom(...shapes)), { selector: ([name]) => name });
	const property = fc.asyncProperty(fc.constantFrom(...right), others, async (shape, beside) => {
		const secrets = [['regcred', shape] as const, ...beside.filter(([name]) => name !== 'regcred')];
		const lab = labOf('pulled-pod', { namespace: 'default', name: 'web', image, through: 'pod', secret: 'regcred' });
		const objects = secrets.map(([name, each]) => secretObject(name, each));
		const { report } = await gradeWorld({ ...world, list: ['regcred'], secrets: objects }, lab);
		assert.is(report.tasks[0]?.outcome, 'pass', JSON.stringify(report.tasks[0]));
	});
	await fc.assert(property, runs);
});

test('entries for other hosts change nothing', async () => {
	const otherHost = fc.domain().filter((name) => name !== host);
	const entries = fc.dictionary(otherHost, fc.record({ username: fc.string(), password: fc.string() }));
	const property = fc.asyncProperty(entries, async (beside) => {
		const auths = { ...beside, [host]: { username: user, password } };
		const data = { '.dockerconfigjson': JSON.stringify({ auths }) };
		const secret = secretObject('regcred', { type: 'kubernetes.io/dockerconfigjson', data });
		const lab = labOf('pull-secret', { namespace: 'default', name: 'regcred', registry: host });
		const { report } = await gradeWorld({ ...world, secrets: [secret] }, lab);
		assert.is(report.tasks[0]?.outcome, 'pass', JSON.stringify(report.tasks[0]));
	});
	await fc.assert(property, runs);
});

test('points are earned for a pass and for nothing else, and never more than there are', async () => {
	const property = fc.asyncProperty(anyCase, async (each) => {
		const { report } = await gradeWorld(each.world, labOf(each.check, each.params));
		const outcome = report.tasks[0]?.outcome;
		const earned = outcome === 'pass' ? 10 : 0;
		assert.equal(report.score, { earned, possible: 10, ungraded: outcome === 'error' ? 10 : 0 });
	});
	await fc.assert(property, runs);
});

test('whatever bytes a Secret holds, judging says something, and keeps them to itself', async () => {
	const secretWord = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/);
	const type = fc.constantFrom('kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg', 'Opaque');
	const property = fc.asyncProperty(type, fc.json(), secretWord, async (kind, content, word) => {
		const texts = [content, JSON.stringify({ auths: { [host]: { username: user, password: word } } }), word];
		for (const text of texts) {
			const data = { '.dockerconfigjson': text, '.dockercfg': text };
			const secret = secretObject('regcred', { type: kind, data });
			const lab = labOf('pulled-pod', { namespace: 'default', name: 'web', image, through: 'pod' });
			const graded = await gradeWorld({ ...world, list: ['regcred'], secrets: [secret] }, lab);
			assert.is(graded.report.tasks[0]?.outcome, 'fail');
			assert.not.ok(JSON.stringify(graded).includes(word));
		}
	});
	await fc.assert(property, runs);
});

test('no report and no evidence of any case holds the password, in any form', async () => {
	const base64 = [0, 1, 2].map((shift) =>
		Buffer.from(`${'x'.repeat(shift)}${password}`)
			.toString('base64')
			.slice(4, 16),
	);
	const property = fc.asyncProperty(anyCase, async (each) => {
		const text = JSON.stringify(await gradeWorld(each.world, labOf(each.check, each.params)));
		for (const form of [password, encodeURIComponent(password), ...base64])
			assert.not.ok(text.includes(form), each.label);
	});
	await fc.assert(property, runs);
});

test.run();
