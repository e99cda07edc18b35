/** A node in a process of its own: pulls an image onto its disk, says so, and waits to be killed. */

import { openNodeDisk } from '../../../src/emulator/kubelet/node-disk.ts';
import { openPuller } from '../../../src/emulator/kubelet/puller.ts';

const [file = '', url = ''] = process.argv.slice(2);
const disk = openNodeDisk(file);
const puller = openPuller({ routes: { 'registry.example.com': url }, contents: disk.contents });
const credentials = { username: 'myuser', password: 'mypassword' };
disk.images.add(await puller.pull('registry.example.com/myapp:1.0', credentials));
process.stdout.write('pulled\n');
setInterval(() => {}, 1000);
