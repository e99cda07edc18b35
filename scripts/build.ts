/** Bundles the program into dist/: one small file that starts it, and a chunk for whatever only some commands need. */

import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

/** Packages whose unused modules may go: none of them does anything by being loaded, though they do not say so. */
const inert = /node_modules\/(@kubernetes\/client-node|openid-client|socks|socks-proxy-agent)\//;

/** Made aside and put in place at the end, so that a failed build leaves the last good one, and hardly a moment without one. */
const fresh = `.dist-${process.pid}`;

await build({
	input: { cli: 'src/cli.ts', index: 'src/index.ts' },
	platform: 'node',
	resolve: { alias: { 'node-fetch': fileURLToPath(new URL('without-node-fetch.ts', import.meta.url)) } },
	treeshake: { moduleSideEffects: [{ test: inert, sideEffects: false }] },
	output: {
		dir: fresh,
		format: 'esm',
		entryFileNames: '[name].js',
		chunkFileNames: 'chunks/[name].js',
		minify: true,
	},
});
chmodSync(`${fresh}/cli.js`, 0o755);
// `--help` alone is answered from this file, without loading commander: see src/cli.ts.
writeFileSync(`${fresh}/help.txt`, execFileSync(process.execPath, [`${fresh}/cli.js`, '--help']));
rmSync('dist', { recursive: true, force: true });
renameSync(fresh, 'dist');
