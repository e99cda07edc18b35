/** The committed programs are the ones that their source gives. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { digestOf } from '../../src/oci/digest.ts';
import { findPackageFolder } from '../../src/package-root.ts';
import { suite } from '../harness.ts';

const test = suite('oci/sample', { timeout: 120 });
const folder = join(findPackageFolder('registry-setup'), 'sample');
const sums = new Map(
	readFileSync(join(folder, 'SHA256SUMS'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => line.split('  ').reverse() as [name: string, sum: string]),
);

test('the programs have their checksums, and are small', () => {
	assert.equal([...sums.keys()], ['greet-amd64', 'greet-arm64']);
	for (const [name, sum] of sums) {
		const bytes = readFileSync(join(folder, name));
		assert.is(digestOf(bytes), `sha256:${sum}`);
		assert.ok(bytes.length < 4_096);
	}
});

const python = process.env.KUBEPROCTOR_PYTHON ?? 'python3';
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const wanted = /ziglang==(\S+)/.exec(readme)?.[1];
const found = spawnSync(python, ['-c', 'from importlib.metadata import version; print(version("ziglang"))'], {
	encoding: 'utf8',
});

if (found.stdout?.trim() !== wanted) {
	test.skip(
		'built again, they are the same',
		`${python} has no ziglang ${wanted}; KUBEPROCTOR_PYTHON names one that has`,
	);
} else {
	test('built again, they are the same', () => {
		const elsewhere = mkdtempSync(join(tmpdir(), 'kubeproctor sample-'));
		try {
			const built = spawnSync(python, [join(folder, 'build.py'), elsewhere], { encoding: 'utf8' });
			assert.is(built.status, 0, built.stderr);
			for (const [name, sum] of sums) assert.is(digestOf(readFileSync(join(elsewhere, name))), `sha256:${sum}`);
		} finally {
			rmSync(elsewhere, { recursive: true });
		}
	});
}

test.run();
