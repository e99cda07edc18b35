/** A learner who knows nothing: makes a mistake, asks for hints, and types what they say, until the task passes. */

import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadLab } from '../../src/lab/index.ts';
import type { Lab } from '../../src/model/lab.ts';
import { parseManifests } from '../../src/yaml.ts';
import { runProgram } from '../cli/run-cli.ts';
import { type Mistake, play, readMistakes } from '../cluster/lab/mistakes.ts';
import { writeProgram } from '../cluster/lab/walk.ts';
import { findKubectl } from '../contracts/kubectl/find-kubectl.ts';
import type { Suite } from '../harness.ts';
import type { EmbeddedEnvironment } from './environment.ts';
import { here, resetHere } from './here.ts';
import { share } from './walk-lab.ts';

interface Hinted {
	hint: { isAgain: boolean; text: string; commands: string[] } | null;
	fault?: { text: string; commands: string[] };
}

/** More than any task has. */
const mostHints = 20;

/** `part` of `parts`, from 0 on. */
export async function testHints(
	test: Suite<{ environment: EmbeddedEnvironment }>,
	id: string,
	part: number,
	parts: number,
): Promise<void> {
	const lab = await loadLab(id);
	share(test, id);
	for (const mistake of readMistakes(id).filter((_, index) => index % parts === part)) {
		test(`out of ${mistake.slug}`, async ({ environment }) => {
			await resetHere(environment, id);
			const inside = here(environment);
			await inside.run('progress', '--reset', '--yes');
			await play(inside, lab, mistake, environment.acts);
			await followHints(inside, lab, mistake);
		});
	}
}

async function followHints(environment: EmbeddedEnvironment, lab: Lab, mistake: Mistake): Promise<void> {
	const { task } = mistake.expect;
	const folder = mkdtempSync(join(tmpdir(), 'hints-'));
	const told: string[] = [];
	try {
		await provide(folder, environment, mistake);
		assert.is.not((await environment.grade('--task', task, '--timeout', '0')).code, 0, 'it is no mistake');
		for (let count = 0; count < mostHints; count++) {
			const { stdout, stderr } = await environment.run('hint', task, '-o', 'json');
			assert.is.not(stdout, '', stderr);
			const { hint, fault } = JSON.parse(stdout) as Hinted;
			const given = fault ?? hint;
			if (given === null) break;
			told.push(given.text);
			if (hint?.isAgain) break;
			for (const commands of given.commands) await type(folder, environment, lab, commands);
			// What only looks makes nothing right, however long it is waited for.
			if (!given.commands.every(isLooking) && (await environment.grade('--task', task)).code === 0) return;
		}
		const { code, report } = await environment.grade('--task', task);
		assert.is(code, 0, `${told.join('\n---\n')}\n${JSON.stringify(report.tasks, null, 1)}`);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function isLooking(commands: string): boolean {
	return commands.split('\n').every((line) => /^kubectl( -n \S+)? (get|describe|logs|explain) [^|;&]*$/.test(line));
}

/** What a learner has at hand: the program, and the manifests that were written so far, by the names of their Pods. */
async function provide(folder: string, environment: EmbeddedEnvironment, mistake: Mistake): Promise<void> {
	writeProgram(folder, environment);
	for (const file of readdirSync(mistake.folder).filter((each) => each !== 'mistake.yaml')) {
		const path = join(mistake.folder, file);
		const [first] = parseManifests(readFileSync(path, 'utf8')) as { metadata: { name: string } }[];
		copyFileSync(path, join(folder, `${first?.metadata.name}.yaml`));
	}
}

/**
 * Verbatim, but for the word that stands for the password. A command that is refused is a hint that cannot be typed.
 * Only logs are not read: here no container runs that could have written any.
 */
async function type(folder: string, environment: EmbeddedEnvironment, lab: Lab, commands: string): Promise<void> {
	const typed = commands
		.replaceAll('=PASSWORD', `=${lab.registries[0]?.password}`)
		.replaceAll(/^kubectl.* logs .*$/gm, '');
	const path = [folder, dirname(await findKubectl()), process.env['PATH']].join(delimiter);
	const script = `cd '${folder}'\n${typed}`;
	const { code, stderr } = await runProgram('bash', ['-e', '-o', 'pipefail', '-c', script], {
		...{ ...environment.env, PATH: path, KUBE_EDITOR: 'true' },
	});
	assert.is(code, 0, `${typed}\n${stderr}`);
}
