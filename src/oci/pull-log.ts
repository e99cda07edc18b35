/** Reads who asked for which manifest from the log of registry:2, as `docker logs` prints it. */

import type { PullRecord } from '../model/registry.ts';

/**
 * A line of Apache's combined log format. It must begin the line (a time by `docker logs --timestamps` may stand before
 * it): within a line anybody can write such text into the structured lines, by a User-Agent.
 */
const accessLine =
	/^(?:\d{4}-\S+ )?(\S+) \S+ \S+ \[([^\]]+)\] "(GET|HEAD) \/v2\/([^\s"?]+)\/manifests\/([^\s"/?]+)(?:\?[^\s"]*)? HTTP\/[\d.]+" (\d{3}) \d+ "(?:[^"\\]|\\.)*" "((?:[^"\\]|\\.)*)"\s*$/;

const time = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** In the order of the log. Lines of any other kind, or torn ones, are passed over. */
export function parsePullLog(text: string): PullRecord[] {
	return text.split('\n').flatMap((line) => readLine(line) ?? []);
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
