/** The contents of a pull Secret as the kubelet reads them (pkg/credentialprovider/config.go). */

import { decodeGoBase64 } from './base64.ts';

/** One entry of `auths`. Holds a password: must not leave the process. */
export interface DockerConfigEntry {
	/** As it is written. */
	host: string;
	username: string;
	password: string;
	/** `auth` says something else than username/password; `auth` wins. */
	isAuthAtOdds: boolean;
}

export interface DockerConfig {
	entries: DockerConfigEntry[];
	/** The error with which the kubelet gives up on it, and the entry where it is. One bad entry blocks every pull of the Pod. */
	malformed: { message: string; host: string | null } | null;
	/** Names of fields that docker would use and the kubelet ignores. */
	ignored: string[];
}

/** Secret types that the kubelet reads, with the key it looks under (pkg/credentialprovider/secrets). */
export const pullSecretKeys: Readonly<Record<string, string>> = {
	'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
	'kubernetes.io/dockercfg': '.dockercfg',
};

export function isPullSecretType(type: string): boolean {
	return Object.hasOwn(pullSecretKeys, type);
}

const ignoredFields = ['credsStore', 'credHelpers', 'identitytoken', 'registrytoken'];

/**
 * `data` is the Secret's, base64 values and all. A Secret of another type is read by the key that it happens to
 * have, so that a judgement can say what would have been in it.
 */
export function readDockerConfig(type: string, data: Readonly<Record<string, string>>): DockerConfig {
	const key = isPullSecretType(type)
		? pullSecretKeys[type]
		: Object.values(pullSecretKeys).find((name) => Object.hasOwn(data, name));
	const encoded = key === undefined ? undefined : data[key];
	if (key === undefined || !encoded) return { entries: [], malformed: null, ignored: [] };
	const text = Buffer.from(encoded, 'base64').toString('utf8');

	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch {
		return { entries: [], malformed: { message: 'the content is not JSON', host: null }, ignored: [] };
	}
	const isOld = key === '.dockercfg';
	if (content === null) return { entries: [], malformed: null, ignored: [] };
	if (!isObject(content)) {
		return refuse(content, `Go value of type credentialprovider.${isOld ? 'DockerConfig' : 'DockerConfigJSON'}`);
	}
	const ignored = ignoredFields.filter((field) => findField(content, field) !== undefined);
	if (isOld) return readEntries(content, oldPlaces, ignored);
	const config = readEntries(findField(content, 'auths'), newPlaces, ignored);
	return { ...config, malformed: config.malformed ?? findHeaderFault(findField(content, 'HttpHeaders')) };
}

/** Where Go says that it has found what it cannot read. */
interface Places {
	auths: string;
	entry: string;
	field(name: string): string;
}

const newPlaces: Places = {
	auths: 'Go struct field DockerConfigJSON.auths of type credentialprovider.DockerConfig',
	entry: 'Go struct field DockerConfigJSON.auths of type credentialprovider.dockerConfigEntryWithAuth',
	field: (name) => `Go struct field DockerConfigJSON.auths.${name} of type string`,
};

const oldPlaces: Places = {
	auths: 'Go value of type credentialprovider.DockerConfig',
	entry: 'Go value of type credentialprovider.dockerConfigEntryWithAuth',
	field: (name) => `Go struct field dockerConfigEntryWithAuth.${name} of type string`,
};

function refuse(value: unknown, place: string): DockerConfig {
	return { entries: [], malformed: { message: wrongShape(value, place), host: null }, ignored: [] };
}

function findHeaderFault(headers: unknown): DockerConfig['malformed'] {
	const place = 'Go struct field DockerConfigJSON.HttpHeaders of type';
	if (headers === undefined || headers === null) return null;
	if (!isObject(headers)) return { message: wrongShape(headers, `${place} map[string]string`), host: null };
	const wrong = Object.values(headers).find((value) => value !== null && typeof value !== 'string');
	return wrong === undefined ? null : { message: wrongShape(wrong, `${place} string`), host: null };
}

function readEntries(auths: unknown, places: Places, ignored: string[]): DockerConfig {
	if (auths === undefined || auths === null) return { entries: [], malformed: null, ignored };
	if (!isObject(auths)) return { ...refuse(auths, places.auths), ignored };
	const config: DockerConfig = { entries: [], malformed: null, ignored: [...ignored] };
	for (const [host, value] of Object.entries(auths)) {
		const read = readEntry(host, value, places);
		if (typeof read === 'string') config.malformed ??= { message: read, host };
		else config.entries.push(read);
		if (isObject(value)) config.ignored.push(...ignoredFields.filter((field) => findField(value, field) !== undefined));
	}
	config.ignored = [...new Set(config.ignored)];
	return config;
}

/** The entry, or the error text. */
function readEntry(host: string, value: unknown, places: Places): DockerConfigEntry | string {
	if (value === null) return { host, username: '', password: '', isAuthAtOdds: false };
	if (!isObject(value)) return wrongShape(value, places.entry);
	const fields: Record<string, string> = {};
	for (const name of ['username', 'password', 'email', 'auth']) {
		const field = findField(value, name) ?? '';
		if (typeof field !== 'string') return wrongShape(field, places.field(name));
		fields[name] = field;
	}
	const { username = '', password = '', auth = '' } = fields;
	if (auth === '') return { host, username, password, isAuthAtOdds: false };

	const decoded = decodeGoBase64(auth);
	if (!decoded.ok) return decoded.error;
	const colon = decoded.text.indexOf(':');
	if (colon === -1) return 'unable to parse auth field, must be formatted as base64(username:password)';
	const fromAuth = { username: decoded.text.slice(0, colon), password: decoded.text.slice(colon + 1) };
	const isAuthAtOdds =
		(username !== '' && username !== fromAuth.username) || (password !== '' && password !== fromAuth.password);
	return { host, ...fromAuth, isAuthAtOdds };
}

/** Go's encoding/json takes a field's name in any case; of several, the last one counts. */
function findField(object: Record<string, unknown>, name: string): unknown {
	const key = Object.keys(object).findLast((candidate) => candidate.toLowerCase() === name.toLowerCase());
	return key === undefined ? undefined : object[key];
}

/** In the words of Go's encoding/json. */
function wrongShape(value: unknown, place: string): string {
	const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
	return `json: cannot unmarshal ${kind} into ${place}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
