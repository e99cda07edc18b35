/** The reference pages: every kind of check with its parameters, and every reason with the checks that give it. */

import { checkKinds } from '../src/checks/index.ts';
import { makeJsonSchemas } from '../src/lab/json-schema.ts';
import { type Reason, reasons } from '../src/model/reason.ts';

interface Branch {
	if: { properties: { kind: { const: string } } };
	then: { properties: Record<string, { default?: unknown; enum?: string[]; type?: string }>; required?: string[] };
}

export function writeChecks(): string {
	const { check } = makeJsonSchemas().lab['$defs'] as unknown as { check: { allOf: Branch[] } };
	const pages = checkKinds.map(({ kind, summary, reasons: given }) => {
		const branch = check.allOf.find((each) => each.if.properties.kind.const === kind)?.then;
		const rows = Object.entries(branch?.properties ?? {}).flatMap(([name, { default: preset, enum: words, type }]) => {
			if (name === 'kind' || name === 'id') return [];
			const need = branch?.required?.includes(name)
				? 'yes'
				: preset === undefined
					? 'no'
					: `no: \`${JSON.stringify(preset)}\``;
			return [`| \`${name}\` | ${words?.join(', ') ?? type ?? ''} | ${need} |`];
		});
		const table = ['| parameter | type | needed |', '|---|---|---|', ...rows].join('\n');
		const links = given.map((reason) => `[${reason}](errors.md#${reason.toLowerCase()})`).join(', ');
		return `## ${kind}\n\n${summary}\n\n${table}\n\nReasons: ${links}\n`;
	});
	return `# Kinds of check\n\nMade by \`npm run generate\`. How they are used: [authoring.md](authoring.md).\n\n${pages.join('\n')}`;
}

export function writeErrors(): string {
	const pages = (Object.keys(reasons) as Reason[]).map((reason) => {
		const from = checkKinds
			.filter((kind) => kind.reasons.includes(reason))
			.map(({ kind }) => `[${kind}](checks.md#${kind})`);
		return `## ${reason}\n\n${reasons[reason]}\n${from.length > 0 ? `\nGiven by ${from.join(', ')}.\n` : ''}`;
	});
	return `# Reasons\n\nMade by \`npm run generate\`. What to type is in the remedy of each verdict.\n\n${pages.join('\n')}`;
}
