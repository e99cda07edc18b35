/** Signs of ours for terminals that know no others than those of ASCII. */

/** Each is as wide as the one that it stands for, so that what is laid out stays so. */
const plainSigns: Record<string, string> = {
	...{ '✔': '+', '✘': 'x', '✖': 'x', '–': '-', '…': '~', '•': '*', '·': '.', '×': 'x', '\u00a0': ' ' },
	...{ '─': '-', '═': '=', '│': '|', '┌': '+', '┐': '+', '└': '+', '┘': '+', '├': '+', '┤': '+' },
	...{ '┬': '+', '┴': '+', '┼': '+', '▶': '>', '◀': '<', '▲': '^', '▼': 'v', '→': '>', '›': '>' },
	// Those of inquirer's prompts.
	...{ '❯': '>', '◯': 'o', '◉': '*', '↑': '^', '↓': 'v', '⏎': '<' },
};
const signs = new RegExp(`[${Object.keys(plainSigns).join('')}\u2800-\u28ff]`, 'g');

/** As setlocale(3) has it. Where nothing is said, as in many a container, the terminal is taken to know UTF-8. */
export function knowsUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
	const locale = LC_ALL || LC_CTYPE || LANG || '';
	return locale === '' || /utf-?8/i.test(locale);
}

/** Names and what others wrote stay as they are: a path must be the one that it is. */
export function toPlainSigns(text: string): string {
	return text.replaceAll(signs, (sign) => plainSigns[sign] ?? '*');
}

/** Whatever is written to such a terminal from now on, by libraries too. Files and pipes are given everything. */
export function keepToCharset(streams: readonly NodeJS.WriteStream[], env: NodeJS.ProcessEnv): void {
	if (knowsUtf8(env)) return;
	for (const stream of streams.filter(({ isTTY }) => isTTY)) {
		const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
		stream.write = (chunk: unknown, ...rest: unknown[]) =>
			write(typeof chunk === 'string' ? toPlainSigns(chunk) : chunk, ...rest);
	}
}
