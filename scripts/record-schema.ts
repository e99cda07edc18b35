/** Records what an API server says of its resources into api-schema/: `npx tsx scripts/record-schema.ts KUBECONFIG`. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { listContexts, loadKubeconfig } from '../src/kube/kubeconfig.ts';

const folder = 'api-schema';
const tables = 'application/json;as=Table;v=v1;g=meta.k8s.io';

interface Column {
	name: string;
	type: string;
	format: string;
	priority: number;
}

interface Resource {
	name: string;
	kind: string;
	group?: string;
	version?: string;
	verbs: string[];
	columns?: Column[];
	schema?: string;
}

interface Group {
	name: string;
	versions: { groupVersion: string; version: string }[];
}

interface Document {
	components: { schemas: Record<string, Schema> };
}

interface Schema {
	'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
	[key: string]: Json | undefined;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const kubeconfig = process.argv[2];
if (kubeconfig === undefined) throw new Error('usage: npx tsx scripts/record-schema.ts KUBECONFIG');
const connection = await loadKubeconfig({ kubeconfig, context: listContexts(kubeconfig).current });
const agent = new https.Agent({ keepAlive: true, ...connection.tls });

rmSync(`${folder}/schemas`, { recursive: true, force: true });
mkdirSync(`${folder}/schemas`, { recursive: true });
write('version.json', `${JSON.stringify(await get('/version'), null, '\t')}\n`);

const core: Group = { name: '', versions: [{ groupVersion: 'v1', version: 'v1' }] };
const { groups } = (await get('/apis')) as { groups: Group[] };
const schemas = new Map<string, string>();
const lists: Json[] = [];
for (const { groupVersion } of [core, ...groups].flatMap(({ versions }) => versions)) {
	const path = groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`;
	const { resources } = (await get(`/${path}`)) as { resources: Resource[] };
	const document = (await get(`/openapi/v3/${path}`)) as Document;
	for (const resource of resources) {
		const schema = findSchema(document, groupVersion, resource);
		if (schema !== undefined) resource.schema = schema;
		if (!resource.verbs.includes('list')) continue;
		const { columnDefinitions } = (await get(`/${path}/${resource.name}?limit=1`, tables)) as {
			columnDefinitions: Column[];
		};
		resource.columns = columnDefinitions.map(({ name, type, format, priority }) => ({ name, type, format, priority }));
	}
	lists.push({ groupVersion, resources } as unknown as Json);
	for (const [name, schema] of Object.entries(document.components.schemas)) {
		schemas.set(name, JSON.stringify(dropProse(schema as Json)));
	}
}
agent.destroy();

write('resources.json', `[\n${lists.map(formatList).join(',\n')}\n]\n`);
for (const [name, lines] of groupByPackage(schemas)) write(`schemas/${name}.json`, `{\n${lines.join(',\n')}\n}\n`);

async function get(path: string, accept = 'application/json'): Promise<unknown> {
	const headers = { ...connection.headers, accept };
	return new Promise((resolve, reject) => {
		https
			.get(new URL(path, connection.server), { agent, headers, auth: connection.basicAuth }, async (answer) => {
				const text = (await answer.setEncoding('utf8').toArray()).join('');
				if (answer.statusCode !== 200) return reject(new Error(`${path}: ${answer.statusCode} ${text}`));
				resolve(JSON.parse(text));
			})
			.on('error', reject);
	});
}

/** Kinds that are only ever read from a query, such as PodExecOptions, have none. */
function findSchema({ components }: Document, groupVersion: string, resource: Resource): string | undefined {
	const [version = '', group = ''] = groupVersion.split('/').reverse();
	const wanted = { group: resource.group ?? group, version: resource.version ?? version, kind: resource.kind };
	const found = Object.entries(components.schemas).find(([, schema]) =>
		schema['x-kubernetes-group-version-kind']?.some(
			(each) => each.group === wanted.group && each.version === wanted.version && each.kind === wanted.kind,
		),
	);
	return found?.[0];
}

function write(name: string, text: string): void {
	writeFileSync(`${folder}/${name}`, text);
}

/** Structure alone; a field may itself be called `description`. */
function dropProse(schema: Json, areNames = false): Json {
	if (Array.isArray(schema)) return schema.map((each) => dropProse(each));
	if (schema === null || typeof schema !== 'object') return schema;
	return Object.fromEntries(
		Object.entries(schema)
			.filter(([key]) => areNames || (key !== 'description' && key !== 'externalDocs'))
			.map(([key, value]) => [key, dropProse(value, key === 'properties' && !areNames)]),
	);
}

/** One resource a line, so that a new version of Kubernetes can be read as a difference. */
function formatList(list: Json): string {
	const { groupVersion, resources } = list as { groupVersion: string; resources: Json[] };
	const lines = resources.map((resource) => JSON.stringify(resource));
	return `{"groupVersion":${JSON.stringify(groupVersion)},"resources":[\n${lines.join(',\n')}\n]}`;
}

/** `io.k8s.api.core.v1.Pod` stands in `io.k8s.api.core.v1` as `Pod`, one schema a line. */
function groupByPackage(named: Map<string, string>): Map<string, string[]> {
	const packages = new Map<string, string[]>();
	for (const [name, text] of [...named].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const at = name.lastIndexOf('.');
		const lines = packages.get(name.slice(0, at)) ?? [];
		packages.set(name.slice(0, at), lines);
		lines.push(`${JSON.stringify(name.slice(at + 1))}:${text}`);
	}
	return packages;
}
