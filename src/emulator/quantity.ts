/** Quantities (apimachinery pkg/api/resource): `500m`, `1.5Gi`, `1e3`. Exact, but that nothing is finer than a billionth. */

/** In Kubernetes' own words. */
export class QuantityError extends Error {}

const wrongForm = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const form = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;

const decimal = new Map(
	['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index) => [suffix, 3 * index - 9]),
);
const binary = new Map(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index) => [suffix, 10 * (index + 1)]));
const mostBytes = (1n << 63n) - 1n;
const nano = -9;

/** value × 10^scale */
interface Amount {
	value: bigint;
	scale: number;
}

type Format = 'decimal' | 'binary' | 'exponent';

export interface Quantity extends Amount {
	format: Format;
}

/** Throws QuantityError. */
export function parseQuantity(text: string): Quantity {
	const { isNegative, whole, fraction, format, exponent } = readQuantity(text);
	const digits = BigInt(`${whole}${fraction}` || '0');
	const { value, scale } = limit(
		{
			value: format === 'binary' ? digits << BigInt(exponent) : digits,
			scale: (format === 'binary' ? 0 : exponent) - fraction.length,
		},
		format,
	);
	return { value: isNegative ? -value : value, scale, format };
}

/** As the API writes a quantity back that it was sent: `1000m` is `1`, and `0.5Gi` is `512Mi`. Throws QuantityError. */
export function canonicalizeQuantity(text: string): string {
	return text === '0' || isKeptAsWritten(readQuantity(text)) ? text : formatQuantity(parseQuantity(text));
}

interface Written {
	isNegative: boolean;
	/** Digits. */
	whole: string;
	fraction: string;
	format: Format;
	/** Of two where the format is binary, else of ten. */
	exponent: number;
}

/** Throws QuantityError. */
function readQuantity(text: string): Written {
	const [match, sign = '', whole = '', fraction = '', suffix = ''] = form.exec(text) ?? [];
	if (match === undefined || text === '') throw new QuantityError(wrongForm);
	const isZero = /^0*$/.test(whole) && fraction === '';
	return {
		isNegative: sign === '-',
		whole: isZero ? '0' : whole.replace(/^0+/, ''),
		fraction,
		...readSuffix(suffix),
	};
}

function readSuffix(suffix: string): { format: Format; exponent: number } {
	const power = decimal.get(suffix);
	if (power !== undefined) return { format: 'decimal', exponent: power };
	const bits = binary.get(suffix);
	if (bits !== undefined) return { format: 'binary', exponent: bits };
	const exponent = /^[eE][-+]?\d+$/.test(suffix) ? Number(suffix.slice(1)) : Number.NaN;
	if (Number.isSafeInteger(exponent)) return { format: 'exponent', exponent };
	throw new QuantityError("unable to parse quantity's suffix");
}

/** What is short and canonical already keeps its text, even a leading plus (resource.ParseQuantity, its fast path). */
function isKeptAsWritten({ whole, fraction, format, exponent }: Written): boolean {
	const digits = `${whole || '0'}${fraction}`;
	if (format !== 'binary') {
		const scale = exponent - fraction.length;
		if (digits.length > 18 || scale < nano) return false;
		return scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
	}
	const precision = 15 - (whole || '0').length - Math.trunc((exponent * 3) / 10) - 1;
	return fraction === '' && precision >= 0 && (BigInt(digits) & 7n) !== 0n;
}

/** Nothing finer than nano, rounded away from zero; no more bytes than an int64 counts. */
function limit({ value, scale }: Amount, format: Format): Amount {
	if (scale < nano) {
		const surplus = nano - scale;
		// Reckoning with a power that large would take for ever.
		if (surplus > String(value).length) return { value: value === 0n ? 0n : 1n, scale: nano };
		const factor = 10n ** BigInt(surplus);
		return limit({ value: (value + factor - 1n) / factor, scale: nano }, format);
	}
	const isTooMuch = format === 'binary' && value > mostBytes * 10n ** BigInt(-scale);
	return isTooMuch ? { value: mostBytes, scale: 0 } : { value, scale };
}

/** The largest unit that leaves no fraction. */
export function formatQuantity({ value, scale, format }: Quantity): string {
	return value < 0n ? `-${formatAmount({ value: -value, scale }, format)}` : formatAmount({ value, scale }, format);
}

function formatAmount(amount: Amount, format: Format): string {
	if (format === 'binary') {
		const bytes = toWhole(amount);
		if (bytes !== null && bytes >= 1024n) return formatBytes(bytes);
	}
	const { value, scale } = toThousands(amount);
	if (format === 'exponent') return `${value}${scale === 0 ? '' : `e${scale}`}`;
	const suffix = [...decimal].find(([, power]) => power === scale)?.[0] ?? '';
	return `${value}${suffix}`;
}

function toWhole({ value, scale }: Amount): bigint | null {
	if (scale >= 0) return value * 10n ** BigInt(scale);
	const factor = 10n ** BigInt(-scale);
	return value % factor === 0n ? value / factor : null;
}

function formatBytes(bytes: bigint): string {
	let value = bytes;
	let bits = 0;
	while (value % 1024n === 0n && bits < 60) {
		value /= 1024n;
		bits += 10;
	}
	return `${value}${[...binary].find(([, power]) => power === bits)?.[0] ?? ''}`;
}

/** As few digits as a scale divisible by three allows. */
function toThousands({ value, scale }: Amount): Amount {
	if (value === 0n) return { value, scale: 0 };
	let [digits, power] = [value, scale];
	while (digits % 10n === 0n) {
		digits /= 10n;
		power += 1;
	}
	const excess = ((power % 3) + 3) % 3;
	return { value: digits * 10n ** BigInt(excess), scale: power - excess };
}
