/** `WWW-Authenticate`: which proof a registry wants to see (RFC 9110, 11.6.1). */

export interface Challenge {
	/** In lower case: `basic`, `bearer`. */
	scheme: string;
	parameters: Record<string, string>;
}

const parameter = /[\s,]*([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;
const scheme = /[\s,]*([A-Za-z][\w-]*)(?=[\s,]|$)/y;

/** Several may stand in one header. What cannot be read ends it. */
export function parseChallenges(header: string | undefined): Challenge[] {
	const text = header ?? '';
	const challenges: Challenge[] = [];
	let at = 0;

	for (;;) {
		const current = challenges.at(-1);
		const given = current && matchAt(parameter, text, at);
		const next = given ?? matchAt(scheme, text, at);
		if (!next) return challenges;
		at += next[0].length;
		const [, name = '', quoted, plain] = next;
		if (given && current) current.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
		else challenges.push({ scheme: name.toLowerCase(), parameters: {} });
	}
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
	pattern.lastIndex = at;
	return pattern.exec(text);
}
