/** Markdown in a terminal: nothing is lost, nothing is wider than it may be, commands stay whole. */

import * as assert from 'uvu/assert';
import type { Look } from '../../src/learning/inline.ts';
import { renderMarkdown } from '../../src/learning/markdown.ts';
import { suite } from '../harness.ts';

const test = suite('markdown');

const same = (text: string) => text;
const plain = (width: number): Look => ({
	width,
	isPlain: true,
	paint: { bold: same, dim: same, code: same, command: same },
});
const marked = (width: number): Look => ({
	width,
	isPlain: false,
	paint: {
		bold: (text) => `\u001b[1m${text}\u001b[22m`,
		dim: (text) => `\u001b[2m${text}\u001b[22m`,
		code: (text) => `\u001b[36m${text}\u001b[39m`,
		command: (text) => `\u001b[36m${text}\u001b[39m`,
	},
});

test('wraps a paragraph at blanks, and keeps a word that is longer than a line', () => {
	assert.is(
		renderMarkdown('one two three registry.example.com/a/long/name four', plain(13)),
		'one two three\nregistry.example.com/a/long/name\nfour',
	);
});

test('underlines headings of the first two levels as long as they are', () => {
	assert.is(renderMarkdown('# One\n\n## Two `x`\n\n### Three', plain(40)), 'One\n═══\n\nTwo `x`\n───────\n\nThree');
});

test('indents code where it fits, and never breaks a line of it', () => {
	assert.is(renderMarkdown('```sh\nkubectl get pods\n```', plain(20)), '    kubectl get pods');
	assert.is(renderMarkdown('```sh\nkubectl get pods -A\n```', plain(20)), 'kubectl get pods -A');
});

test('sets no here-document in, whose last line would not end it where it is copied', () => {
	const text = "cat > pod.yaml <<'END'\nkind: Pod\nEND";
	assert.is(renderMarkdown(`\`\`\`sh\n${text}\n\`\`\``, plain(80)), text);
});

test('breaks what a command prints at blanks, and no drawing', () => {
	const output = 'NAME   READY\n  Normal  Pulled  "a/very/long/name" in 81ms';
	assert.is(
		renderMarkdown(`\`\`\`text\n${output}\n\`\`\``, plain(18)),
		'NAME   READY\n  Normal  Pulled\n"a/very/long/name"\nin 81ms',
	);
	assert.is(renderMarkdown('```text\n┌ a box that is wide ┐\n```', plain(10)), '┌ a box that is wide ┐');
	assert.is(renderMarkdown('```text\n  registry.example.com x\n```', plain(10)), '  registry.example.com\nx');
});

test('draws nothing where it is read aloud', () => {
	const spoken = { ...plain(40), isSpoken: true };
	assert.is(renderMarkdown('# One\n\n| a | b |\n|---|---|\n| one | two |', spoken), 'One\n\none\n  b: two');
	assert.match(renderMarkdown('<!-- narrow\n│\n-->\n```text\n┌──┐\n```', spoken), /^\(Here is a drawing[^┌│]*$/);
	assert.match(renderMarkdown('```text\nNAME  READY\n```', spoken), 'NAME  READY');
});

test('shows the narrow form of a block only where the block is too wide', () => {
	const markdown = '<!-- narrow\nsmall\n-->\n```text\na wide ─ drawing\n```\n\n```text\nanother wide ─ drawing\n```';
	assert.is(renderMarkdown(markdown, plain(30)), '    a wide ─ drawing\n\n    another wide ─ drawing');
	assert.is(renderMarkdown(markdown, plain(10)), 'small\n\nanother wide ─ drawing');
});

test('draws lists with their paragraphs hanging', () => {
	assert.is(renderMarkdown('- one two three\n- four', plain(9)), '• one two\n  three\n• four');
	assert.is(renderMarkdown('3. one two three\n4. four', plain(10)), '3. one two\n   three\n4. four');
});

test('draws a table in columns as wide as they need to be', () => {
	assert.is(
		renderMarkdown('| a | b |\n|---|---|\n| one | two words |\n| `x` | |', plain(40)),
		'a    b\n───  ─────────\none  two words\n`x`',
	);
});

test('wraps the widest column first, and goes row by row where words would break', () => {
	const table = '| what | says |\n|---|---|\n| typo | an error that is long |';
	assert.is(renderMarkdown(table, plain(20)), 'what  says\n────  ──────────────\ntypo  an error that\n      is long');
	assert.is(renderMarkdown(table, plain(10)), 'typo\n  says: an\n  error\n  that is\n  long');
});

test('keeps backticks only where no colour sets code apart, and measures without colour', () => {
	assert.is(renderMarkdown('a `b c` **d**', plain(7)), 'a `b c`\nd');
	assert.is(
		renderMarkdown('a `b c` **d**', marked(7)),
		'a \u001b[36mb\u001b[39m\u001b[36m \u001b[39m\u001b[36mc\u001b[39m \u001b[1md\u001b[22m',
	);
});

test('decodes character references, and tells the address of a link of the web', () => {
	assert.is(
		renderMarkdown('a & b < c, [here](https://kind.sigs.k8s.io), [there](limits.md)', plain(80)),
		'a & b < c, here (https://kind.sigs.k8s.io), there',
	);
});

test.run();
