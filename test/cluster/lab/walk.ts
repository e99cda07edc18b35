/** Holds a lab to what it promises: untouched it fails, its answers and its lesson pass, each mistake gives its reason. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { readHint } from '../../../src/learning/hint.ts';
import type { Explanation } from '../../../src/model/explanation.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { passingReasons } from '../../../src/model/reason.ts';
import type { Report } from '../../../src/model/report.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import { cli, runProgram } from '../../cli/run-cli.ts';
import type { Environment } from './environment.ts';
import { type Acts, type Mistake, type Outage, play, rotateFirst, solveTask, waitUntil } from './mistakes.ts';

export type Walked = Pick<Environment, 'name' | 'env' | 'run' | 'grade' | 'kubectl' | 'read'>;

const outcomes = (report: Report) => report.tasks.map(({ outcome }) => outcome);
const allPass = (lab: Lab) => lab.tasks.map(() => 'pass');

/** Nothing passes that should not. */
export async function judgeUntouched({ grade }: Walked, lab: Lab): Promise<void> {
	const { code, report } = await grade();
	assert.is(code, 1, JSON.stringify(report, null, 1));
	assert.is(report.score.earned, 0, JSON.stringify(report, null, 1));
	assert.not.ok(outcomes(report).includes('error'), JSON.stringify(report, null, 1));
	assert.is(report.tasks.length, lab.tasks.length);
}

/** Task by task, and then all of them. */
export async function judgeSolution(environment: Walked, lab: Lab): Promise<void> {
	await rotateFirst(environment, lab);
	for (const { id } of lab.tasks) {
		await solveTask(environment, lab, id);
		const { code, report } = await environment.grade('--task', id);
		assert.equal(outcomes(report), ['pass'], JSON.stringify(report, null, 1));
		assert.is(code, 0);
	}
	const { code, report } = await environment.grade();
	assert.equal(outcomes(report), allPass(lab), JSON.stringify(report, null, 1));
	assert.is(code, 0);
}

/** Its own commands, typed verbatim, in order and in one empty folder; what it quotes of their output is what they print. */
export async function judgeLesson(environment: Walked, lab: Lab, kubectl: string): Promise<void> {
	const blocks = readBlocks(readFileSync(join(lab.folder, 'lesson.md'), 'utf8'));
	assert.ok(blocks.length >= 3, 'the lesson has commands');
	// Whoever reads before typing finds everything as settled as it gets.
	if (blocks.some(({ quoted }) => quoted !== null)) await environment.grade();
	const folder = mkdtempSync(join(tmpdir(), 'lesson-'));
	try {
		writeProgram(folder, environment);
		const path = [folder, dirname(kubectl), process.env['PATH']].join(delimiter);
		const script = [`mkdir '${folder}/work'; cd '${folder}/work'`, ...blocks.map(({ typed }) => typed)];
		const { code, stdout, stderr } = await runProgram(
			'bash',
			['-e', '-o', 'pipefail', '-c', script.join(`\nprintf '${separator}'\n`)],
			{ ...environment.env, PATH: path },
		);
		assert.is(code, 0, stderr);
		const printed = stdout.split(separator).slice(1);
		for (const [index, { quoted }] of blocks.entries())
			if (quoted !== null) assert.match(squeeze(printed[index] ?? ''), matchQuote(quoted), printed[index]);
	} finally {
		rmSync(folder, { recursive: true });
	}
	const { code, report } = await environment.grade();
	assert.equal(outcomes(report), allPass(lab), JSON.stringify(report, null, 1));
	assert.is(code, 0);
}

/** The commands of the last hint of each task, typed verbatim and then once more, as by somebody who tried before. */
export async function judgeLastHints(environment: Walked, lab: Lab, kubectl: string): Promise<void> {
	await rotateFirst(environment, lab);
	const typed = lab.tasks.flatMap(({ hints }) =>
		readHint(hints.at(-1) ?? '').filter(({ kind }) => kind === 'commands'),
	);
	assert.ok(typed.length >= lab.tasks.length, 'the last hints have commands');
	const folder = mkdtempSync(join(tmpdir(), 'last-hints-'));
	try {
		writeProgram(folder, environment);
		const path = [folder, dirname(kubectl), process.env['PATH']].join(delimiter);
		const commands = typed.map(({ text }) => text);
		// kubectl restarts nothing twice within a second, and a person is slower than that.
		const script = [`cd '${folder}'`, ...commands, 'sleep 1', ...commands].join('\n');
		const { code, stderr } = await runProgram('bash', ['-e', '-o', 'pipefail', '-c', script], {
			...{ ...environment.env, PATH: path },
		});
		assert.is(code, 0, stderr);
	} finally {
		rmSync(folder, { recursive: true });
	}
	const { code, report } = await environment.grade();
	assert.equal(outcomes(report), allPass(lab), JSON.stringify(report, null, 1));
	assert.is(code, 0);
}

