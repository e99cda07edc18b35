/** What the build has read of a `lab.yaml` already: parsing YAML takes longer than all else that a short command does. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackageFolder } from '../package-root.ts';

export interface KnownData {
	/** Of the `lab.yaml` that it was. */
	digest: string;
	data: unknown;
}

/** Where the build writes KnownData, in the bundle's folder. */
export function nameKnownData(id: string): string {
	return `lab-${id}.json`;
}

/** Null: the build did not have this very file. */
export function readKnownData(id: string, digest: string): unknown {
	const file = join(findPackageFolder('dist'), nameKnownData(id));
	if (!existsSync(file)) return null;
	const known = JSON.parse(readFileSync(file, 'utf8')) as KnownData;
	return known.digest === digest ? known.data : null;
}
