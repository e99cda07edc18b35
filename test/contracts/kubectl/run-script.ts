/** Runs a script against a cluster, in namespaces of its own, and gives back its transcript. */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { normalise, type Surroundings } from './normalise.ts';
import type { Script, Until } from './script.ts';
import { type Entry, renderCommand, renderOutput } from './transcript.ts';

export interface Target {
	kubeconfig: string;
	/** Path of a kubectl whose minor version is the cluster's. */
	kubectl: string;
	/** What kubectl remembers of the cluster; scripts may share it. */
	cache: string;
}

interface Terminal extends Surroundings {
	environment: NodeJS.ProcessEnv;
}

interface Ended {
	stdout: string;
	stderr: string;
	exitCode: number | null;
}

/** Seconds that something awaited may take; pulls are refused again within 40 s. */
const patience = 60;

export async function runScript(script: Script, target: Target): Promise<Entry[]> {
	const folder = await mkdtemp(path.join(tmpdir(), 'contract-'));
	try {
		// A script that changes what is served is told by its own steps alone when kubectl asks again what that is.
		const cache = script.name.startsWith('custom/') ? path.join(folder, '.kube-cache') : target.cache;
		const terminal = await openTerminal({ ...target, cache }, folder);
		try {
			return await play(script, terminal);
		} finally {
			const { namespace, otherNamespace } = terminal;
			await run(`kubectl delete namespace ${namespace} ${otherNamespace} --ignore-not-found --wait=false`, terminal);
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function openTerminal({ kubeconfig, kubectl, cache }: Target, folder: string): Promise<Terminal> {
	const namespace = `lab-${drawName()}`;
	const otherNamespace = `other-${drawName()}`;
	const own = path.join(folder, '.kubeconfig');
	await copyFile(kubeconfig, own);
	const environment = {
		PATH: `${path.dirname(kubectl)}:${process.env['PATH']}`,
		HOME: folder,
		KUBECONFIG: own,
		KUBECACHEDIR: cache,
		NAMESPACE: namespace,
		OTHER: otherNamespace,
		LC_ALL: 'C',
		TZ: 'UTC',
	};
	const terminal: Terminal = { namespace, otherNamespace, folder, environment, nodes: [], server: 'https://unknown' };
	const ask = async (command: string) => (await run(command, terminal)).stdout.trim();
	const made = await run(`kubectl create namespace ${namespace}`, terminal);
	if (made.exitCode !== 0) throw new Error(`no namespace could be made: ${made.stderr}`);
	await run(`kubectl config set-context --current --namespace ${namespace}`, terminal);
	const lateness = await waitUntil(
		{ kind: 'until', pattern: 'default', text: 'kubectl get serviceaccount' },
		terminal,
		patience,
	);
	if (lateness !== null) throw new Error(`the namespace has no ServiceAccount: ${lateness.output}`);
	return {
		...terminal,
		nodes: (await ask("kubectl get nodes -o jsonpath='{.items[*].metadata.name}'"))
			.split(' ')
			.filter((name) => name !== ''),
		server: await ask("kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'"),
	};
}

async function play(script: Script, terminal: Terminal): Promise<Entry[]> {
	const entries: Entry[] = [];
	const background: { text: string; child: ChildProcess; ended: Promise<Ended> }[] = [];
	const show = ({ stdout, stderr, exitCode }: Ended) =>
		renderOutput(normalise(stdout, terminal), normalise(stderr, terminal), exitCode);
	let since: { until: Until; step: number; entries: number } | undefined;
	for (let at = 0; at < script.steps.length; at++) {
		const step = script.steps[at];
		if (step?.kind === 'until') {
			since = { until: step, step: at, entries: entries.length };
			const lateness = await waitUntil(step, terminal, patience);
			if (lateness !== null) entries.push({ ...lateness, output: normalise(lateness.output, terminal) });
		} else if (step?.kind === 'still') {
			if (since === undefined || (await waitUntil(since.until, terminal, 0)) === null) continue;
			entries.length = since.entries;
			at = since.step - 1;
		} else if (step?.kind === 'background') {
			background.push({ text: step.text, ...start(step.text, terminal) });
			await sleep(1500);
		} else if (step?.kind === 'command') {
			const ended = await run(step.text, terminal);
			entries.push({ command: renderCommand('$', step.text), output: show(ended), exceptions: step.exceptions });
		} else if (step?.kind === 'stop') {
			await sleep(1500);
			for (const { text, child, ended } of background.splice(0)) {
				endGroup(child);
				const output = show({ ...(await ended), exitCode: 0 });
				entries.push({ command: renderCommand('&', text), output, exceptions: step.exceptions });
			}
		}
	}
	for (const { child } of background) endGroup(child);
	return entries;
}

/** Null: it came about. Otherwise what there was instead, so that a transcript tells why it differs. */
async function waitUntil({ pattern, text }: Until, terminal: Terminal, seconds: number): Promise<Entry | null> {
	const wanted = new RegExp(pattern, 'm');
	const deadline = Date.now() + seconds * 1000;
	for (;;) {
		const { stdout, stderr, exitCode } = await run(text, terminal);
		if (wanted.test(stdout)) return null;
		if (Date.now() > deadline) {
			const output = renderOutput(stdout, stderr, exitCode);
			return { command: `until ${pattern}: ${text}`, output: `${output}[not within ${seconds} s]\n`, exceptions: [] };
		}
		await sleep(400);
	}
}

function run(text: string, terminal: Terminal): Promise<Ended> {
	return start(text, terminal).ended;
}

function start(text: string, { folder, environment }: Terminal): { child: ChildProcess; ended: Promise<Ended> } {
	const child = spawn('sh', ['-c', text], {
		cwd: folder,
		env: environment,
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	const overdue = setTimeout(() => endGroup(child), 2 * patience * 1000);
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (piece: string) => (stdout += piece));
	child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
	const ended = new Promise<Ended>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (exitCode) => {
			clearTimeout(overdue);
			resolve({ stdout, stderr, exitCode });
		});
	});
	return { child, ended };
}

function endGroup({ pid, exitCode }: ChildProcess): void {
	if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGTERM');
}

/** Of letters and digits that random suffixes do not hold, so that a namespace is never taken for one. */
export function drawName(): string {
	return Array.from({ length: 8 }, () => 'aeiouy013'[randomInt(9)]).join('');
}
