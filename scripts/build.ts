/** Bundles the program into dist/: one small file that starts it, and a chunk for whatever only some commands need. */

import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'rolldown';

rmSync('dist', { recursive: true, force: true });
await build({
	input: { cli: 'src/cli.ts' },
	platform: 'node',
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
