/** What leaves this process, told to whoever listens: programs that are run, requests that are sent. Never credentials. */

import { channel } from 'node:diagnostics_channel';

export interface Call {
	/** As a log has it: `GET https://127.0.0.1:6443/api/v1/pods`, `docker info`. */
	readonly text: string;
	/** Who is to answer, as a sentence names it: `the registry at 127.0.0.1:5000`. */
	readonly awaited: string;
}

export interface CallListener {
	begin(call: Call): unknown;
	/** `outcome`: `200`, `exit 0`, `ECONNREFUSED`. */
	end(call: Call, outcome: string, milliseconds: number): unknown;
}

type Event = { call: Call; outcome?: string; milliseconds?: number };

const calls = channel('kubeproctor.call');

/** Until the answer is called there is no listening any more. */
export function listenToCalls({ begin, end }: CallListener): () => void {
	const hear = (message: unknown) => {
		const { call, outcome, milliseconds = 0 } = message as Event;
		if (outcome === undefined) begin(call);
		else end(call, outcome, milliseconds);
	};
	calls.subscribe(hear);
	return () => void calls.unsubscribe(hear);
}

/** Knows, of the calls that begin from now on, the first that has not ended; null: nobody has to answer. */
export function watchCalls(): { current(): Call | null; stop(): void } {
	const open = new Set<Call>();
	const stop = listenToCalls({ begin: (call) => open.add(call), end: (call) => open.delete(call) });
	return { current: () => open.values().next().value ?? null, stop };
}

/** Tells of a call around the work that makes it; `describe` has to name no more than how it ended. */
export async function traceCall<R>(call: Call, work: () => Promise<R>, describe: (result: R) => string): Promise<R> {
	if (!calls.hasSubscribers) return work();
	const startedAt = performance.now();
	const end = (outcome: string) =>
		calls.publish({ call, outcome, milliseconds: performance.now() - startedAt } satisfies Event);
	calls.publish({ call } satisfies Event);
	try {
		const result = await work();
		end(describe(result));
		return result;
	} catch (error) {
		end(describeFailure(error));
		throw error;
	}
}

/** A program and its arguments; what follows an option that takes a password is left out. */
export function describeProgram(program: string, args: readonly string[]): Call {
	const shown = args.map((arg, index) => {
		if (isSecretOption(args[index - 1] ?? '')) return hidden;
		const [option = ''] = arg.split('=');
		return option !== arg && isSecretOption(option) ? `${option}=${hidden}` : quote(arg);
	});
	return { text: [program, ...shown].join(' '), awaited: program };
}

/** Of what stands behind the `?` only that something does: a registry may sign its locations there. */
export function describeRequest(method: string, url: URL, awaited: string): Call {
	return { text: `${method} ${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`, awaited };
}

const hidden = '…';

function isSecretOption(option: string): boolean {
	return /^(-p|--?[\w-]*(password|token|secret|credential)[\w-]*)$/i.test(option);
}

function quote(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The code alone: a message may quote what was sent. */
function describeFailure(error: unknown): string {
	const { code, exitCode, hasTimedOut, cause, name } = error as Record<string, unknown>;
	if (typeof exitCode === 'number') return `exit ${exitCode}`;
	if (hasTimedOut === true) return 'no end in time';
	if (cause instanceof Error && 'code' in cause) return String(cause.code);
	return String(code ?? name ?? 'failed');
}
