/** Certificates that stay the same for as long as the environment lives, so that its kubeconfig stays valid. */

import { readFile } from 'node:fs/promises';
import { writePrivately } from '../../private-file.ts';
import { type Certificates, makeCertificates } from '../tls/certificates.ts';

export async function keepCertificates(file: string): Promise<Certificates> {
	const kept = await readCertificates(file);
	if (kept !== null) return kept;
	const made = makeCertificates(new Date());
	await writePrivately(file, `${JSON.stringify(made, null, '\t')}\n`);
	return made;
}

/** Null: absent or broken, and then made anew. */
async function readCertificates(file: string): Promise<Certificates | null> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as Certificates;
	} catch {
		return null;
	}
}
