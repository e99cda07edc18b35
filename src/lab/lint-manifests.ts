/** Manifests of a lab: YAML as kubectl reads it, whole objects, in the lab's namespaces and from its registries. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab, LabIssue } from '../model/lab.ts';
import { readManifests } from '../yaml.ts';
import { suggest } from './describe-issues.ts';

/** `lab`: null where namespaces and hosts may be others, as in a mistake. */
export async function lintManifests(
	folder: string,
	inner: string,
	lab: Pick<Lab, 'namespaces' | 'registries'> | null,
): Promise<LabIssue[]> {
	const path = join(folder, inner);
	const names = (await readdir(path).catch(() => [])).filter(
		(name) => /\.ya?ml$/.test(name) && name !== 'mistake.yaml',
	);
	const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
	return names.flatMap((name, index) => lintManifest(join(path, name), texts[index] ?? '', lab));
}

function lintManifest(file: string, text: string, lab: Pick<Lab, 'namespaces' | 'registries'> | null): LabIssue[] {
	const { issues, documents } = readManifests(text);
	const found: LabIssue[] = issues.map((issue) => ({ file, ...issue }));
	if (issues.length === 0 && documents.length === 0)
		return [{ file, line: 1, column: 1, message: 'there is no object in it' }];
	for (const { data, positionOf } of documents) {
		const say = (at: PropertyKey[], message: string) => found.push({ file, ...positionOf(at), message });
		const { apiVersion, kind, metadata } = (data ?? {}) as Record<string, unknown>;
		if (typeof apiVersion !== 'string') say([], 'apiVersion is missing');
		if (typeof kind !== 'string') say([], 'kind is missing');
		const { name, generateName, namespace } = (metadata ?? {}) as Record<string, unknown>;
		if (typeof name !== 'string' && typeof generateName !== 'string' && kind !== 'List')
			say(['metadata'], 'metadata.name is missing');
		if (lab === null) continue;
		if (typeof namespace === 'string' && !lab.namespaces.includes(namespace)) {
			const message = `the lab has no namespace ${namespace}${suggest(namespace, lab.namespaces)}`;
			say(['metadata', 'namespace'], message);
		}
		const hosts = lab.registries.map(({ host }) => host);
		for (const { at, image } of listImages(data)) {
			const host = image.slice(0, image.indexOf('/'));
			if (image.includes('/') && /[.:]/.test(host) && !hosts.includes(host)) {
				say(at, `the lab has no registry ${host}${suggest(host, hosts)}`);
			}
		}
	}
	return found;
}

function listImages(value: unknown, at: PropertyKey[] = []): { at: PropertyKey[]; image: string }[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		key === 'image' && typeof inner === 'string'
			? [{ at: [...at, key], image: inner }]
			: listImages(inner, [...at, key]),
	);
}
