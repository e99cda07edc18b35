/** Asks a real cluster for the answers: `npx tsx test/emulator/admission/record.ts KUBECONFIG`. Leaves nothing behind. */

import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { findTypeNamed } from '../../../src/emulator/schema/index.ts';
import { type Accepted, type Answer, acceptance, refusal } from './answers.ts';
import { applyEdits, bases, build, type Case, changes, creations, homeOf, setup } from './cases.ts';

/** An object or a Status. */
interface Body extends Accepted {
	code: number;
	reason: string;
	message: string;
	details?: unknown;
	[field: string]: unknown;
}

interface Reply {
	code: number;
	body: Body;
	warnings: string[];
}

const [path = ''] = process.argv.slice(2);
const config = parse(readFileSync(path, 'utf8'));
const { cluster } = config.clusters[0];
const { user } = config.users[0];
const decode = (text: string) => Buffer.from(text, 'base64');
const agent = new Agent({
	keepAlive: true,
	maxSockets: 4,
	ca: decode(cluster['certificate-authority-data']),
	cert: decode(user['client-certificate-data']),
	key: decode(user['client-key-data']),
});

function send(method: string, target: string, body?: unknown): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const headers = { 'content-type': 'application/json', accept: 'application/json' };
		const call = request(new URL(target, cluster.server), { method, agent, headers }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk) => chunks.push(chunk));
			response.on('end', () => {
				const warnings = (response.headersDistinct['warning'] ?? []).flatMap((line) =>
					[...line.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1')),
				);
				const text = Buffer.concat(chunks).toString();
				resolve({ code: response.statusCode ?? 0, body: JSON.parse(text), warnings });
			});
		});
		call.on('error', reject);
		call.end(body === undefined ? undefined : JSON.stringify(body));
	});
}

function pathOf(typeName: string, namespace: string, name = ''): string {
	const type = findTypeNamed(typeName);
	if (!type) throw new Error(`no type ${typeName}`);
	const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
	const within = type.isNamespaced ? `/namespaces/${namespace}` : '';
	return `${root}${within}/${type.resource}${name === '' ? '' : `/${name}`}`;
}

function answerOf({ code, body, warnings }: Reply): Answer {
	return code < 300 ? acceptance(body, warnings) : refusal(body, warnings);
}

async function askCreation(one: Case): Promise<Answer> {
	return answerOf(await send('POST', `${pathOf(one.type, one.namespace)}?dryRun=All`, build(one)));
}

async function askChange(one: Case, live: Record<string, unknown>): Promise<Answer> {
	const target = `${pathOf(one.type, one.namespace, 'existing')}?dryRun=All`;
	for (;;) {
		const reply = await send('PUT', target, applyEdits(live, one.edits));
		if (!/the object has been modified/.test(reply.body.message ?? '')) return answerOf(reply);
		live = (await send('GET', pathOf(one.type, one.namespace, 'existing'))).body;
	}
}

async function make(type: string, namespace: string, object: Record<string, unknown>): Promise<void> {
	const { code, body } = await send('POST', pathOf(type, namespace), object);
	if (code >= 300 && body.reason !== 'AlreadyExists')
		throw new Error(`${type} ${JSON.stringify(object['metadata'])}: ${body.message}`);
}

try {
	for (const { type, namespace, object } of setup) await make(type, namespace, object);
	await new Promise((resolve) => setTimeout(resolve, 3000));
	const live: Record<string, Record<string, unknown>> = {};
	for (const type of Object.keys(bases)) {
		const namespace = homeOf(type);
		await make(type, namespace, applyEdits(build({ type, namespace, edits: [] }), [['metadata>name', 'existing']]));
	}
	await new Promise((resolve) => setTimeout(resolve, 2000));
	for (const type of Object.keys(bases)) live[type] = (await send('GET', pathOf(type, homeOf(type), 'existing'))).body;
	const created = [];
	for (const one of creations) created.push(await askCreation(one));
	const changed = [];
	for (const one of changes) changed.push(await askChange(one, live[one.type] ?? {}));
	const text = JSON.stringify({ creations: created, changes: changed });
	writeFileSync(new URL('answers.json.gz', import.meta.url), gzipSync(text, { level: 9 }));
	console.log(`${created.length} creations, ${changed.length} changes`);
} finally {
	for (const type of Object.keys(bases))
		if (!findTypeNamed(type)?.isNamespaced) await send('DELETE', pathOf(type, '', 'existing'));
	for (const { type, namespace, object } of [...setup].reverse())
		await send('DELETE', pathOf(type, namespace, (object['metadata'] as { name: string }).name));
	agent.destroy();
}
