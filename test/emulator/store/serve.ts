/** An embedded cluster as a process that can be killed: it is sent its journal and certificates, and sends its URL, and how much memory it holds whenever asked. */

import { once } from 'node:events';
import { type Certificates, startEmulator } from '../../../src/emulator/index.ts';
import { PullError } from '../../../src/emulator/kubelet/image-manifest.ts';

process.once('disconnect', () => process.exit());
const [order] = (await once(process, 'message')) as [{ journal: string; certificates: Certificates }];
const puller = { pull: () => Promise.reject(new PullError('there is no registry')), close() {} };
const emulator = await startEmulator({ ...order, puller });
process.send?.(emulator.url);
process.on('message', () => process.send?.(process.memoryUsage.rss()));
