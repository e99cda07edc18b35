/**
 * Every command of the first lesson is one of a script: what learners type has been compared with a real cluster. The
 * other lessons are played on both providers, whole, by the walk through each lab.
 */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../harness.ts';
import { loadScripts } from './shelf.ts';

const test = suite('the commands of the first lesson');

const typed = loadScripts().flatMap(({ steps }) =>
	steps.flatMap((step) => ('text' in step ? [squeeze(step.text.replaceAll('$OTHER', 'staging'))] : [])),
);

test('each is typed in a script', () => {
	const commands = readCommands(readFileSync('labs/pulling-from-private-registries/lesson.md', 'utf8'));
	assert.ok(commands.length > 0);
	const untyped = commands.filter((command) => !typed.some((text) => text.includes(command)));
	assert.equal(untyped, []);
});

/** Those that stand in a block of code, each with the lines that it goes on over. */
function readCommands(lesson: string): string[] {
	const blocks = [...lesson.matchAll(/^```(?:sh|console|bash)\n(.*?)^```/gms)].map(([, text = '']) => text);
	return blocks
		.flatMap((block) => block.replaceAll(/\\\n/g, ' ').split('\n'))
		.map((line) => squeeze(line.replace(/^\$ /, '').replace(/ #.*$/, '')))
		.filter((line) => /^kubectl\b/.test(line));
}

function squeeze(text: string): string {
	return text.replaceAll('\\\n', ' ').replaceAll(/\s+/g, ' ').trim();
}

test.run();
