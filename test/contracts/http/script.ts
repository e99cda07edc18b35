/** Reads a script: HTTP requests, one a paragraph, and what to keep of an answer for those that follow. */

export interface Step {
	/** `GET /api/v1/namespaces/$NS/pods`, as it is written. */
	title: string;
	method: string;
	/** With variables, as headers and body are. */
	target: string;
	headers: Record<string, string>;
	body: string | null;
	/** Without the administrator's certificate. */
	isAnonymous: boolean;
	/** Paths into the answer, `.status.phase`; all of it where there are none. */
	show: readonly string[];
	/** Variable → path into the answer, or `header NAME`. */
	keep: Readonly<Record<string, string>>;
	/** Asked again until the answer matches; leaves no trace when it does. */
	until: string | null;
	/** Why the embedded cluster's answer is not compared. */
	exception: string | null;
}

export interface Script {
	name: string;
	steps: Step[];
}

const methods = /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) (\S+)$/;

/** Throws with the line's number where a line is none of a request's. */
export function parseScript(name: string, source: string): Script {
	const steps: Step[] = [];
	let line = 1;
	for (const paragraph of source.split('\n\n')) {
		const lines = paragraph.split('\n');
		const step = parseStep(lines, (index) => `${name}:${line + index}`);
		if (step !== null) steps.push(step);
		line += lines.length + 1;
	}
	return { name, steps };
}

/** Null: nothing but comments. */
function parseStep(lines: readonly string[], placeOf: (index: number) => string): Step | null {
	const headers: Record<string, string> = {};
	const keep: Record<string, string> = {};
	let [method, target] = ['', ''];
	let show: string[] = [];
	let isAnonymous = false;
	let body: string | null = null;
	let until: string | null = null;
	let exception: string | null = null;
	for (const [index, line] of lines.entries()) {
		const request = methods.exec(line);
		const [, word = '', rest = ''] = /^(until|show|keep|except) (.+)$/.exec(line) ?? [];
		const [, header, value = ''] = /^([\w-]+): (.*)$/.exec(line) ?? [];
		if (line === '' || line.startsWith('#')) continue;
		if (method === '' && request) [, method = '', target = ''] = request;
		else if (word === 'until') until = rest;
		else if (word === 'except') exception = rest;
		else if (word === 'show') show = rest.split(' ');
		else if (word === 'keep') keep[rest.split(' ')[0] ?? ''] = rest.slice(rest.indexOf(' ') + 1);
		else if (line === 'anonymous') isAnonymous = true;
		else if (header !== undefined) headers[header.toLowerCase()] = value;
		else if (line === '<' || /^[{[]/.test(line)) {
			body = lines.slice(line === '<' ? index + 1 : index).join('\n');
			break;
		} else throw new Error(`${placeOf(index)}: not a line of a request: ${line}`);
	}
	if (method === '') {
		if (lines.every((line) => line === '' || line.startsWith('#'))) return null;
		throw new Error(`${placeOf(0)}: no request`);
	}
	return { title: `${method} ${target}`, method, target, headers, body, isAnonymous, show, keep, until, exception };
}
