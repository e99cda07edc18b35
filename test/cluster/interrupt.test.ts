/** Ctrl-C and kill -9 at every step: whatever is done next, nothing is left behind. */

import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { type Outcome, openWorld, runTool } from './cli.ts';

const test = suite('cluster/interrupt', { timeout: 240 });
const world = await openWorld();

/** Moments of `up`: a line on stderr, and milliseconds after it. */
const moments: [name: string, at: RegExp, after: number][] = [
	['before anything is made', /^Lab /m, 0],
	['as containers are being made', /^✔ Machine/m, 150],
	['a little later', /^✔ Machine/m, 600],
	['while the cluster starts', /^… Cluster/m, 0],
	['when the cluster is there', /^✔ Cluster/m, 0],
	['while Pods are being refused', /^✔ Registry known/m, 200],
];

test.after(() => world.close());

for (const [name, at, after] of moments) {
	test(`Ctrl-C ${name} takes everything back`, async () => {
		const { code, stderr } = await world.run(['up'], { signal: { at, send: 'SIGINT', after } });
		assert.is(code, 130, stderr);
		assert.equal(await world.listLeftovers(), [], stderr);
		assert.equal(await listKinds(), []);
	});
}

for (const [name, at, after] of moments.slice(1, 4)) {
	test(`down after kill -9 ${name} leaves nothing`, async () => {
		await world.run(['up'], { signal: { at, send: 'SIGKILL', after } });
		const { code, stderr } = await world.run(['down']);
		assert.is(code, 0, stderr);
		assert.equal(await world.listLeftovers(), []);
		assert.equal(await listKinds(), []);
	});
}

test('up after kill -9, again and again, comes to its end; a second one meanwhile is turned away', async () => {
	const up = ['up', '--workers', '1'];
	for (const [, at, after] of moments.slice(0, 3)) await world.run(up, { signal: { at, send: 'SIGKILL', after } });
	await world.run(up, { signal: { at: /^✔ Cluster/m, send: 'SIGKILL' } });
	let turnedAway: Promise<Outcome> | undefined;
	const { code, stdout, stderr } = await world.run([...up, '--random-password'], {
		// From its first step on it holds the lock.
		onMatch: {
			at: /^✔ Machine/m,
			act() {
				turnedAway = world.run(up);
			},
		},
	});
	assert.is(code, 0, stderr);
	const second = await turnedAway;
	assert.is(second?.code, 3);
	assert.match(second?.stderr ?? '', /at work on this environment .*process \d+/s);
	assert.is((await world.run(['status'])).code, 0);
	const [, password = ''] = /^password +(\S+)$/m.exec((await world.run(['credentials', '--password'])).stdout) ?? [];
	assert.is(password.length, 24);
	assert.not.match(stdout + stderr, password);
});

test('with workers only those are asked, since the control plane takes no Pods', async () => {
	const args = ['--kubeconfig', join(world.folder, 'kubeconfig'), '--namespace', 'kubeproctor', 'get', 'pods'];
	const nodes = await runTool('kubectl', [...args, '-o', 'jsonpath={.items[*].spec.nodeName}']);
	assert.is(nodes, `${world.name}-worker ${world.name}-worker`);
});

test('Ctrl-C in an up that only mends takes nothing away', async () => {
	const { code } = await world.run(['up'], { signal: { at: /^✔ Machine/m, send: 'SIGINT' } });
	assert.is(code, 130);
	assert.is((await world.run(['status'])).code, 0);
});

test('down after kill -9 of down, early and late, finishes it', async () => {
	for (const after of [150, 500, 900]) await world.run(['down'], { signal: { send: 'SIGKILL', after } });
	const { code, stderr } = await world.run(['down']);
	assert.is(code, 0, stderr);
	assert.equal(await world.listLeftovers(), []);
});

test.run();

/** kind processes that work on this world's cluster. */
async function listKinds(): Promise<string[]> {
	const lines = (await runTool('ps', ['-eo', 'pid,stat,args'])).split('\n');
	return lines.filter((line) => line.includes('kind create') && line.includes(world.name) && !/^\s*\d+ Z/.test(line));
}
