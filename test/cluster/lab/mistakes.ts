/** Reads the mistakes of a lab and plays them with kubectl, kind and the engine, as people make them. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOwn } from '../../../src/yaml.ts';
import { type Environment, must } from './environment.ts';

export interface Mistake {
	slug: string;
	folder: string;
	title: string;
	expect: { task: string; check: string; reason: string };
	base: 'untouched' | 'solution';
	steps: Step[];
}

type Step = { namespace?: string } & (
	| { apply: string }
	| { solve: string }
	| { delete: string }
	| { wait: string; until: 'running' | 'waiting' | 'crashing' }
	| { preload: string }
	| { unload: string }
	| { registry: 'stop' }
);

export function readMistakes(lab: string): Mistake[] {
	const folder = join('labs', lab, 'mistakes');
	return readdirSync(folder).map((slug) => {
		const file = join(folder, slug, 'mistake.yaml');
		const { data, issues } = parseOwn(readFileSync(file, 'utf8'));
		if (issues.length > 0) throw new Error(`${file}: ${issues[0]?.message}`);
		return { ...(data as Omit<Mistake, 'slug' | 'folder'>), slug, folder: join(folder, slug) };
	});
}

/** Whether the environment is of no more use afterwards. */
export function isLast({ steps }: Mistake): boolean {
	return steps.some((step) => 'preload' in step || 'registry' in step);
}

/** What is done otherwise than with kubectl, and is other on each provider. */
export interface Acts {
	preload(image: string): Promise<void>;
	unload(image: string): Promise<void>;
	stopRegistry(): Promise<unknown>;
}

export function actOnKind(environment: Environment): Acts {
	return {
		preload: (image) => preload(environment, image),
		unload: (image) => unload(environment, image),
		stopRegistry: () => must('docker', ['stop', environment.registry]),
	};
}

type Kubectl = Pick<Environment, 'kubectl'>;

export async function play(
	environment: Kubectl,
	lab: string,
	mistake: Mistake,
	tasks: readonly string[],
	acts: Acts,
): Promise<void> {
	const solve = (task: string) => environment.kubectl('apply', '-f', join('labs', lab, 'solution', task));
	if (mistake.base === 'solution') for (const task of tasks) await solve(task);
	for (const step of mistake.steps) {
		const namespace = step.namespace ?? 'default';
		if ('apply' in step) await environment.kubectl('apply', '-f', join(mistake.folder, step.apply));
		else if ('solve' in step) await solve(step.solve);
		else if ('delete' in step) await environment.kubectl('-n', namespace, 'delete', step.delete, '--now');
		else if ('wait' in step) await waitUntil(environment, namespace, step);
		else if ('preload' in step) await acts.preload(step.preload);
		else if ('unload' in step) await acts.unload(step.unload);
		else await acts.stopRegistry();
	}
}

async function waitUntil(
	environment: Kubectl,
	namespace: string,
	step: { wait: string; until: string },
): Promise<void> {
	const isControls = step.wait === 'controls';
	const pods = isControls ? ['pods', '--selector', 'kubeproctor.dev/control'] : [step.wait];
	for (let left = 150; left > 0; left--) {
		const text = await environment.kubectl('-n', isControls ? 'kubeproctor' : namespace, 'get', ...pods, '-o', 'json');
		const found = JSON.parse(text) as { items?: Pod[] } & Pod;
		const states = (found.items ?? [found]).flatMap(({ status }) =>
			(status?.containerStatuses ?? []).map(({ state }) => state),
		);
		if (states.some((state) => isIn(state, step.until))) return;
		await new Promise((resolve) => setTimeout(resolve, 1000));
	}
	throw new Error(`${step.wait} is not ${step.until}`);
}

interface Pod {
	status?: { containerStatuses?: { state: State }[] };
}

interface State {
	waiting?: { reason?: string };
	running?: object;
}

function isIn({ waiting, running }: State, until: string): boolean {
	if (until === 'running') return running !== undefined;
	if (until === 'crashing') return waiting?.reason === 'CrashLoopBackOff';
	return waiting !== undefined && waiting.reason !== 'ContainerCreating';
}

/** With `kind load`, as people bring images to a node without a registry. */
export async function preload(environment: Environment, image: string): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'preload-'));
	try {
		await must('cp', ['registry-setup/sample/greet-amd64', join(folder, 'greet')]);
		await must('tar', ['-C', folder, '-cf', join(folder, 'root.tar'), 'greet']);
		await must('docker', ['import', '--change', 'ENTRYPOINT ["/greet"]', join(folder, 'root.tar'), image]);
		await must('kind', ['load', 'docker-image', image, '--name', environment.name]);
	} finally {
		await must('docker', ['rmi', '--force', image]);
		rmSync(folder, { recursive: true });
	}
}

async function unload(environment: Environment, image: string): Promise<void> {
	for (const node of await environment.nodes()) {
		await must('docker', ['exec', node, 'ctr', '--namespace', 'k8s.io', 'images', 'rm', image]);
	}
}
