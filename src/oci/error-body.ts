/** The JSON in which a registry says what is wrong: the distribution spec's "Error Codes". */

export interface RegistryFault {
	/** e.g. `MANIFEST_UNKNOWN` */
	code: string;
	message: string;
	detail?: unknown;
}

/** What the body says; empty where it is not of that form. */
function parseFaults(body: string | Buffer): RegistryFault[] {
	let parsed: unknown;
	try {
		parsed = JSON.parse(body.toString());
	} catch {
		return [];
	}
	const errors = (parsed as { errors?: unknown } | null)?.errors;
	if (!Array.isArray(errors)) return [];
	return errors.filter(isFault).map(({ code, message, detail }) => ({
		code,
		message: typeof message === 'string' ? message : '',
		...(detail !== undefined && { detail }),
	}));
}

/** Its faults, or else its beginning, as one line that is safe to print. */
export function summarizeBody(body: string | Buffer): string {
	const faults = parseFaults(body).map(({ code, message }) => (message === '' ? code : `${code}: ${message}`));
	const text = faults.length > 0 ? faults.join('; ') : body.toString();
	const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
	return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function isFault(value: unknown): value is { code: string; message?: unknown; detail?: unknown } {
	return typeof (value as { code?: unknown } | null)?.code === 'string';
}
