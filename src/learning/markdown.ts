/** Markdown as a terminal shows it: wrapped to a width, with commands that can be copied as they stand. */

import { marked, type Token, type Tokens } from 'marked';
import { drawInline, type Look, measure, wrapInline } from './inline.ts';
import { drawRecords, drawTable } from './table.ts';

const codeIndent = '    ';
const boxes = /[\u2500-\u257f]/;
const leftOut = '(Here is a drawing, which shows what is said around it.)';

/** A comment of this form before a fenced block is shown instead of the block where the block is too wide. */
const narrowForm = /^<!-- narrow\n([\s\S]*?)\n-->\s*$/;

export function renderMarkdown(markdown: string, look: Look): string {
	return drawBlocks(marked.lexer(markdown), look).join('\n');
}

function drawBlocks(tokens: readonly Token[], look: Look): string[] {
	const blocks: string[][] = [];
	let narrow: string | null = null;
	for (const token of tokens) {
		if (token.type === 'space') continue;
		if (token.type === 'html') narrow = narrowForm.exec(token.raw)?.[1] ?? narrow;
		const block = drawBlock(token, look, narrow);
		if (token.type === 'code') narrow = null;
		if (block.length > 0) blocks.push(block);
	}
	return blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

function drawBlock(token: Token, look: Look, narrow: string | null): string[] {
	switch (token.type) {
		case 'heading':
			return drawHeading(token as Tokens.Heading, look);
		case 'code':
			return drawCode(token as Tokens.Code, look, narrow);
		case 'list':
			return drawList(token as Tokens.List, look);
		case 'table':
			return (look.isSpoken ? drawRecords : drawTable)(token as Tokens.Table, look);
		case 'blockquote':
			return narrowed(token.tokens ?? [], look, '│ ', '│ ');
		case 'hr':
			return ['─'.repeat(look.width)];
		case 'html':
			return [];
		default:
			return wrapInline(('tokens' in token && token.tokens) || [token], look);
	}
}

function drawHeading(token: Tokens.Heading, look: Look): string[] {
	const lines = wrapInline(token.tokens, look);
	if (look.isSpoken) return lines.map(look.paint.bold);
	const underline = token.depth === 1 ? '═' : '─';
	const rule = underline.repeat(Math.max(...lines.map(measure)));
	return token.depth > 2 ? lines.map(look.paint.bold) : [...lines.map(look.paint.bold), look.paint.dim(rule)];
}

/**
 * A command is never wrapped: broken in two it cannot be copied. Nor is a here-document set in, whose last line would
 * not end it with blanks before it. What a command prints is broken at blanks; the terminal would break it in a word.
 */
function drawCode(token: Tokens.Code, look: Look, narrow: string | null): string[] {
	const lines = token.text.split('\n');
	const isCommand = token.lang === 'sh' || token.lang === 'console';
	const isDrawing = !isCommand && boxes.test(token.text);
	if (isDrawing && look.isSpoken) return drawText(leftOut, look);
	const fits = (indent: string) => lines.every((line) => measure(line) + indent.length <= look.width);
	if (!fits('') && narrow !== null) return narrow.split('\n');
	const indent = fits(codeIndent) && !token.text.includes('<<') ? codeIndent : '';
	if (isCommand) return lines.map((line) => (line === '' ? '' : indent + look.paint.command(line)));
	const shown = isDrawing ? lines : lines.flatMap((line) => breakAtBlanks(line, look.width));
	return shown.map((line) => (line === '' ? '' : indent + line));
}

function drawText(text: string, look: Look): string[] {
	return wrapInline([{ type: 'text', raw: text, text }], look);
}

/** With the blanks inside, which make columns. */
function breakAtBlanks(line: string, width: number): string[] {
	if (measure(line) <= width) return [line];
	const word = /^\s*\S+/.exec(line)?.[0].length ?? 0;
	const last = line.lastIndexOf(' ', width);
	const place = last > word ? last : line.indexOf(' ', word);
	return place < 0 ? [line] : [line.slice(0, place).trimEnd(), ...breakAtBlanks(line.slice(place).trimStart(), width)];
}

function drawList(token: Tokens.List, look: Look): string[] {
	return token.items.flatMap((item, index) => {
		const mark = token.ordered ? `${Number(token.start || 1) + index}. ` : '• ';
		const lines = narrowed(item.tokens, look, mark, ' '.repeat(mark.length));
		return token.loose && index > 0 ? ['', ...lines] : lines;
	});
}

function narrowed(tokens: readonly Token[], look: Look, first: string, rest: string): string[] {
	const lines = drawBlocks(tokens, { ...look, width: Math.max(1, look.width - first.length) });
	return lines.map((line, index) => (index === 0 ? first : line === '' ? rest.trimEnd() : rest) + line);
}

/** Inline Markdown alone, such as a question of a quiz. */
export function renderInline(text: string, look: Look): string {
	return drawInline(marked.Lexer.lexInline(text), look);
}
