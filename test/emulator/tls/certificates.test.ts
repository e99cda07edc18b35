import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import * as assert from 'uvu/assert';
import { startEmulator } from '../../../src/emulator/index.ts';
import { makeCertificates } from '../../../src/emulator/tls/certificates.ts';
import { suite } from '../../harness.ts';

const test = suite('certificates');

test('name who they are for, and are signed by the authority', async () => {
	const { authority, server, admin } = await makeCertificates(new Date());
	const root = new X509Certificate(authority.certificate);
	const ofServer = new X509Certificate(server.certificate);
	const ofAdmin = new X509Certificate(admin.certificate);
	assert.ok(root.ca);
	assert.ok(ofServer.verify(root.publicKey) && ofAdmin.verify(root.publicKey));
	assert.is(ofServer.checkIP('127.0.0.1'), '127.0.0.1');
	assert.is(ofServer.checkHost('localhost'), 'localhost');
	assert.is(ofAdmin.subject, 'O=kubeadm:cluster-admins\nCN=kubernetes-admin');
});

test('of another authority are refused on both sides', async () => {
	const [certificates, others] = await Promise.all([makeCertificates(new Date()), makeCertificates(new Date())]);
	const emulator = await startEmulator({ certificates });
	const port = Number(new URL(emulator.url).port);
	const strangerStatus = await ask(port, {
		ca: certificates.authority.certificate,
		cert: others.admin.certificate,
		key: others.admin.key,
	});
	assert.match(strangerStatus, /^HTTP\/1.1 401 /);
	const distrust = await ask(port, { ca: others.authority.certificate }).catch((error: Error) => error.message);
	assert.match(distrust, /certificate|signature/);
	await emulator.stop();
});

function ask(port: number, options: tls.ConnectionOptions): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = tls.connect({ host: '127.0.0.1', port, ...options }, () => {
			socket.end('GET /api/v1/pods HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
		});
		socket.once('error', reject);
		socket.once('data', (data) => {
			resolve(data.toString());
			socket.destroy();
		});
	});
}

test.run();
