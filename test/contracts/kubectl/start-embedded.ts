/** An embedded cluster as the scripts expect it: `registry.example.com` has an image that `myuser` may pull. */

import { writeFile } from 'node:fs/promises';
import { startEmulator } from '../../../src/emulator/index.ts';
import { openPuller } from '../../../src/emulator/kubelet/puller.ts';
import { openRegistryClient } from '../../../src/oci/client.ts';
import { buildSampleImage } from '../../../src/oci/image.ts';
import { startRegistry } from '../../../src/oci/server/index.ts';

const credentials = { username: 'myuser', password: 'mypassword' };

/** Writes a kubeconfig; gives back how to stop everything. */
export async function startEmbedded(kubeconfig: string): Promise<() => Promise<void>> {
	const registry = await startRegistry({ users: { credentials: [credentials] } });
	const client = openRegistryClient({ endpoint: registry.url, credentials });
	await client.pushImage(await buildSampleImage({ environment: 'contracts' }), 'myapp', '1.0');
	client.close();
	const puller = openPuller({ routes: { 'registry.example.com': registry.url } });
	const emulator = await startEmulator({ puller });
	await writeFile(kubeconfig, emulator.kubeconfig, { mode: 0o600 });
	return async () => {
		await emulator.stop();
		puller.close();
		await registry.stop();
	};
}
