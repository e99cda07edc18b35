/** Lessons in their parts, and every built-in lesson on terminals of several widths. */

import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { measure } from '../../src/learning/inline.ts';
import { selectPart, splitLesson } from '../../src/learning/lesson.ts';
import { renderMarkdown } from '../../src/learning/markdown.ts';
import { suite } from '../harness.ts';

const test = suite('lesson');

const lesson = splitLesson('# A lab\n\n<!-- part: start -->\n## Begin\n\nhere\n\n<!-- part: do-it -->\n## Do it\n');
const same = (text: string) => text;
const paint = { bold: same, dim: same, code: same, command: same };

test('is divided by its part lines', () => {
	assert.equal(lesson, {
		title: 'A lab',
		parts: [
			{ id: 'start', title: 'Begin', markdown: '## Begin\n\nhere' },
			{ id: 'do-it', title: 'Do it', markdown: '## Do it' },
		],
	});
});

test('has parts by number and by id', () => {
	assert.is(selectPart(lesson, '2').id, 'do-it');
	assert.is(selectPart(lesson, 'start').title, 'Begin');
	assert.throws(() => selectPart(lesson, '3'), /no part 3/);
	assert.throws(() => selectPart(lesson, 'strat'), /no part strat/);
});

for (const id of readdirSync('labs')) {
	const { parts } = splitLesson(readFileSync(`labs/${id}/lesson.md`, 'utf8'));
	for (const width of [40, 80]) {
		test(`${id}: no prose is wider than ${width} columns, but for words that are`, () => {
			for (const { markdown } of parts) {
				const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
				const lines = renderMarkdown(prose, { width, paint, isPlain: true }).split('\n');
				const tooWide = lines.filter((line) => measure(line) > width && /\S \S/.test(line.trim()));
				assert.equal(tooWide, []);
			}
		});
	}
}

test('loses no word of a lesson', () => {
	const { parts } = splitLesson(readFileSync('labs/pulling-from-private-registries/lesson.md', 'utf8'));
	const text = parts.map(({ markdown }) => renderMarkdown(markdown, { width: 80, paint, isPlain: true })).join(' ');
	for (const { markdown } of parts) {
		const words = markdown.replaceAll(/^(```.*|\|[-|]+\|)$|<!--[\s\S]*?-->|[*#|]/gm, ' ').match(/[\w.:/-]+/g) ?? [];
		for (const word of words.filter((each) => /\w/.test(each))) assert.ok(text.includes(word), `${word} is lost`);
	}
});

test.run();
