/** Markdown as a terminal shows it: wrapped to a width, with commands that can be copied as they stand. */

import { marked, type Token, type Tokens } from 'marked';
import { drawInline, type Look, measure, wrapInline } from './inline.ts';
import { drawTable } from './table.ts';

const codeIndent = '    ';

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
			return drawTable(token as Tokens.Table, look);
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
	const underline = token.depth === 1 ? '═' : '─';
	const rule = underline.repeat(Math.max(...lines.map(measure)));
	return token.depth > 2 ? lines.map(look.paint.bold) : [...lines.map(look.paint.bold), look.paint.dim(rule)];
}

/** Never wrapped: a command that is broken in two cannot be copied. */
function drawCode(token: Tokens.Code, look: Look, narrow: string | null): string[] {
	const lines = token.text.split('\n');
	const fits = (indent: string) => lines.every((line) => measure(line) + indent.length <= look.width);
	if (!fits('') && narrow !== null) return narrow.split('\n');
	const indent = fits(codeIndent) ? codeIndent : '';
	const isCommand = token.lang === 'sh' || token.lang === 'console';
	return lines.map((line) => (line === '' ? '' : indent + (isCommand ? look.paint.command(line) : line)));
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
