/** Quantities: `500m`, `1Gi`, `1e3` (apimachinery pkg/api/resource). Exact, in billionths. */

const nano = 1_000_000_000n;
const decimal: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

export type Format = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
	/** Billionths; anything finer is rounded up. */
	nanos: bigint;
	format: Format;
}

/** Null where the text is no quantity. */
export function parseQuantity(value: string | number): Quantity | null {
	const match = pattern.exec(String(value));
	if (!match) return null;
	const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
	if (whole === '' && fraction === '') return null;
	const digits = BigInt(`${whole}${fraction}` || '0');
	const { numerator, denominator, format } = scale(suffix);
	const divisor = denominator * 10n ** BigInt(fraction.length);
	const exact = digits * numerator * nano;
	const nanos = (exact + divisor - 1n) / divisor;
	return { nanos: sign === '-' ? -nanos : nanos, format };
}

function scale(suffix: string): { numerator: bigint; denominator: bigint; format: Format } {
	const power = binary[suffix];
	if (power !== undefined) return { numerator: 2n ** BigInt(power), denominator: 1n, format: 'BinarySI' };
	const isExponent = /^[eE]/.test(suffix) && suffix.length > 1;
	const exponent = isExponent ? Number(suffix.slice(1)) : (decimal[suffix] ?? 0);
	const format = isExponent ? 'DecimalExponent' : 'DecimalSI';
	if (exponent < 0) return { numerator: 1n, denominator: 10n ** BigInt(-exponent), format };
	return { numerator: 10n ** BigInt(exponent), denominator: 1n, format };
}

/** In billionths; 0 for what is no quantity, which decoding has refused already. */
export function toNanos(value: string | number | undefined): bigint {
	return (value === undefined ? undefined : parseQuantity(value)?.nanos) ?? 0n;
}

export function compareQuantities(left: string | number, right: string | number): number {
	const difference = toNanos(left) - toNanos(right);
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isZeroQuantity(value: string | number): boolean {
	return toNanos(value) === 0n;
}

export function isWhole(value: string | number): boolean {
	return toNanos(value) % nano === 0n;
}

/** As Kubernetes writes it: the largest unit that leaves no fraction. */
export function formatQuantity({ nanos, format }: Quantity): string {
	if (nanos === 0n) return '0';
	const isWholeBinary = format === 'BinarySI' && nanos % nano === 0n && abs(nanos) >= 1024n * nano;
	return isWholeBinary ? formatBinary(nanos / nano) : formatDecimal(nanos, format);
}

export function normalizeQuantity(value: string | number): string {
	const quantity = parseQuantity(value);
	return quantity ? formatQuantity(quantity) : String(value);
}

export function addQuantities(values: readonly (string | number)[]): string {
	const parsed = values.flatMap((value) => parseQuantity(value) ?? []);
	const format = parsed.find(({ nanos }) => nanos !== 0n)?.format ?? parsed[0]?.format ?? 'DecimalSI';
	return formatQuantity({ nanos: parsed.reduce((sum, { nanos }) => sum + nanos, 0n), format });
}

function formatBinary(units: bigint): string {
	let [suffix, rest] = ['', units];
	for (const [name, power] of Object.entries(binary)) {
		const unit = 2n ** BigInt(power);
		if (units % unit === 0n) [suffix, rest] = [name, units / unit];
	}
	return `${rest}${suffix}`;
}

function formatDecimal(nanos: bigint, format: Format): string {
	let [suffix, rest] = ['n', nanos];
	for (const [name, exponent] of Object.entries(decimal)) {
		const unit = 10n ** BigInt(exponent + 9);
		if (nanos % unit === 0n) [suffix, rest] = [name, nanos / unit];
	}
	if (format !== 'DecimalExponent' || suffix === '') return `${rest}${suffix}`;
	return `${rest}e${decimal[suffix] ?? 0}`;
}

function abs(value: bigint): bigint {
	return value < 0n ? -value : value;
}
