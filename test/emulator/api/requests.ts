/** An emulator for one test file, and plain HTTPS requests to it. */

import https from 'node:https';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../src/emulator/index.ts';

export interface Reply {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	text: string;
	// biome-ignore lint/suspicious/noExplicitAny: tests look deep into answers.
	body: any;
}

export interface Wish {
	method?: string;
	body?: unknown;
	headers?: Record<string, string>;
	/** Without the administrator's certificate. */
	isAnonymous?: boolean;
}

export interface Client {
	ask(path: string, wish?: Wish): Promise<Reply>;
	/** Lines of a stream, as they come. Stops when the callback gives true. */
	follow(path: string, onEvent: (event: { type: string; object: Record<string, unknown> }) => boolean): Promise<void>;
	close(): void;
}

export interface Server extends Pick<Client, 'ask' | 'follow'> {
	emulator: Emulator;
	stop(): Promise<void>;
}

export async function startServer(options: EmulatorOptions = {}): Promise<Server> {
	const emulator = await startEmulator(options);
	const { ask, follow, close } = openClient(emulator);
	return {
		emulator,
		ask,
		follow,
		async stop() {
			close();
			await emulator.stop();
		},
	};
}

export function openClient({
	url,
	certificates: { authority, admin },
}: {
	url: string;
	certificates: Pick<Emulator['certificates'], 'authority' | 'admin'>;
}): Client {
	const ca = authority.certificate;
	const known = new https.Agent({ keepAlive: true, ca, cert: admin.certificate, key: admin.key });
	const unknown = new https.Agent({ keepAlive: true, ca });

	function open(path: string, { method, body, headers = {}, isAnonymous = false }: Wish) {
		const verb = method ?? (body === undefined ? 'GET' : 'POST');
		const bytes = Buffer.isBuffer(body)
			? body
			: Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
		const request = https.request(`${url}${path}`, {
			agent: isAnonymous ? unknown : known,
			method: verb,
			headers: {
				...(body !== undefined && { 'content-type': 'application/json', 'content-length': bytes.length }),
				...headers,
			},
		});
		request.end(bytes);
		return request;
	}

	return {
		ask: (path, wish = {}) =>
			new Promise((resolve, reject) => {
				open(path, wish)
					.once('error', reject)
					.once('response', (response) => {
						response.once('error', reject);
						const chunks: Buffer[] = [];
						response.on('data', (chunk: Buffer) => chunks.push(chunk));
						response.once('end', () => {
							const text = Buffer.concat(chunks).toString();
							resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) });
						});
					});
			}),
		follow: (path, onEvent) =>
			new Promise((resolve, reject) => {
				const request = open(path, {}).once('error', reject);
				request.once('response', (response) => {
					let rest = '';
					response.on('data', (chunk: Buffer) => {
						const lines = (rest + chunk.toString()).split('\n');
						rest = lines.pop() ?? '';
						if (lines.some((line) => onEvent(JSON.parse(line)))) response.destroy();
					});
					response.once('close', resolve);
				});
			}),
		close() {
			known.destroy();
			unknown.destroy();
		},
	};
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
