/** Emptying namespaces while the API server is too busy to answer every question. */

import * as assert from 'uvu/assert';
import { emptyNamespaces } from '../../src/environment/empty-namespaces.ts';
import { openCluster } from '../../src/kube/client.ts';
import { type Objects, openScriptedCluster } from '../grading/scripted-cluster.ts';
import { suite } from '../harness.ts';

const test = suite('empty namespaces');
const pods = '/api/v1/namespaces/default/pods';
const work = { signal: new AbortController().signal, tell() {} };

async function empty(answers: Objects): Promise<{ count: number; requests: string[] }> {
	const cluster = await openScriptedCluster({
		'/apis': { groups: [] },
		'/api/v1': { resources: [{ name: 'pods', namespaced: true, verbs: ['deletecollection'] }] },
		'/api/v1/namespaces/default/serviceaccounts/default': {},
		...answers,
	});
	const client = await openCluster(cluster.session.cluster);
	try {
		return { count: await emptyNamespaces(client, ['default'], work), requests: cluster.requests };
	} finally {
		client.close();
		await cluster.close();
	}
}

const list = (...names: string[]) => ({ items: names.map((name) => ({ metadata: { name } })) });

test('what is there is deleted until nothing is, and everything is looked at once more', async () => {
	// Each look is a list, and a deletion where something was found: the Pods are gone at the third look.
	const { count, requests } = await empty({ [pods]: (asked) => (asked < 4 ? list('one', 'two') : list()) });
	assert.is(count, 2);
	assert.is(requests.filter((request) => request.startsWith(`DELETE ${pods}`)).length, 2);
	assert.is(requests.filter((request) => request === `GET ${pods}`).length, 4);
});

for (const trouble of [503, 'hang-up'] as const) {
	test(`an answer that fails does not end it: ${trouble}`, async () => {
		const { count, requests } = await empty({
			[pods]: (asked) => (asked === 0 ? trouble : asked < 3 ? list('one') : list()),
		});
		assert.is(count, 1);
		assert.is(requests.filter((request) => request.startsWith(`DELETE ${pods}`)).length, 1);
	});
}

test('one that refuses ends it', async () => {
	const refusal = await empty({ [pods]: () => 403 }).catch((error: Error) => error.message);
	assert.is(refusal, 'pods is forbidden: User "u" cannot do that');
});

test.run();
