/** The embedded provider keeps the contract of providers. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EmbeddedRecord } from '../../../src/model/embedded.ts';
import { openEmbedded } from '../../../src/providers/embedded.ts';
import { launchApart } from '../../../src/providers/embedded-launch.ts';
import { openEmbeddedProcess } from '../../../src/providers/embedded-process.ts';
import { ended } from '../../embedded/surroundings.ts';
import { suite } from '../../harness.ts';
import { addProviderCases, type ProviderWorld } from './cases.ts';

const test = suite<{ world: ProviderWorld }>('contracts/provider/embedded');

test.before((context) => {
	context.world = makeWorld();
});
test.after(({ world }) => world.close());

addProviderCases(test, { first: 'first', second: 'second' });

test.run();

function makeWorld(): ProviderWorld {
	const home = mkdtempSync(path.join(tmpdir(), 'provider-'));
	const begun = new Map<string, number[]>();
	const folderOf = (name: string) => path.join(home, name);
	const readPid = (name: string) => {
		const file = path.join(folderOf(name), 'embedded.json');
		return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as EmbeddedRecord).pid : undefined;
	};

	return {
		async open(name, knownLabel) {
			const folder = folderOf(name);
			const pids = begun.get(name) ?? [];
			begun.set(name, pids);
			const launch = launchApart((pid) => pids.push(pid));
			const host = openEmbeddedProcess({ name, folder, knownLabel, registries: [], isForeground: false, launch });
			return openEmbedded({ name, folder, process: host });
		},
		async halt(name) {
			const pid = readPid(name);
			if (pid === undefined) throw new Error(`${name} does not run`);
			process.kill(pid, 'SIGKILL');
			await ended(pid);
		},
		interruptions: [0, 20, 100],
		async listLeftovers(name) {
			for (const pid of begun.get(name) ?? []) await ended(pid);
			const folder = folderOf(name);
			// Its log stays for whoever wonders why it did not start, and goes with the environment's folder.
			return existsSync(folder) ? readdirSync(folder).filter((file) => file !== 'embedded.log') : [];
		},
		async close() {
			const pid = readPid('first');
			if (pid !== undefined) process.kill(pid, 'SIGKILL');
			rmSync(home, { recursive: true, force: true });
		},
	};
}
