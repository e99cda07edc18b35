/** Schedules of CronJobs: five fields, or a name such as `@hourly`, in UTC. */

const names: Record<string, string> = {
	'@yearly': '0 0 1 1 *',
	'@annually': '0 0 1 1 *',
	'@monthly': '0 0 1 * *',
	'@weekly': '0 0 * * 0',
	'@daily': '0 0 * * *',
	'@midnight': '0 0 * * *',
	'@hourly': '0 * * * *',
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minute = 60_000;
/** A schedule that does not come up within five years, such as 30 February, never does. */
const horizon = 5 * 366 * 24 * 60 * minute;

export interface CronSchedule {
	/** The first time after that one; null: never. */
	next(after: Date): Date | null;
}

interface Field {
	values: ReadonlySet<number>;
	isAny: boolean;
}

/** Null where the text is no schedule. */
export function parseCronSchedule(text: string): CronSchedule | null {
	const every = /^@every\s+(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
	if (every) return repeat(every);
	const fields = (names[text.trim()] ?? text).trim().split(/\s+/);
	if (fields.length !== 5) return null;
	const [minutes, hours, monthDays, monthsOfYear, weekDays] = [
		parseField(fields[0] ?? '', 0, 59),
		parseField(fields[1] ?? '', 0, 23),
		parseField(fields[2] ?? '', 1, 31),
		parseField(fields[3] ?? '', 1, 12, months, 1),
		parseField(fields[4] ?? '', 0, 7, days),
	];
	if (!minutes || !hours || !monthDays || !monthsOfYear || !weekDays) return null;

	function isDay(time: Date): boolean {
		const inMonth = monthDays?.values.has(time.getUTCDate()) ?? false;
		const inWeek =
			weekDays?.values.has(time.getUTCDay()) || (time.getUTCDay() === 0 && weekDays?.values.has(7)) || false;
		// Of two restricted fields one is enough, as in cron.
		return monthDays?.isAny || weekDays?.isAny ? inMonth && inWeek : inMonth || inWeek;
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
				if (!monthsOfYear.values.has(month + 1)) time = new Date(Date.UTC(year, month + 1, 1));
				else if (!isDay(time)) time = new Date(Date.UTC(year, month, date + 1));
				else if (!hours.values.has(hour)) time = new Date(Date.UTC(year, month, date, hour + 1));
				else if (!minutes.values.has(time.getUTCMinutes())) time = new Date(time.getTime() + minute);
				else return time;
			}
			return null;
		},
	};
}

function repeat([, hours = '0', minutes = '0', seconds = '0']: RegExpExecArray): CronSchedule | null {
	const period = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
	if (period === 0) return null;
	return { next: (after) => new Date(Math.floor(after.getTime() / 1000) * 1000 + period) };
}

/** `*`, `5`, `1-5`, `0-30/10`, and several of them with commas between. */
function parseField(text: string, lowest: number, highest: number, words: string[] = [], firstWord = 0): Field | null {
	const values = new Set<number>();
	for (const part of text.split(',')) {
		const [, from = '', to, step] = /^(\*|\?|[0-9a-z]+)(?:-([0-9a-z]+))?(?:\/(\d+))?$/i.exec(part) ?? [];
		const isAny = from === '*' || from === '?';
		const first = isAny ? lowest : readNumber(from, words, firstWord);
		const single = step === undefined ? first : highest;
		const last = isAny ? highest : to === undefined ? single : readNumber(to, words, firstWord);
		const by = step === undefined ? 1 : Number(step);
		if (from === '' || Number.isNaN(first + last) || first < lowest || last > highest || first > last || by < 1)
			return null;
		for (let value = first; value <= last; value += by) values.add(value);
	}
	return { values, isAny: /^[*?]/.test(text) };
}

function readNumber(text: string, words: string[], firstWord: number): number {
	const index = words.indexOf(text.toLowerCase());
	return index >= 0 ? index + firstWord : Number(text);
}
