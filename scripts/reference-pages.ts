/** The reference pages: every kind of check with its parameters, every reason with an example, and every problem by its code. */

import { loadCheckKinds } from '../src/checks/index.ts';
import { makeJsonSchemas } from '../src/lab/json-schema.ts';
import { passingReasons, type Reason, reasons } from '../src/model/reason.ts';
import { situations } from '../test/diagnosis/situations.ts';
import { listProblems } from './problem-codes.ts';
import { problemMeanings } from './problem-meanings.ts';

const checkKinds = await loadCheckKinds();

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
	return [
		'# What is reported, and what to do\n',
		'Made by `npm run generate`. [Reasons](#reasons) are about what a learner did, and stand in verdicts and in what `why`',
		'says. [Problems](#problems) are about the machine, the cluster or the registry: the program ends with 3 and tells them',
		'on stderr. In both, what stands in `<angle brackets>`, and every name in an example, is filled in.\n',
		'## Reasons\n',
		'Each with what it means, an example of how it is told (the words of Kubernetes or of the registry as they come), and',
		'what to do about it. Commands can be typed as they stand, but for `PASSWORD`.\n',
		...(Object.keys(reasons) as Reason[]).map(describeReason),
		'## Problems\n',
		...describeProblems(),
	].join('\n');
}

function describeReason(reason: Reason): string {
	const from = checkKinds
		.filter((kind) => kind.reasons.includes(reason))
		.map(({ kind }) => `[${kind}](checks.md#${kind})`);
	const [example] = situations.filter((each) => each.reason === reason);
	const given = example?.given;
	if (!given) throw new Error(`there is no example of ${reason}`);
	const outcome = given.isError
		? 'Told as an error, which costs nobody points.'
		: passingReasons.has(reason)
			? 'Waited for, until `--timeout` is over.'
			: '';
	return [
		`### ${reason}\n`,
		`${reasons[reason]} ${outcome}`.trim(),
		`\nFor example: ${example?.says.replace(/^…?(but |or )?/, '')}.\n`,
		quote(given.message),
		...(given.actual ? ['>', '> Found:', quoteCode(given.actual)] : []),
		'\nWhat to do:\n',
		writeRemedy(given.remedy ?? ''),
		...(from.length > 0 ? [`\nGiven by ${from.join(', ')}.`] : []),
		'',
	].join('\n');
}

function describeProblems(): string[] {
	const problems = listProblems();
	const unknown = Object.keys(problemMeanings).filter((code) => !problems.has(code));
	if (unknown.length > 0) throw new Error(`the program reports no ${unknown.join(', ')}`);
	return [...problems].map(([code, told]) => {
		const meaning = problemMeanings[code];
		if (meaning === undefined) throw new Error(`scripts/problem-meanings.ts does not say what ${code} means`);
		const words = told.flatMap(({ message, remedy }) => {
			const lines = [message ?? '', remedy === null ? '' : `What to do: ${remedy}`].filter((line) => line !== '');
			return lines.length > 0 ? [lines.map(quote).join('\n>\n')] : [];
		});
		return `### ${code}\n\n${meaning}\n${words.map((each) => `\n${each}\n`).join('')}`;
	});
}

function quote(text: string): string {
	return text
		.split('\n')
		.map((line) => `> ${line.replaceAll(/[<>]/g, (sign) => (sign === '<' ? '&lt;' : '&gt;'))}`)
		.join('\n');
}

function quoteCode(text: string): string {
	return ['```', ...text.split('\n'), '```'].map((line) => `> ${line}`).join('\n');
}

/** Commands in blocks of their own, with the lines that belong to them. */
function writeRemedy(remedy: string): string {
	const parts: { isCommand: boolean; lines: string[] }[] = [];
	for (const line of remedy.split('\n').filter((each) => each !== '')) {
		const isCommand = /^(kubectl|kubeproctor| {2}--)/.test(line);
		const last = parts.at(-1);
		if (last?.isCommand === isCommand) last.lines.push(line);
		else parts.push({ isCommand, lines: [line] });
	}
	return parts.map(({ isCommand, lines }) => (isCommand ? ['```sh', ...lines, '```'] : lines).join('\n')).join('\n\n');
}
