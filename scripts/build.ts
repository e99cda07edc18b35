/** Bundles the program into dist/: one small file that starts it, and a chunk for whatever only some commands need. */

import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { loadLab } from '../src/lab/index.ts';
import { nameKnownData } from '../src/lab/known-data.ts';
import { type KnownLabs, knownLabsName } from '../src/lab/outline.ts';
import { findPackageFolder } from '../src/package-root.ts';
import { parseOwn } from '../src/yaml.ts';

/** Packages whose unused modules may go: none of them does anything by being loaded, though they do not say so. */
const inert = /node_modules\/(@kubernetes\/client-node|openid-client|socks|socks-proxy-agent)\//;

/** What is loaded together anyway: each file more takes longer to find and open than to read. */
const together = [
	{
		name: 'base',
		priority: 2,
		test: /\/src\/(model\/|oci\/(?!htpasswd|server))|\/src\/(package-root|private-file|process-table|trace)\.ts/,
	},
	{
		name: 'up',
		priority: 1,
		test: /\/src\/(environment\/up|lab\/outline|parts|session|commands\/chosen-lab)\.ts/,
	},
	{ name: 'up', priority: 1, test: /\/src\/(providers|registries)\/embedded(-\w+)?\.ts/ },
];

/** Made aside and put in place at the end, so that a failed build leaves the last good one, and hardly a moment without one. */
const fresh = `.dist-${process.pid}`;

await build({
	input: { cli: 'src/cli.ts', 'serve-embedded': 'src/serve-embedded.ts', index: 'src/index.ts' },
	platform: 'node',
	// Some are for the program alone, and come with the library's own start as well.
	checks: { ineffectiveDynamicImport: false },
	resolve: { alias: { 'node-fetch': fileURLToPath(new URL('without-node-fetch.ts', import.meta.url)) } },
	treeshake: { moduleSideEffects: [{ test: inert, sideEffects: false }] },
	output: {
		dir: fresh,
		format: 'esm',
		entryFileNames: '[name].js',
		chunkFileNames: 'chunks/[name].js',
		minify: true,
		codeSplitting: { groups: together },
	},
});
chmodSync(`${fresh}/cli.js`, 0o755);
// `--help` alone is answered from this file, without loading commander: see src/cli.ts.
writeFileSync(`${fresh}/help.txt`, execFileSync(process.execPath, [`${fresh}/cli.js`, '--help']));
const known = await readKnownLabs();
writeFileSync(`${fresh}/${knownLabsName}`, JSON.stringify(known));
for (const [id, { digest }] of Object.entries(known)) {
	const { data } = parseOwn(readFileSync(join(findPackageFolder('labs'), id, 'lab.yaml'), 'utf8'));
	writeFileSync(`${fresh}/${nameKnownData(id)}`, JSON.stringify({ digest, data }));
}
rmSync('dist', { recursive: true, force: true });
renameSync(fresh, 'dist');

/** A lab that has mistakes is left out, so that whoever uses it is told of them. */
async function readKnownLabs(): Promise<KnownLabs> {
	const labsFolder = findPackageFolder('labs');
	const known: KnownLabs = {};
	for (const id of readdirSync(labsFolder)) {
		const lab = await loadLab(id, { labsFolder }).catch(() => null);
		if (lab === null) continue;
		const { folder: _folder, digest, ...outline } = lab;
		known[id] = { digest, outline: { ...outline, tasks: lab.tasks.map(({ id, title }) => ({ id, title })) } };
	}
	return known;
}
