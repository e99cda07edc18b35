/** Every generated file and its text; a test holds the files to it. */

import { makeJsonSchemas, writeJsonSchema } from '../src/lab/json-schema.ts';
import { writeManPage } from './man-page.ts';
import { writeChecks, writeErrors } from './reference-pages.ts';

export function makeGenerated(): Record<string, string> {
	const schemas = Object.entries(makeJsonSchemas());
	return {
		...Object.fromEntries(schemas.map(([name, schema]) => [`json-schema/${name}.json`, writeJsonSchema(schema)])),
		'docs/checks.md': writeChecks(),
		'docs/errors.md': writeErrors(),
		'man/kubeproctor.1': writeManPage(),
	};
}
