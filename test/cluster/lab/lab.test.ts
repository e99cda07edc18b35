/** Every lab on a real cluster: untouched, by its own lesson, by its reference answer, and with every mistake. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { listLabs, loadLab } from '../../../src/lab/index.ts';
import { suite } from '../../harness.ts';
import { type Environment, must, openEnvironment } from './environment.ts';
import { actOnKind, preload, removeStandIn } from './kind-acts.ts';
import { type Mistake, readMistakes, solve, solveTask } from './mistakes.ts';
import { judgeLastHints, judgeLesson, judgeMistake, judgeOutages, judgeSolution, judgeUntouched } from './walk.ts';

const first = 'pulling-from-private-registries';
interface Context {
	environment: Environment;
	/** The lab that is set up and that nobody has touched; null: none. */
	untouched: string | null;
}

const test = suite<Context>('every lab on a real cluster', { timeout: 300 });

test.before(async (context) => {
	context.environment = await openEnvironment('lab-test', '--provider', 'kind');
	context.untouched = first;
});
test.after(({ environment }) => environment?.close());

/** Resolves to the environment with that lab untouched; to `look` leaves it so. */
async function begin(context: Context, id: string, to: 'look' | 'act'): Promise<Environment> {
	if (context.untouched !== id) await context.environment.reset(id);
	context.untouched = to === 'look' ? id : null;
	return context.environment;
}

/** Mistakes that are made by doing nothing come first, so that one untouched lab does for all of them. */
const isMade = ({ base, steps }: Mistake) => base === 'solution' || steps.length > 0;

for (const { id } of await listLabs()) {
	const lab = await loadLab(id);
	test(`${id}: nothing passes that should not`, async (context) => {
		await judgeUntouched(await begin(context, id, 'look'), lab);
	});
	for (const mistake of readMistakes(id).toSorted((a, b) => Number(isMade(a)) - Number(isMade(b)))) {
		test(`${id}: ${mistake.expect.reason}: ${mistake.title}`, async (context) => {
			const environment = await begin(context, id, isMade(mistake) ? 'act' : 'look');
			try {
				await judgeMistake(environment, lab, mistake, actOnKind(environment));
			} finally {
				if (mistake.steps.some((step) => 'registry' in step))
					for (const { host } of lab.registries) await removeStandIn(environment.nameRegistry(host));
			}
		});
	}
	test(`${id}: the lesson's own commands, typed verbatim, pass every task`, async (context) => {
		const environment = await begin(context, id, 'act');
		await judgeLesson(environment, lab, await findKubectl());
	});
	test(`${id}: the last hint of each task does it, whatever was tried before`, async (context) => {
		const environment = await begin(context, id, 'act');
		await judgeLastHints(environment, lab, await findKubectl());
	});
	test(`${id}: the reference answer passes, task by task`, async (context) => {
		await judgeSolution(await begin(context, id, 'act'), lab);
	});
}

async function findKubectl(): Promise<string> {
	return (await must('sh', ['-c', 'command -v kubectl'])).trim();
}

const lab = await loadLab(first);

test('kept evidence is graded the same without the cluster, and holds no credentials', async (context) => {
	const environment = await begin(context, first, 'act');
	await solve(environment, lab);
	const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
	try {
		const file = join(folder, 'evidence.json');
		const live = await environment.grade('--save-evidence', file);
		const kept = await environment.run('grade', '--evidence', file, '-o', 'json');
		assert.equal(JSON.parse(kept.stdout), live.report);
		const text = readFileSync(file, 'utf8');
		for (const secret of ['mypassword', Buffer.from('myuser:mypassword').toString('base64')])
			assert.not.match(text, secret);
	} finally {
		await rm(folder, { recursive: true });
	}
});

test('a registry that had a bad day when a Pod was to be pulled is the cause', async (context) => {
	const environment = await begin(context, first, 'act');
	await solveTask(environment, lab, 'store-credentials');
	await judgeOutages(environment, 'registry.example.com', actOnKind(environment));
});

test('a Pod that runs because its image was loaded onto the node has not done task 2', async (context) => {
	const environment = await begin(context, first, 'act');
	await environment.kubectl('apply', '-f', join('labs', first, 'solution', 'store-credentials'));
	await preload(environment, 'registry.example.com/myapp:1.0');
	await environment.kubectl('run', 'private-pod', '--image=registry.example.com/myapp:1.0');
	await environment.kubectl('wait', 'pod/private-pod', '--for=condition=Ready', '--timeout=60s');
	const { code, report } = await environment.grade('--task', '2');
	assert.not.equal(code, 0);
	assert.ok(
		['PullNotProven', 'ControlNotRefused'].includes(report.tasks[0]?.checks[0]?.diagnosis?.reason ?? ''),
		JSON.stringify(report),
	);
	assert.is(report.score.earned, 0);

	await environment.reset(first);
	for (const node of await environment.nodes()) assert.not.match(await listImages(node), 'registry.example.com/');
});

function listImages(node: string): Promise<string> {
	return must('docker', ['exec', node, 'ctr', '--namespace', 'k8s.io', 'images', 'list', '--quiet']);
}

test.run();
