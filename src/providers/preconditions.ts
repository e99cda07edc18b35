/** Everything that labs need of this machine, looked at in one go; nothing is changed by looking. */

import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { describeError, type Problem } from '../model/error.ts';
import type { Precondition } from '../model/precondition.ts';
import { findEngine } from './engine.ts';
import { lookAtFolder } from './home-folder.ts';
import { examineKind, examineKubectl, type Finding, isOlder } from './machine.ts';
import { adviseOn, type Platform } from './platform.ts';

/** The oldest that the program runs on; package.json says so too. */
export const leastNode = [20, 19] as const;
/** When this program was not there yet. */
const earliest = Date.parse('2026-01-01T00:00:00Z');

export interface Surroundings {
	/** Where everything of ours is kept. */
	home: string;
	env: NodeJS.ProcessEnv;
	platform: Platform;
	signal: AbortSignal;
}

export async function listPreconditions({ home, env, platform, signal }: Surroundings): Promise<Precondition[]> {
	const [always, ofKind] = await Promise.all([
		Promise.all([
			examinePlatform(platform),
			examineNode(process.versions.node),
			examineKubectl(signal),
			examineHome(home),
			examineLoopback(),
			examineClock(Date.now()),
		]),
		findEngine(env, signal).then((engine) => examineKind(engine, 0, signal)),
	]);
	const describe = (neededFor: Precondition['neededFor']) => (finding: Finding) =>
		describeFinding(finding, neededFor, platform);
	return [...always.map(describe('every lab')), ...ofKind.map(describe('kind'))];
}

function describeFinding(
	{ id, title, found, problem, isBearable }: Finding,
	neededFor: Precondition['neededFor'],
	platform: Platform,
): Precondition {
	const about = { id, title, neededFor };
	if (problem !== null)
		return {
			...about,
			state: isBearable ? 'poor' : 'missing',
			found: problem.message,
			remedy: adviseOn(problem, platform),
		};
	return { ...about, state: found === null ? 'unknown' : 'fine', found: found ?? 'not looked at', remedy: null };
}

function examinePlatform(platform: Platform): Finding {
	const title = 'System';
	if (platform !== 'windows') return { id: 'system', title, found: names[platform], problem: null };
	const message = 'Windows protects no file by its Unix mode, and has no process groups to end.';
	const remedy = 'Use WSL, and this program in it: wsl --install';
	return { id: 'system', title, found: null, problem: { code: 'windows', message, remedy } };
}

const names: Record<Platform, string> = { linux: 'Linux', wsl: 'Linux in WSL', macos: 'macOS', windows: 'Windows' };

export function examineNode(version: string): Finding {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const problem: Problem = {
		code: 'node-too-old',
		message: `Node ${version} is too old: ${leastNode.join('.')} is the oldest that works.`,
		remedy: 'Install a newer one: https://nodejs.org/en/download',
	};
	return { id: 'node', title: 'Node', found: version, problem: isOlder([major, minor], leastNode) ? problem : null };
}

async function examineHome(home: string): Promise<Finding> {
	return { id: 'home', title: 'Folder', ...(await lookAtFolder(join(home, 'environments'), home)) };
}

/** Clusters and registries are reached through ports of this machine. */
async function examineLoopback(): Promise<Finding> {
	const about = { id: 'loopback', title: '127.0.0.1' };
	try {
		await connectToSelf();
		return { ...about, found: 'a port can be opened and reached', problem: null };
	} catch (error) {
		const message = `No port of 127.0.0.1 can be opened and reached: ${describeError(error)}`;
		const remedy = 'Allow this program to listen there, in the firewall or the sandbox that it runs in.';
		return { ...about, found: null, problem: { code: 'loopback-blocked', message, remedy } };
	}
}

function connectToSelf(): Promise<void> {
	return new Promise((resolve, reject) => {
		const server = createServer((socket) => socket.end());
		const fail = (error: Error) => {
			server.close();
			reject(error);
		};
		server.on('error', fail);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as { port: number };
			const socket = createConnection({ port, host: '127.0.0.1', timeout: 5_000 });
			socket.on('timeout', () => socket.destroy(new Error('no answer within 5 s')));
			socket.on('error', fail);
			socket.on('connect', () => {
				socket.destroy();
				server.close(() => resolve());
			});
		});
	});
}

/** Certificates are made as of now: with a clock that stands in the past they end before they begin elsewhere. */
export function examineClock(now: number): Finding {
	const shown = new Date(now).toISOString();
	const problem: Problem = {
		code: 'clock-wrong',
		message: `The clock says ${shown}, before this program was made.`,
		remedy: 'Set it.',
	};
	return { id: 'clock', title: 'Clock', found: shown, problem: now < earliest ? problem : null };
}
