/** Applying a reference answer while admission has not yet heard of the account that it changes. */

import * as assert from 'uvu/assert';
import { solveTask } from '../../src/environment/solve-task.ts';
import { openCluster } from '../../src/kube/client.ts';
import { loadLab } from '../../src/lab/index.ts';
import { type Objects, openScriptedCluster } from '../grading/scripted-cluster.ts';
import { suite } from '../harness.ts';

const test = suite('solving a task');
const pods = '/api/v1/namespaces/default/pods';
const account = '/api/v1/namespaces/default/serviceaccounts/default';
const work = { signal: new AbortController().signal, tell() {} };

/** Resolves to the requests about the account and Pods, without their parameters but `dryRun`. */
async function solve(dryRun: Objects[string]): Promise<string[]> {
	const cluster = await openScriptedCluster({
		'/api/v1': { resources: [{ kind: 'Pod', name: 'pods', namespaced: true }] },
		[account]: {},
		[pods]: dryRun,
		[`${pods}/sa-pod`]: (asked) => (asked === 0 ? null : {}),
	});
	const client = await openCluster(cluster.session.cluster);
	try {
		const lab = await loadLab('pulling-from-private-registries');
		const task = lab.tasks.find(({ id }) => id === 'attach-to-the-service-account');
		assert.ok(task);
		const names = { hosts: {}, namespaces: {}, registries: [], credentials: {} };
		await solveTask(client, { lab, task, names }, work);
		return cluster.requests
			.filter((request) => request !== 'GET /api/v1')
			.map((request) => request.split('?field')[0] ?? '');
	} finally {
		client.close();
		await cluster.close();
	}
}

const changeAccount = `PATCH ${account}`;
const ask = `POST ${pods}?dryRun=All`;
const makePod = [`GET ${pods}/sa-pod`, `PATCH ${pods}/sa-pod`];

test('the Pod is made once new Pods get the list', async () => {
	const requests = await solve((asked) => ({
		spec: asked < 3 ? {} : { imagePullSecrets: [{ name: 'my-registry-creds' }] },
	}));
	assert.equal(requests, [changeAccount, ask, ask, ask, ask, ...makePod]);
});

test('the list of before is not taken for it', async () => {
	const requests = await solve((asked) => ({
		spec: { imagePullSecrets: [{ name: asked < 1 ? 'old' : 'my-registry-creds' }] },
	}));
	assert.equal(requests, [changeAccount, ask, ask, ...makePod]);
});

test('where such a Pod is refused nothing is waited for', async () => {
	assert.equal(await solve(() => 403), [changeAccount, ask, ...makePod]);
});

test('where Pods get another list whatever happens, it is made in the end', async () => {
	const requests = await solve({ spec: { imagePullSecrets: [{ name: 'of-somebody-else' }] } });
	assert.equal([...new Set(requests)], [changeAccount, ask, ...makePod]);
});

test.run();
