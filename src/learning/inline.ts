/** The inside of a paragraph: emphasis and code, wrapped by what is seen and not by what is written. */

import type { Token } from 'marked';

export interface Look {
	/** Columns to fill. */
	width: number;
	paint: Paint;
	/** Code in a sentence keeps its backticks, because no colour sets it apart. */
	isPlain: boolean;
	/** It is read aloud: no lines below headings, no columns, no drawings. */
	isSpoken?: boolean;
}

/** `code` is what stands between backticks in a sentence, `command` a line of a block that is to be typed. */
export type Paint = Record<'bold' | 'dim' | 'code' | 'command', (text: string) => string>;

interface Run {
	text: string;
	styles: readonly (keyof Paint)[];
}

export function wrapInline(tokens: readonly Token[], look: Look): string[] {
	const lines: Run[][] = [[]];
	let room = look.width;
	for (const word of splitWords(listRuns(tokens, look))) {
		const length = measure(word.map(({ text }) => text).join(''));
		const line = lines.at(-1) ?? [];
		if (word[0]?.text === '\n') {
			lines.push([]);
			room = look.width;
		} else if (line.length > 0 && length + 1 > room) {
			lines.push([...word]);
			room = look.width - length;
		} else {
			if (line.length > 0) line.push({ text: ' ', styles: sharedStyles(line.at(-1), word[0]) });
			room -= length + (line.length > 0 ? 1 : 0);
			line.push(...word);
		}
	}
	return lines.map((line) => drawRuns(line, look));
}

export function drawInline(tokens: readonly Token[], look: Look): string {
	return drawRuns(listRuns(tokens, look), look);
}

/** Columns that a text takes; what is painted is measured without its paint. */
export function measure(text: string): number {
	if (!/[^ -~]/.test(text)) return text.length;
	return [...text.replaceAll(/\u001b\[[\d;]*m/g, '')].length;
}

function listRuns(tokens: readonly Token[], look: Look, styles: Run['styles'] = []): Run[] {
	return tokens.flatMap((token): Run[] => {
		if (token.type === 'codespan') {
			const text = decode(token.text);
			return [{ text: look.isPlain ? `\`${text}\`` : text, styles: [...styles, 'code'] }];
		}
		if (token.type === 'strong') return listRuns(token.tokens ?? [], look, [...styles, 'bold']);
		if (token.type === 'br') return [{ text: '\n', styles: [] }];
		if (token.type === 'link') return listLink(token, look, styles);
		if ('tokens' in token && token.tokens) return listRuns(token.tokens, look, styles);
		return [{ text: decode('text' in token ? token.text : token.raw), styles }];
	});
}

/** A terminal may not be able to follow a link, so its address is told where it is one of the web. */
function listLink(token: Token, look: Look, styles: Run['styles']): Run[] {
	const { href = '', tokens = [] } = token as { href?: string; tokens?: Token[] };
	const label = listRuns(tokens, look, styles);
	const isTold = /^https?:/.test(href) && label.map(({ text }) => text).join('') !== href;
	return isTold ? [...label, { text: ` (${href})`, styles }] : label;
}

/** Each word is a list of runs, since `**b**c` is one word in two styles. */
function splitWords(runs: readonly Run[]): Run[][] {
	const words: Run[][] = [];
	let isOpen = false;
	for (const { text, styles } of runs) {
		if (text === '\n') {
			words.push([{ text, styles }]);
			isOpen = false;
			continue;
		}
		for (const piece of text.split(/(\s+)/)) {
			if (/^\s+$/.test(piece)) isOpen = false;
			else if (piece !== '') {
				if (isOpen) words.at(-1)?.push({ text: piece, styles });
				else words.push([{ text: piece, styles }]);
				isOpen = true;
			}
		}
	}
	return words;
}

function sharedStyles(before: Run | undefined, after: Run | undefined): Run['styles'] {
	return (before?.styles ?? []).filter((style) => after?.styles.includes(style));
}

function drawRuns(runs: readonly Run[], { paint }: Look): string {
	return runs.map(({ text, styles }) => styles.reduce((drawn, style) => paint[style](drawn), text)).join('');
}

/** marked leaves character references in texts as they stand. */
function decode(text: string): string {
	if (!text.includes('&')) return text;
	const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
	return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (reference, name: string) => named[name] ?? reference);
}
