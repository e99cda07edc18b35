/** What a lab puts there is so on a real cluster too, where a kubelet may pull before it has read a Secret. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type KubeObject, readManifests } from '../../src/environment/apply.ts';
import { listLabs, loadLab } from '../../src/lab/index.ts';
import { readDockerConfig } from '../../src/pull/docker-config.ts';
import { suite } from '../harness.ts';

interface Secret extends KubeObject {
	type?: string;
	stringData?: Record<string, string>;
}

interface Pod extends KubeObject {
	spec: {
		imagePullSecrets?: { name: string }[];
		volumes?: { secret?: { secretName: string } }[];
	};
}

const test = suite('the starting state of a lab');

for (const { id } of await listLabs()) {
	const lab = await loadLab(id);
	const mistakes = join(lab.folder, 'mistakes');
	const slugs = existsSync(mistakes) ? readdirSync(mistakes) : [];
	for (const folder of [join(lab.folder, 'setup'), ...slugs.map((slug) => join(mistakes, slug))]) {
		const objects = await readManifests(folder);
		const broken = objects.filter(isMalformed).map(({ metadata }) => metadata.name);
		const pods = objects.filter(({ kind }) => kind === 'Pod') as Pod[];
		for (const { metadata, spec } of pods) {
			const listed = (spec.imagePullSecrets ?? []).map(({ name }) => name);
			const blocking = listed.length > 1 ? listed.filter((name) => broken.includes(name)) : [];
			if (blocking.length === 0) continue;
			test(`${id}: ${metadata.name} mounts the Secret that is to block its pull`, () => {
				const mounted = spec.volumes?.map(({ secret }) => secret?.secretName) ?? [];
				assert.equal(
					blocking.filter((name) => !mounted.includes(name)),
					[],
				);
			});
		}
	}
}

function isMalformed(object: KubeObject): boolean {
	if (object.kind !== 'Secret') return false;
	const { type = 'Opaque', stringData = {} } = object as Secret;
	const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
	return readDockerConfig(type, Object.fromEntries(encoded)).malformed !== null;
}

test.run();
