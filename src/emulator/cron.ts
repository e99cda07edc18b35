/** Schedules of CronJobs, in UTC, as robfig/cron v3 reads them: five fields, or a name such as `@hourly`. */

import { readDuration } from './duration.ts';

export interface CronSchedule {
	/** The first time after that one; null: never. */
	next(after: Date): Date | null;
}

interface Bounds {
	least: number;
	most: number;
	names?: readonly string[];
	/** Value of the first name. */
	firstName?: number;
}

const minuteBounds: Bounds = { least: 0, most: 59 };
const hourBounds: Bounds = { least: 0, most: 23 };
const dayBounds: Bounds = { least: 1, most: 31 };
const monthBounds: Bounds = {
	least: 1,
	most: 12,
	names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
	firstName: 1,
};
const weekdayBounds: Bounds = {
	least: 0,
	most: 6,
	names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
	firstName: 0,
};

const descriptors: Record<string, string> = {
	'@yearly': '0 0 1 1 *',
	'@annually': '0 0 1 1 *',
	'@monthly': '0 0 1 * *',
	'@weekly': '0 0 * * 0',
	'@daily': '0 0 * * *',
	'@midnight': '0 0 * * *',
	'@hourly': '0 * * * *',
};

const second = 1000;
const minute = 60 * second;
/** A schedule that does not come up within five years, such as 30 February, never does. */
const horizon = 5 * 366 * 24 * 60 * minute;

/** What is wrong with it, where it is none. */
export function parseSchedule(schedule: string): CronSchedule | string {
	const text = schedule.replace(/^(CRON_)?TZ=\S+\s+/, '');
	if (text.startsWith('@every ')) return parseEvery(text);
	if (text.startsWith('@') && !Object.hasOwn(descriptors, text)) return `unrecognized descriptor: ${text}`;
	const parts = (descriptors[text] ?? text).trim().split(/\s+/).filter(Boolean);
	if (parts.length !== 5) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
	const [minutes = '', hours = '', days = '', months = '', weekdays = ''] = parts;
	try {
		return scheduleOf({
			minutes: parseField(minutes, minuteBounds),
			hours: parseField(hours, hourBounds),
			days: parseField(days, dayBounds),
			months: parseField(months, monthBounds),
			weekdays: parseField(weekdays, weekdayBounds),
		});
	} catch (error) {
		if (error instanceof FieldFault) return error.message;
		throw error;
	}
}

function parseEvery(text: string): CronSchedule | string {
	const length = readDuration(text.slice('@every '.length));
	if (typeof length === 'string') return `failed to parse duration ${text}: ${length}`;
	const period = Math.max(Math.floor(length / second), 1) * second;
	return { next: (after) => new Date(Math.floor(after.getTime() / second) * second + period) };
}

interface Field {
	values: ReadonlySet<number>;
	/** Whether it restricts nothing. */
	isAny: boolean;
}

type Fields = Record<'minutes' | 'hours' | 'days' | 'months' | 'weekdays', Field>;

function scheduleOf({ minutes, hours, days, months, weekdays }: Fields): CronSchedule {
	function isDay(time: Date): boolean {
		const inMonth = days.values.has(time.getUTCDate());
		const inWeek = weekdays.values.has(time.getUTCDay());
		// Of two restricted fields one is enough, as in cron.
		return days.isAny || weekdays.isAny ? inMonth && inWeek : inMonth || inWeek;
	}

	return {
		next(after) {
			const end = after.getTime() + horizon;
			let time = new Date((Math.floor(after.getTime() / minute) + 1) * minute);
			while (time.getTime() <= end) {
				const [year, month, date, hour] = [
					time.getUTCFullYear(),
					time.getUTCMonth(),
					time.getUTCDate(),
					time.getUTCHours(),
				];
				if (!months.values.has(month + 1)) time = new Date(Date.UTC(year, month + 1, 1));
				else if (!isDay(time)) time = new Date(Date.UTC(year, month, date + 1));
				else if (!hours.values.has(hour)) time = new Date(Date.UTC(year, month, date, hour + 1));
				else if (!minutes.values.has(time.getUTCMinutes())) time = new Date(time.getTime() + minute);
				else return time;
			}
			return null;
		},
	};
}

class FieldFault extends Error {}

/** `*`, `5`, `1-5`, `0-30/10`, and several of them with commas between. Throws FieldFault. */
function parseField(text: string, bounds: Bounds): Field {
	const ranges = text.split(',').filter(Boolean);
	const parsed = ranges.map((range) => parseRange(range, bounds));
	return {
		values: new Set(parsed.flatMap(({ values }) => values)),
		isAny: parsed.some(({ isAny }) => isAny),
	};
}

/** Throws FieldFault. */
function parseRange(text: string, bounds: Bounds): { values: number[]; isAny: boolean } {
	const { least, most } = bounds;
	const [span = '', ...steps] = text.split('/');
	const [low = '', ...highs] = span.split('-');
	const isStar = low === '*' || low === '?';
	let [first, last] = [least, most];
	if (!isStar) {
		first = readNumber(low, bounds);
		if (highs.length > 1) throw new FieldFault(`too many hyphens: ${text}`);
		last = highs[0] === undefined ? first : readNumber(highs[0], bounds);
	}
	if (steps.length > 1) throw new FieldFault(`too many slashes: ${text}`);
	const step = steps[0] === undefined ? 1 : readNumber(steps[0]);
	if (steps.length > 0 && highs.length === 0) last = most;
	if (first < least) throw new FieldFault(`beginning of range (${first}) below minimum (${least}): ${text}`);
	if (last > most) throw new FieldFault(`end of range (${last}) above maximum (${most}): ${text}`);
	if (first > last) throw new FieldFault(`beginning of range (${first}) beyond end of range (${last}): ${text}`);
	if (step === 0) throw new FieldFault(`step of range should be a positive number: ${text}`);
	const values: number[] = [];
	for (let value = first; value <= last; value += step) values.push(value);
	return { values, isAny: isStar && step === 1 };
}

/** Throws FieldFault. */
function readNumber(text: string, { names = [], firstName = 0 }: Partial<Bounds> = {}): number {
	const index = names.indexOf(text.toLowerCase());
	if (index >= 0) return firstName + index;
	if (!/^[+-]?\d+$/.test(text)) {
		throw new FieldFault(`failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`);
	}
	const number = Number(text);
	if (number < 0) throw new FieldFault(`negative number (${number}) not allowed: ${text}`);
	return number;
}
