/** Plays a script against a cluster, in a namespace of its own, and gives back the answers as a transcript. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Reply } from '../../emulator/api/requests.ts';
import { drawName } from '../kubectl/run-script.ts';
import { describeLines } from '../kubectl/transcript.ts';
import { normalise, type Surroundings } from './normalise.ts';
import type { Script, Step } from './script.ts';
import { readGolden } from './shelf.ts';

export interface Target extends Pick<Client, 'ask'> {
	/** `https://127.0.0.1:6443` */
	url: string;
}

/** Seconds that something awaited may take. */
const patience = 60;

/** Those that come of the connection, the request's number or the server's load. */
const silent = /^(date|content-length|connection|keep-alive|transfer-encoding|audit-id|x-kubernetes-pf-.*)$/;

const chance = new Map([
	['etag', '"ETAG"'],
	['last-modified', 'TIME'],
	['expires', 'TIME'],
]);

/** One piece of text for each step that leaves a trace. */
export interface Entry {
	title: string;
	text: string;
	exception: string | null;
}

export function renderTranscript(entries: readonly Entry[]): string {
	return entries.map(({ title, text }) => `${title}\n${text}`).join('\n');
}

/** Null: every answer is the recorded one, but those that the script excepts. */
export async function findDifference(script: Script, target: Target, cluster: string): Promise<string | null> {
	const golden = await readGolden(script.name);
	if (golden === null) return 'there is no golden transcript';
	const entries = await playScript(script, target);
	const differences: string[] = [];
	let at = 0;
	for (const [index, { title, text, exception }] of entries.entries()) {
		const begin = at + title.length + 1;
		if (golden.slice(at, begin) !== `${title}\n`) return 'the golden transcript is of another script';
		const next = entries[index + 1];
		const end = next === undefined ? golden.length : golden.indexOf(`\n\n${next.title}\n`, begin) + 1;
		const recorded = golden.slice(begin, end);
		at = end + 1;
		if (recorded !== text && (exception === null || cluster !== 'embedded')) {
			differences.push(describeLines(title, recorded, text));
		}
	}
	return differences.length === 0 ? null : differences.join('\n');
}

export async function playScript(script: Script, target: Target): Promise<Entry[]> {
	const namespace = `lab-${drawName()}`;
	const variables: Record<string, string> = { NS: namespace };
	const surroundings: Surroundings = { namespace, nodes: await listNodes(target), server: target.url };
	variables['NODE'] = surroundings.nodes[0] ?? '';
	await target.ask('/api/v1/namespaces', { body: { metadata: { name: namespace } } });
	try {
		for (const made of ['serviceaccounts/default', 'configmaps/kube-root-ca.crt']) {
			await awaitReply(made, () => target.ask(`/api/v1/namespaces/${namespace}/${made}`), /"uid"/);
		}
		const entries: Entry[] = [];
		for (const step of script.steps) {
			const { title, until, exception } = step;
			const send = () => ask(target, step, variables);
			const reply = until === null ? await send() : await awaitReply(title, send, new RegExp(until));
			for (const [name, path] of Object.entries(step.keep)) variables[name] = pick(reply, path);
			if (until === null) entries.push({ title, text: normalise(render(reply, step), surroundings), exception });
		}
		return entries;
	} finally {
		await target.ask(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' });
	}
}

async function listNodes(target: Target): Promise<string[]> {
	const { body } = await target.ask('/api/v1/nodes');
	return body.items.map((node: { metadata: { name: string } }) => node.metadata.name);
}

function ask(target: Target, step: Step, variables: Record<string, string>): Promise<Reply> {
	const fill = (text: string) => text.replaceAll(/\$([A-Z]+)/g, (all, name) => variables[name] ?? all);
	const headers = Object.entries(step.headers).map(([name, value]) => [name, fill(value)]);
	const asked = target.ask(fill(step.target), {
		method: step.method,
		headers: Object.fromEntries(headers),
		isAnonymous: step.isAnonymous,
		...(step.body !== null && { body: fill(step.body) }),
	});
	return beforeLong(asked, step.title);
}

/** Throws where an answer does not end. */
async function beforeLong(asked: Promise<Reply>, title: string): Promise<Reply> {
	const stop = new AbortController();
	const late = sleep(patience * 1000, undefined, { signal: stop.signal }).then(() => {
		throw new Error(`${title} has not been answered for ${patience} s`);
	});
	try {
		return await Promise.race([asked, late]);
	} finally {
		stop.abort();
		late.catch(() => {});
	}
}

/** Asks again and again; `what` names it where that is in vain. */
async function awaitReply(what: string, ask: () => Promise<Reply>, wanted: RegExp): Promise<Reply> {
	const deadline = Date.now() + patience * 1000;
	for (;;) {
		const reply = await ask();
		if (wanted.test(reply.text)) return reply;
		if (Date.now() > deadline) throw new Error(`${what} never told of ${wanted}: ${reply.text}`);
		await sleep(50);
	}
}

function pick({ body, headers }: Reply, path: string): string {
	const header = /^header (.+)$/.exec(path)?.[1];
	const value = header === undefined ? valueAt(body, path) : headers[header];
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `.items.0.metadata.name`; a name that holds dots is written with `\.`. */
function valueAt(value: unknown, path: string): unknown {
	const names = path.slice(1).split(/(?<!\\)\./);
	return names.reduce<unknown>(
		(at, name) => (at as Record<string, unknown> | undefined)?.[name.replaceAll('\\.', '.')],
		value,
	);
}

function render({ status, headers, text }: Reply, step: Step): string {
	const told = Object.entries(headers)
		.filter(([name]) => !silent.test(name))
		.map(([name, value]) => `${name}: ${chance.get(name) ?? [value].flat().join(', ')}\n`);
	return `${status}\n${told.sort().join('')}${renderBody(text, step)}`;
}

/** A stream's lines one after the other. */
function renderBody(text: string, { show }: Step): string {
	if (text === '') return '';
	let values: unknown[];
	try {
		values = [JSON.parse(text)];
	} catch {
		try {
			values = text
				.trimEnd()
				.split('\n')
				.map((line) => JSON.parse(line));
		} catch {
			return `${text.trimEnd()}\n`;
		}
	}
	return values
		.filter((value) => !isChanceBookmark(value))
		.map((value) => `${renderValue(value, show)}\n`)
		.join('');
}

/** Those that end the beginning of a watch are due; others come when the server thinks fit. */
function isChanceBookmark(value: unknown): boolean {
	return valueAt(value, '.type') === 'BOOKMARK' && valueAt(value, '.object.metadata.annotations') === undefined;
}

function renderValue(value: unknown, show: readonly string[]): string {
	if (show.length === 0) return JSON.stringify(sortKeys(value), null, 2);
	return show.map((path) => `${path}: ${JSON.stringify(sortKeys(valueAt(value, path)))}`).join('\n');
}

/** Without prose. The rules of a review, which come in any order, are sorted too. */
function sortKeys(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sortKeys);
	if (typeof value !== 'object' || value === null) return value;
	const sorted = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
	return Object.fromEntries(
		sorted
			.filter(([name]) => name !== 'description')
			.map(([name, item]) => [name, /^(non)?resourceRules$/i.test(name) ? sortItems(item) : sortKeys(item)]),
	);
}

function sortItems(items: unknown[]): unknown[] {
	return items
		.map((item) => JSON.stringify(sortKeys(item)))
		.sort()
		.map((text) => JSON.parse(text));
}
