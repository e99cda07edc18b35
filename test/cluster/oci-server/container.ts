/** A real registry:2 in a container, as `up` makes one: with a password, and on a free port of this machine. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { writeHtpasswdLine } from '../../../src/oci/htpasswd.ts';
import { findPackageFolder } from '../../../src/package-root.ts';
import { ask } from '../../contracts/registry/ask.ts';
import { learner } from '../../contracts/registry/cases.ts';

export interface RegistryContainer {
	url: string;
	remove(): Promise<void>;
}

let started = 0;

/** Resolves once it answers. */
export async function startContainer(): Promise<RegistryContainer> {
	const name = `kubeproctor-test-registry-${process.pid}-${started++}`;
	const remove = async () => {
		await docker('rm', '--force', '--volumes', name);
	};
	try {
		await docker('create', '--name', name, '--publish', '127.0.0.1::5000', 'registry:2');
		await copySetup(name);
		await docker('start', name);
		const { stdout } = await docker('port', name, '5000/tcp');
		const url = `http://${stdout.split('\n', 1)[0]}`;
		await awaitChallenge(url);
		return { url, remove };
	} catch (error) {
		await remove();
		throw error;
	}
}

async function copySetup(name: string): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'kubeproctor-test-'));
	try {
		mkdirSync(join(folder, 'etc/kubeproctor'), { recursive: true });
		writeFileSync(join(folder, 'etc/kubeproctor/htpasswd'), await writeHtpasswdLine(learner));
		const config = join(findPackageFolder('registry-setup'), 'config.yml');
		await docker('cp', config, `${name}:/etc/docker/registry/config.yml`);
		await docker('cp', join(folder, 'etc'), `${name}:/`);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function awaitChallenge(url: string): Promise<void> {
	for (let tries = 0; tries < 200; tries++) {
		const answer = await ask(url, { method: 'GET', path: '/v2/' }).catch(() => null);
		if (answer?.status === 401) return;
		await sleep(50);
	}
	throw new Error('registry:2 does not answer');
}

function docker(...args: string[]) {
	return execa('docker', args);
}
