/** Bundles the program into dist/: one small file that starts it, and a chunk for whatever only some commands need. */

import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

/** Packages whose unused modules may go: none of them does anything by being loaded, though they do not say so. */
const inert = /node_modules\/(@kubernetes\/client-node|openid-client|socks|socks-proxy-agent)\//;

rmSync('dist', { recursive: true, force: true });
await build({
	input: { cli: 'src/cli.ts' },
	platform: 'node',
	resolve: { alias: { 'node-fetch': fileURLToPath(new URL('without-node-fetch.ts', import.meta.url)) } },
	treeshake: { moduleSideEffects: [{ test: inert, sideEffects: false }] },
	output: {
		dir: 'dist',
		format: 'esm',
		entryFileNames: '[name].js',
		chunkFileNames: 'chunks/[name].js',
		minify: true,
	},
});
chmodSync('dist/cli.js', 0o755);
// `--help` alone is answered from this file, without loading commander: see src/cli.ts.
writeFileSync('dist/help.txt', execFileSync(process.execPath, ['dist/cli.js', '--help']));
