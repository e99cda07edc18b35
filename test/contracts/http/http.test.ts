/** The embedded cluster's answers over HTTP, whole, against what a real one was recorded to answer. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { startEmbedded } from '../kubectl/start-embedded.ts';
import { connect } from './connect.ts';
import { findDifference, type Target } from './play.ts';
import { parseScript } from './script.ts';
import { listGolden, loadScripts } from './shelf.ts';

interface Context {
	folder: string;
	target: Target & { close(): void };
	stop(): Promise<void>;
}

const test = suite<Context>('answers of the embedded API server', { timeout: 100, context: {} as Context });
const scripts = loadScripts();

test.before(async (context) => {
	context.folder = await mkdtemp(path.join(tmpdir(), 'http-'));
	const kubeconfig = path.join(context.folder, 'kubeconfig');
	context.stop = await startEmbedded(kubeconfig);
	context.target = connect(kubeconfig);
});
test.after(async ({ target, stop, folder }) => {
	target?.close();
	await stop?.();
	await rm(folder, { recursive: true, force: true });
});

test('no golden transcript is left without a script', () => {
	assert.equal(
		listGolden(),
		scripts.map(({ name }) => name),
	);
});

test('a line that is none of a request is reported with its place', () => {
	assert.throws(() => parseScript('x', '# about\n\nGET /api\nshow\n'), /^x:4: not a line/);
	assert.throws(() => parseScript('x', 'anonymous\n'), /^x:1: no request/);
});

test('a script reads as its requests', () => {
	const source = 'until x\nanonymous\nAccept: a/b\nPOST /x\nshow .a .b\nkeep A .c\n<\nraw\n\nexcept why\nGET /y\n';
	const [first, second] = parseScript('x', source).steps;
	const nothing = { headers: {}, body: null, isAnonymous: false, show: [], keep: {}, until: null, exception: null };
	assert.equal(second, { ...nothing, title: 'GET /y', method: 'GET', target: '/y', exception: 'why' });
	assert.equal(first, {
		...nothing,
		title: 'POST /x',
		method: 'POST',
		target: '/x',
		headers: { accept: 'a/b' },
		body: 'raw',
		isAnonymous: true,
		show: ['.a', '.b'],
		keep: { A: '.c' },
		until: 'x',
	});
});

for (const script of scripts) {
	test(script.name, async ({ target }) => {
		const difference = await findDifference(script, target, 'embedded');
		if (difference !== null) assert.unreachable(difference);
	});
}

test.run();
