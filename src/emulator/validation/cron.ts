/** Cron schedules as robfig/cron v3 parses them, with its words about what is wrong. */

interface Field {
	least: number;
	most: number;
	names?: readonly string[];
	/** Value of the first name. */
	firstName?: number;
}

const fields: readonly Field[] = [
	{ least: 0, most: 59 },
	{ least: 0, most: 23 },
	{ least: 1, most: 31 },
	{
		least: 1,
		most: 12,
		names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
		firstName: 1,
	},
	{ least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], firstName: 0 },
];
const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** What is wrong with a schedule; null: nothing. */
export function checkSchedule(schedule: string): string | null {
	const text = schedule.replace(/^(CRON_)?TZ=\S+\s+/, '');
	if (text.startsWith('@')) return checkDescriptor(text);
	const parts = text.trim().split(/\s+/).filter(Boolean);
	if (parts.length !== fields.length) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
	for (const [index, field] of fields.entries())
		for (const range of (parts[index] ?? '').split(',').filter(Boolean)) {
			const fault = checkRange(range, field);
			if (fault !== null) return fault;
		}
	return null;
}

function checkDescriptor(text: string): string | null {
	if (descriptors.includes(text)) return null;
	if (!text.startsWith('@every ')) return `unrecognized descriptor: ${text}`;
	const duration = text.slice('@every '.length);
	if (/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(duration)) return null;
	return `failed to parse duration ${text}: time: invalid duration "${duration}"`;
}

function checkRange(expression: string, field: Field): string | null {
	const [span = '', ...steps] = expression.split('/');
	const [low = '', ...highs] = span.split('-');
	let [start, end] = [field.least, field.most];
	if (low !== '*' && low !== '?') {
		const first = readNumber(low, field);
		if (typeof first === 'string') return first;
		if (highs.length > 1) return `too many hyphens: ${expression}`;
		const last = highs[0] === undefined ? first : readNumber(highs[0], field);
		if (typeof last === 'string') return last;
		[start, end] = [first, last];
	}
	if (steps.length > 1) return `too many slashes: ${expression}`;
	let step = 1;
	if (steps[0] !== undefined) {
		const read = readNumber(steps[0], { least: 0, most: 0 });
		if (typeof read === 'string') return read;
		step = read;
		if (highs.length === 0) end = field.most;
	}
	if (start < field.least) return `beginning of range (${start}) below minimum (${field.least}): ${expression}`;
	if (end > field.most) return `end of range (${end}) above maximum (${field.most}): ${expression}`;
	if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`;
	return step === 0 ? `step of range should be a positive number: ${expression}` : null;
}

/** The number, or what is wrong with it. */
function readNumber(text: string, { names = [], firstName = 0 }: Field): number | string {
	const index = names.indexOf(text.toLowerCase());
	if (index >= 0) return firstName + index;
	if (!/^[+-]?\d+$/.test(text))
		return `failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`;
	const number = Number(text);
	return number < 0 ? `negative number (${number}) not allowed: ${text}` : number;
}