/** `kubeproctor` as a learner types it who has one environment, to be found in `folder`. */
export function writeProgram(folder: string, { name }: Pick<Environment, 'name'>): void {
	const program = `#!/bin/sh\nexec '${process.execPath}' '${cli}' --name '${name}' "$@"\n`;
	writeFileSync(join(folder, 'kubeproctor'), program, { mode: 0o755 });
}

/** Printed between the blocks of a lesson. */
const separator = '=== next block ===';

interface Block {
	typed: string;
	/** Of its output, right below it in the lesson; null: nothing. */
	quoted: string | null;
}

function readBlocks(lesson: string): Block[] {
	const blocks = lesson.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?/gms);
	return [...blocks].map(([, typed = '', quoted]) => ({ typed, quoted: quoted ?? null }));
}

/** How long something has been there is another thing each time, and so is which of the two states a refused Pod is in. */
function squeeze(text: string): string {
	return text
		.replaceAll(/\b(\d+(\.\d+)?(ms|[dhms]))+\b/g, 'AGE')
		.replaceAll(/\b(ErrImagePull|ImagePullBackOff)\b(?=\s+\d)/g, 'REFUSED')
		.replaceAll(/\s+/g, ' ')
		.trim();
}

function matchQuote(quoted: string): RegExp {
	const words = squeeze(quoted).split('…');
	return new RegExp(words.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*?'));
}

/** Milliseconds: as long as `grade` waits for what is still starting, and between two looks. */
const patience = { longest: 30_000, pause: 200 };

/** The named check gives exactly the named reason: at once, or once no more is to be waited for of this check. */
export async function judgeMistake(environment: Walked, lab: Lab, mistake: Mistake, acts: Acts): Promise<void> {
	const { task, check, reason } = mistake.expect;
	await play(environment, lab, mistake, acts);
	const look = async () => {
		const { report } = await environment.grade('--task', task, '--timeout', '0');
		const verdict = report.tasks[0]?.checks.find((each) => each.id === check);
		return { verdict, found: verdict?.diagnosis?.reason ?? verdict?.outcome, report };
	};
	let seen = await look();
	if (seen.found === reason) return;
	for (const deadline = Date.now() + patience.longest; isStarting(seen.verdict) && Date.now() < deadline; ) {
		await new Promise((resolve) => setTimeout(resolve, patience.pause));
		seen = await look();
	}
	assert.is(seen.found, reason, JSON.stringify(seen.report, null, 1));
}

/** Or could not be told, as while a registry comes up again, or what is needed first is not done. */
function isStarting(verdict: Verdict | undefined): boolean {
	if (verdict === undefined || verdict.outcome === 'error' || verdict.outcome === 'skip') return true;
	const { diagnosis } = verdict;
	return diagnosis !== undefined && (diagnosis.isUnsettled === true || passingReasons.has(diagnosis.reason));
}

const reasonByOutage: Record<Outage, string> = {
	busy: 'RegistryRateLimited',
	broken: 'RegistryFailing',
	denied: 'RegistryForbidden',
};

/** What the registry answered to the node stays the cause while the kubelet waits, though it is well again. */
export async function judgeOutages(environment: Walked, host: string, acts: Acts): Promise<void> {
	const overrides = JSON.stringify({ spec: { imagePullSecrets: [{ name: 'my-registry-creds' }] } });
	for (const [outage, reason] of Object.entries(reasonByOutage) as [Outage, string][]) {
		const name = `met-a-${outage}-registry`;
		await acts.failRegistry(host, outage);
		try {
			await environment.kubectl('run', name, `--image=${host}/myapp:1.0`, `--overrides=${overrides}`);
			await waitUntil(environment, 'default', { wait: `pod/${name}`, until: 'waiting' });
		} finally {
			await acts.bringBack(host);
		}
		const { stdout } = await environment.run('why', `pod/${name}`, '-o', 'json');
		assert.is((JSON.parse(stdout) as Explanation).diagnosis?.reason, reason, stdout);
	}
}
