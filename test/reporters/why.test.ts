/** The explanation of a pull as a person reads it. */

import * as assert from 'uvu/assert';
import type { Explanation } from '../../src/model/explanation.ts';
import { writeExplanation } from '../../src/reporters/why.ts';
import { suite } from '../harness.ts';

const test = suite('text of why');
const cluster = { kubeconfig: '/home/ann/.kube/config', context: 'shop', environment: null };
const explanation: Explanation = {
	outcome: 'wrong',
	pod: { namespace: 'shop', name: 'api' },
	container: {
		...{ name: 'web', kind: 'container', image: 'registry.example.com/api:2.3', policy: 'Always', state: 'waiting' },
		waiting: { reason: 'ImagePullBackOff', message: 'Back-off: 401 Unauthorized' },
	},
	diagnosis: {
		reason: 'CredentialsRejected',
		message: 'The registry refuses the credentials in Secret shop/cred.',
		remedy: 'Make it anew:\nkubectl -n shop delete secret cred',
	},
	list: { names: ['old', 'cred', 'hidden'], origin: 'inherited', serviceAccount: 'default' },
	secrets: [
		{ name: 'old', state: 'absent', type: null, entries: [] },
		{
			...{ name: 'cred', state: 'present', type: 'kubernetes.io/dockerconfigjson' },
			entries: [
				{
					...{ host: 'registry.example.com', username: 'ci\u001b[31m-bot', hasPassword: true, matches: true },
					...{ isAuthAtOdds: false, blankIn: null, trial: { outcome: 'not-tried', message: '' } },
				},
			],
		},
		{ name: 'hidden', state: 'unread', type: null, entries: [] },
	],
	nextTryWithin: '5 min 15 s',
	unread: [{ what: 'Secret hidden', message: 'forbidden' }],
};

test('tells the whole way of a pull, in 80 columns', () => {
	assert.is(
		writeExplanation(explanation, cluster, { width: 80, isColoured: false }),
		[
			'Pod shop/api, container web: registry.example.com/api:2.3       ImagePullBackOff',
			'context shop of /home/ann/.kube/config',
			'',
			'✘ The registry refuses the credentials in Secret shop/cred.  CredentialsRejected',
			'',
			'  list       spec.imagePullSecrets, inherited from ServiceAccount default',
			'  Secret     old: does not exist',
			'             cred: kubernetes.io/dockerconfigjson',
			'             registry.example.com matches, user ci [31m-bot',
			'             hidden: could not be read',
			'  registry   not asked: --try-credentials would send them there (user ci',
			'             [31m-bot)',
			'  kubelet    Back-off: 401 Unauthorized',
			'             next try within 5 min 15 s',
			'  not read   Secret hidden: this user may not',
			'',
			'Make it anew:',
			'  kubectl -n shop delete secret cred',
		].join('\n'),
	);
});

test('keeps within 40 columns, but for what has no blank', () => {
	const text = writeExplanation(explanation, cluster, { width: 40, isColoured: false });
	const wide = text.split('\n').filter((line) => line.length > 40 && line.trim().includes(' '));
	assert.equal(wide, []);
	assert.match(text, '\n  CredentialsRejected\n');
});

test('a command that is proposed names the environment where one was named', () => {
	const remedy = 'Begin afresh:\nkubeproctor up';
	const diagnosis = { reason: 'PullNotRefused', message: 'It runs.', remedy } as const;
	const write = (name?: string) =>
		writeExplanation({ ...explanation, diagnosis }, cluster, { width: 80, isColoured: false, name });
	assert.match(write('shop'), /\n {2}kubeproctor --name shop up$/);
	assert.match(write(), /\n {2}kubeproctor up$/);
});

test('says that all is right', () => {
	const fine: Explanation = { ...explanation, outcome: 'fine', diagnosis: null, nextTryWithin: null, unread: [] };
	assert.match(writeExplanation(fine, cluster, { width: 80, isColoured: false }), '✔ Every container has its image.');
});

test('of a Secret in which the kubelet does not look, what the registry would say is left out', () => {
	const [, cred] = explanation.secrets;
	if (cred === undefined) throw new Error('there is no such Secret');
	const write = (type: string) =>
		writeExplanation({ ...explanation, secrets: [{ ...cred, type }] }, cluster, { width: 80, isColoured: false });
	assert.match(write('Opaque'), '  Secret     cred: Opaque, in which the kubelet does not look\n');
	assert.not.match(write('Opaque'), /^ {2}registry/m);
	assert.match(write('kubernetes.io/dockercfg'), /^ {2}Secret {5}cred: kubernetes\.io\/dockercfg$/m);
	assert.match(write('kubernetes.io/dockercfg'), /^ {2}registry/m);
});

test.run();
