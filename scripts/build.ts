/** Bundles the program into dist/: one small file that starts it, and a chunk for whatever only some commands need. */

import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { digestOf } from '../src/lab/digest.ts';
import { inspectLab } from '../src/lab/inspect-lab.ts';
import { type KnownLab, nameKnownLab } from '../src/lab/known-lab.ts';
import { type KnownLabs, knownLabsName } from '../src/lab/outline.ts';
import { labSchema } from '../src/lab/schema.ts';
import { findPackageFolder } from '../src/package-root.ts';
import { parseOwn } from '../src/yaml.ts';
import { shortcutImports } from './shortcut-imports.ts';

/** Packages whose unused modules may go: none of them does anything by being loaded, though they do not say so. */
const inert = /node_modules\/(@kubernetes\/client-node|openid-client|socks|socks-proxy-agent)\//;

/** The commands that `program.ts` registers, which is to say all of them, at every start. */
const registered = readFileSync('src/program.ts', 'utf8').matchAll(/'\.\/(commands\/[\w-]+\.ts)'/g);

/**
 * What is loaded together anyway, as paths begin, since each file more takes longer to find and open than to read: by
 * every command; by those that look at an environment, send requests, grade, or make an environment. A module belongs
 * to the first that has it.
 */
const together: Record<string, string[]> = {
	base: [
		...['src/model/', 'src/package-root.ts', 'src/private-file.ts', 'src/process-table.ts', 'src/trace.ts'],
		...['colour', 'steps', 'waiting', 'width'].map((name) => `src/terminal/${name}.ts`),
		...['package.json', 'node_modules/picocolors/'],
	],
	program: ['src/program.ts', ...Array.from(registered, ([, file]) => `src/${file}`), 'node_modules/commander/'],
	session: [
		...['src/session.ts', 'src/lock-file.ts', 'node_modules/env-paths/', 'src/registries/embedded-log.ts'],
		...['down', 'lock', 'pull-log', 'state-folder'].map((name) => `src/environment/${name}.ts`),
		...['src/commands/chosen-lab.ts', 'src/lab/digest.ts', 'src/lab/outline.ts', 'src/lab/shelf.ts'],
	],
	requests: [...['client', 'connection', 'kube-error'].map((name) => `src/kube/${name}.ts`), 'src/oci/'],
	pull: ['src/pull/'],
	zod: ['node_modules/zod/'],
	grade: [
		...['src/commands/graded.ts', 'src/commands/kept-progress.ts', 'src/lab/load.ts', 'src/lab/known-lab.ts'],
		...['src/grading/grade.ts', 'src/grading/plan.ts', 'src/learning/progress.ts', 'src/learning/hint.ts'],
		...['pull-secret', 'pulled-pod', 'pulled-workload', 'refused-pod', 'account-pull-secret', 'index'].map(
			(name) => `src/checks/${name}.ts`,
		),
	],
	up: ['src/environment/up.ts', 'src/parts.ts', 'src/providers/embedded', 'src/registries/embedded'],
};

/** What serves a registry is not for those that ask one. */
const apart = ['src/oci/htpasswd.ts', 'src/oci/server/'];

const groups = Object.entries(together).map(([name, paths], index, { length }) => ({
	name,
	priority: length - index,
	test(id: string) {
		const file = relative(process.cwd(), id);
		return paths.some((path) => file.startsWith(path)) && !apart.some((path) => file.startsWith(path));
	},
}));

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
		codeSplitting: { groups },
	},
});
shortcutImports(
	`${fresh}/chunks`,
	['cli', 'serve-embedded', 'index'].map((name) => `${fresh}/${name}.js`),
);
chmodSync(`${fresh}/cli.js`, 0o755);
// `--help` alone is answered from this file, without loading commander: see src/cli.ts.
writeFileSync(`${fresh}/help.txt`, execFileSync(process.execPath, [`${fresh}/cli.js`, '--help']));
writeFileSync(`${fresh}/${knownLabsName}`, JSON.stringify(await keepLabs()));
rmSync('dist', { recursive: true, force: true });
renameSync(fresh, 'dist');

/** Writes down what is read of each lab. One that has mistakes is left out, so that whoever uses it is told of them. */
async function keepLabs(): Promise<KnownLabs> {
	const labsFolder = findPackageFolder('labs');
	const known: KnownLabs = {};
	for (const id of readdirSync(labsFolder)) {
		const file = join(labsFolder, id, 'lab.yaml');
		const text = readFileSync(file, 'utf8');
		const { lab, issues } = await inspectLab(file, text, id);
		if (lab === null || issues.length > 0) continue;
		const digest = digestOf(text);
		known[id] = { digest, outline: { ...lab, tasks: lab.tasks.map(({ id: task, title }) => ({ id: task, title })) } };
		const knownLab: KnownLab = { digest, file: labSchema.parse(parseOwn(text).data) };
		writeFileSync(`${fresh}/${nameKnownLab(id)}`, JSON.stringify(knownLab));
	}
	return known;
}
