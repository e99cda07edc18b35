/** What an embedded environment costs beside starting Node: coming up, and grading a lab that is solved. */

import { planHome } from './home.ts';
import type { Comparison, Contender } from './ratio.ts';
import { readExports, solve } from './solved-lab.ts';
import { runCli, runTool } from './tool.ts';

const home = planHome('embedded');
const { env } = home;
const name = ['--name', 'bench-embedded'];
const bringUp = () => runCli(['up', '--provider', 'embedded', ...name], { env });
const bringDown = () => runCli(['down', ...name], { env });
const startNode: Contender = { run: () => runTool(process.execPath, ['-e', '0']) };

export const upEmbedded: Comparison = {
	name: 'up-embedded',
	limit: 8,
	rounds: 15,
	setUp: () => home.setUp(),
	ours: { run: bringUp, undo: bringDown },
	peer: startNode,
};

let solved: NodeJS.ProcessEnv = env;

async function bringUpSolved(): Promise<void> {
	await bringUp();
	solved = { ...env, ...readExports(await runCli(['env', ...name], { env })) };
	await solve(name, solved);
}

const gradeRight: Contender = { run: () => runCli(['grade', ...name], { env: solved }) };

export const gradeEmbedded: Comparison = {
	name: 'grade-embedded',
	limit: 5,
	rounds: 25,
	setUp: () => home.setUp(bringUpSolved, bringDown),
	ours: gradeRight,
	peer: startNode,
};

const other = ['--name', 'bench-wrong'];
let wrong: NodeJS.ProcessEnv = env;
const secret = 'my-registry-creds';

/** With a Secret whose password is refused, so that every Pod of the lab is judged by why it was not pulled. */
async function bringUpWrong(): Promise<void> {
	await runCli(['up', '--provider', 'embedded', ...other], { env });
	wrong = { ...env, ...readExports(await runCli(['env', ...other], { env })) };
	await solve(other, wrong);
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
	setUp: () =>
		home.setUp(
			async () => {
				await bringUpSolved();
				await bringUpWrong();
			},
			async () => {
				await runCli(['down', ...other], { env });
				await bringDown();
			},
		),
	ours: { run: () => runCli(['grade', ...other], { env: wrong, code: 1 }) },
	peer: gradeRight,
};
