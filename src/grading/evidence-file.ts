/** Evidence kept in a file: written whole, and read back as a stranger's input. */

import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { describeError, LabError, UsageError } from '../model/error.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const evidenceSchema = z.strictObject({
	schemaVersion: z.literal(1),
	lab: z.strictObject({ id: z.string(), digest }),
	environment: z.strictObject({
		name: z.string(),
		provider: z.enum(['kind', 'existing', 'embedded']),
		kubernetesVersion: z.string(),
	}),
	collectedAt: z.iso.datetime(),
	digests: z.record(z.string(), z.array(digest)),
	registries: z.array(
		z.strictObject({ host: z.string(), username: z.string(), passwordChangedAt: z.string().nullish() }),
	),
	hosts: z.record(z.string(), z.string()),
	namespaces: z.record(z.string(), z.string()),
	observations: z.record(
		z.string(),
		z.discriminatedUnion('ok', [
			z.strictObject({ ok: z.literal(true), value: z.unknown() }),
			z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string(), remedy: z.string() }),
		]),
	),
});

/** Written beside the target first, so that a full disk leaves no half file. */
export async function saveEvidence(file: string, evidence: Evidence): Promise<void> {
	const part = `${file}.part`;
	try {
		await writeFile(part, `${JSON.stringify(evidence, null, '\t')}\n`, { mode: 0o600 });
		await rename(part, file);
	} catch (error) {
		throw new LabError(
			{
				code: 'file-not-written',
				message: `The evidence could not be written to ${file}: ${describeError(error)}`,
				remedy: 'Name a file in a folder that exists and has room.',
			},
			{ cause: error },
		);
	}
}

/** Throws UsageError for a file that is no evidence. */
export async function readEvidence(file: string): Promise<Evidence> {
	let data: unknown;
	try {
		data = JSON.parse(await readFile(file, 'utf8'));
	} catch (error) {
		throw new UsageError(`${file} cannot be read as evidence: ${describeError(error)}`);
	}
	const read = evidenceSchema.safeParse(data);
	if (read.success) return read.data as Evidence;
	const [issue] = read.error.issues;
	throw new UsageError(`${file} is not evidence of this program: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Throws UsageError where the evidence was collected for another lab, or for another version of it. */
export function checkEvidence(evidence: Evidence, lab: Lab): void {
	if (evidence.lab.id !== lab.id) {
		throw new UsageError(`The evidence is of the lab ${evidence.lab.id}, not of ${lab.id}.`);
	}
	if (evidence.lab.digest !== lab.digest) {
		throw new UsageError(
			`The lab ${lab.id} is not the one that the evidence was collected for: its files have changed since.`,
			'Grade the live cluster, or use the version of the lab that it was collected with.',
		);
	}
}
