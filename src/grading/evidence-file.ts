/** Evidence kept in a file: written whole, and read back as a stranger's input. */

import { readFile, stat } from 'node:fs/promises';
import { describeError, LabError, UsageError } from '../model/error.ts';
import type { Evidence, ObservationKind } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';
import { writePrivately } from '../private-file.ts';
import { evidenceSchema, valueSchemas } from './evidence-schema.ts';
import { kindOf } from './plan.ts';

/** Bytes: no cluster that a lab needs comes near it. */
const largest = 64 * 1024 * 1024;

/** Written beside the target first, so that a full disk leaves no half file. */
export async function saveEvidence(file: string, evidence: Evidence): Promise<void> {
	try {
		await writePrivately(file, `${JSON.stringify(evidence, null, '\t')}\n`);
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
	let text: string;
	try {
		const found = await stat(file);
		if (!found.isFile()) throw new Error('it is not a file');
		if (found.size > largest) throw new Error('it is larger than 64 MiB');
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new UsageError(`${file} cannot be read as evidence: ${describeError(error)}`);
	}
	return parseEvidence(text, file);
}

/** `file`: what to call it. Throws UsageError for what is no evidence; whatever it returns can be judged. */
export function parseEvidence(text: string, file: string): Evidence {
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch (error) {
		throw new UsageError(`${file} cannot be read as evidence: ${describeError(error)}`);
	}
	const version = (data as { schemaVersion?: unknown } | null)?.schemaVersion;
	if (typeof version === 'number' && version !== 1) {
		throw new UsageError(
			`${file} is evidence of version ${version}; this program reads version 1.`,
			'Judge it with the program that collected it, or collect it again.',
		);
	}
	const read = evidenceSchema.safeParse(data);
	if (!read.success) throw notEvidence(file, [], read.error.issues[0]);
	const observations: Evidence['observations'] = {};
	for (const [key, observation] of Object.entries(read.data.observations)) {
		const schema = Object.hasOwn(valueSchemas, kindOf(key)) ? valueSchemas[kindOf(key) as ObservationKind] : undefined;
		if (schema === undefined) throw notEvidence(file, ['observations', key], { path: [], message: 'unknown kind' });
		if (observation.ok) {
			const value = schema.safeParse(observation.value);
			if (!value.success) throw notEvidence(file, ['observations', key, 'value'], value.error.issues[0]);
		}
		observations[key] = observation;
	}
	return { ...read.data, observations };
}

/** An issue may quote a whole list of names; one line is enough. */
function notEvidence(
	file: string,
	at: string[],
	issue: { path: PropertyKey[]; message: string } | undefined,
): UsageError {
	const where = [...at, ...(issue?.path ?? [])].map(String).join(' › ') || 'the whole';
	const message = `${file} is not evidence of this program: ${where}: ${issue?.message ?? 'invalid'}`;
	return new UsageError(message.replaceAll(/\s+/g, ' ').slice(0, 400));
}

/** Throws UsageError where the evidence was collected for another lab, or, unless that is allowed, for another version of it. */
export function checkEvidence(evidence: Evidence, lab: Lab, mayHaveChanged = false): void {
	if (evidence.lab.id !== lab.id) {
		throw new UsageError(`The evidence is of the lab ${evidence.lab.id}, not of ${lab.id}.`);
	}
	if (evidence.lab.digest !== lab.digest && !mayHaveChanged) {
		throw new UsageError(
			`The lab ${lab.id} is not the one that the evidence was collected for: its files have changed since.`,
			'Grade the live cluster, or use the lab as it was; --allow-changed-lab judges it by the lab as it is.',
		);
	}
}
