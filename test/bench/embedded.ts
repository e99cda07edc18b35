/** What an embedded environment costs beside starting Node: coming up, and grading a lab that is solved. */

import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Comparison, Contender } from './ratio.ts';
import { readExports, solve } from './solved-lab.ts';
import { runCli, runTool } from './tool.ts';

const home = path.join(tmpdir(), `kubeproctor-bench-embedded-${process.pid}`);
const env: NodeJS.ProcessEnv = { ...process.env, KUBEPROCTOR_HOME: home };
const name = ['--name', 'bench-embedded'];
const bringUp = () => runCli(['up', '--provider', 'embedded', ...name], { env });
const bringDown = () => runCli(['down', ...name], { env });
const startNode: Contender = { run: () => runTool(process.execPath, ['-e', '0']) };

export const upEmbedded: Comparison = {
	name: 'up-embedded',
	limit: 8,
	rounds: 15,
	async setUp() {
		mkdirSync(home, { mode: 0o700 });
		return async () => rmSync(home, { recursive: true, force: true });
	},
	ours: { run: bringUp, undo: bringDown },
	peer: startNode,
};

let solved: NodeJS.ProcessEnv = env;

async function setUpSolved(): Promise<() => Promise<void>> {
	mkdirSync(home, { mode: 0o700 });
	const takeAway = async () => {
		await bringDown();
		rmSync(home, { recursive: true, force: true });
	};
	try {
		await bringUp();
		solved = { ...env, ...readExports(await runCli(['env', ...name], { env })) };
		await solve(name, solved);
		return takeAway;
	} catch (error) {
		await takeAway();
		throw error;
	}
}

const gradeRight: Contender = { run: () => runCli(['grade', ...name], { env: solved }) };

export const gradeEmbedded: Comparison = {
	name: 'grade-embedded',
	limit: 5,
	rounds: 25,
	setUp: setUpSolved,
	ours: gradeRight,
	peer: startNode,
};

const other = ['--name', 'bench-wrong'];
let wrong: NodeJS.ProcessEnv = env;
const secret = 'my-registry-creds';

/** A Secret whose password is refused, so that every Pod of the lab is judged by why it was not pulled. */
async function makeWrong(): Promise<void> {
	const kubectl = (...args: string[]) => runTool('kubectl', args, { env: wrong });
	await kubectl('delete', 'pods', '--all', '--wait');
	await kubectl('delete', 'secret', secret);
	const server = ['--docker-server=registry.example.com', '--docker-username=myuser', '--docker-password=nonsense'];
	await kubectl('create', 'secret', 'docker-registry', secret, ...server);
	for (const task of ['pull-with-a-pod-secret', 'attach-to-the-service-account']) {
		await kubectl('apply', '-f', `labs/pulling-from-private-registries/solution/${task}`);
	}
	// Waits until both are refused.
	await runCli(['grade', ...other], { env: wrong, code: 1 });
}

/** A wrong cluster takes no longer to grade than a right one; what is left is the machine's mood. */
export const gradeWrong: Comparison = {
	name: 'grade-wrong',
	limit: 1.05,
	rounds: 41,
	async setUp() {
		const takeAway = await setUpSolved();
		const takeAll = async () => {
			await runCli(['down', ...other], { env });
			await takeAway();
		};
		try {
			await runCli(['up', '--provider', 'embedded', ...other], { env });
			wrong = { ...env, ...readExports(await runCli(['env', ...other], { env })) };
			await solve(other, wrong);
			await makeWrong();
			return takeAll;
		} catch (error) {
			await takeAll();
			throw error;
		}
	},
	ours: { run: () => runCli(['grade', ...other], { env: wrong, code: 1 }) },
	peer: gradeRight,
};
