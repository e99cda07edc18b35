/** Reads who asked for which manifest from the log of registry:2, as `docker logs` prints it. */

import type { PullRecord } from '../model/registry.ts';

/** A line of Apache's combined log format; a time by `docker logs --timestamps` may stand before it. */
const accessLine =
	/^(?:\d{4}-\S+ )?(\S+) \S+ \S+ \[([^\]]+)\] "(GET|HEAD) \/v2\/([^\s"?\\]+)\/manifests\/([^\s"/?\\]+)(?:\?(?:[^\s"\\]|\\.)*)? HTTP\/[\d.]+" (\d{3}) \d+ "(?:[^"\\]|\\.)*" "((?:[^"\\]|\\.)*)"\s*$/;

/** A line of the registry's own, on its stderr. */
const structuredLine = /^(?:\d{4}-\S+ )?(?:time=|\{)/;

/** A request for `scheme://user@host/…`, which no node makes. */
const userInUrl = /"\S+ [a-z][a-z\d+.-]*:\/\/([^\s"/]*)@/i;

const time = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** In the order of the log. Lines of any other kind, or torn ones, are passed over. */
export function parsePullLog(text: string): PullRecord[] {
	return selectPullLines(text).flatMap((line) => readLine(line) ?? []);
}

/** The lines that such records are made of, as they are. To be given a whole log: a forged line alone looks like any. */
export function selectPullLines(text: string): string[] {
	const found: string[] = [];
	for (const line of text.split('\n')) {
		if (structuredLine.test(line)) continue;
		found.push(line);
		const forged = countForgedLines(line);
		if (forged > 0) found.splice(-1 - forged);
	}
	return found.filter((line) => readLine(line) !== null);
}

/**
 * How many lines before this one belong to it. distribution 2.8 writes the user of a request's URL as it is, so that
 * `http://a%0a…@registry/` writes whole lines of its own into the log, without any credentials. What gives it away is
 * the end of the true line, where the URL stands once more, still encoded.
 */
function countForgedLines(line: string): number {
	return userInUrl.exec(line)?.[1]?.match(/%0a/gi)?.length ?? 0;
}

function readLine(line: string): PullRecord | null {
	const matched = accessLine.exec(line);
	if (matched === null) return null;
	const [, client = '', date = '', method, repository = '', reference = '', status, userAgent = ''] = matched;
	const at = readTime(date);
	if (at === null) return null;
	return {
		time: at,
		method: method as PullRecord['method'],
		repository: decode(repository),
		reference: decode(reference),
		status: Number(status),
		client,
		userAgent: userAgent.replace(/\\(.)/g, '$1'),
	};
}

function readTime(text: string): string | null {
	const [, day, name = '', year, clock, hours, minutes] = time.exec(text) ?? [];
	const month = String(months.indexOf(name) + 1).padStart(2, '0');
	const date = new Date(`${year}-${month}-${day}T${clock}${hours}:${minutes}`);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
