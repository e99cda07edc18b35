/** Ways to write a pull Secret, each with what a kubelet gets out of it: a table by hand, not the product's reading. */

export const host = 'registry.example.com';
export const user = 'myuser';
/** With a colon in it, and of a length that makes `user:password` end in padding. */
export const password = 'pa:ss-word-7x';

/** What a pull for `registry.example.com/myapp` finds in a Secret that is there. */
export type Holding =
	/** Credentials that the registry accepts. */
	| 'opens'
	/** Credentials, but the registry refuses them. */
	| 'refused'
	/** Nothing that could be offered to any registry, or none in this one's entry. */
	| 'nothing'
	/** Entries, but none that applies to the image. */
	| 'other-host'
	/** A type that the kubelet does not read. */
	| 'ignored'
	/** Something that makes the kubelet give up on every pull. */
	| 'malformed';

/** What a Pod finds under a name where no Secret of that name is in its namespace. */
export type Absence = 'absent' | 'misspelt' | 'elsewhere';

export interface Shape {
	label: string;
	type: string;
	/** As it is written; the API server keeps base64. */
	data: Record<string, string>;
	holds: Holding;
	/** What a pass with it is to be accompanied by. */
	note?: RegExp;
}

export interface Gap {
	label: string;
	holds: Absence;
	/** Names of other Secrets of the namespace, and namespaces with a Secret of the very name. */
	siblings: string[];
	elsewhere: string[];
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const right = base64(`${user}:${password}`);
const plain = { username: user, password };
const full = { ...plain, auth: right };
const modern = 'kubernetes.io/dockerconfigjson';

const config = (label: string, holds: Holding, content: unknown, note?: RegExp): Shape => ({
	label,
	type: modern,
	data: { '.dockerconfigjson': typeof content === 'string' ? content : JSON.stringify(content) },
	holds,
	...(note && { note }),
});
const auths = (label: string, holds: Holding, entries: unknown, note?: RegExp) =>
	config(label, holds, { auths: entries }, note);
const entry = (label: string, holds: Holding, fields: unknown, note?: RegExp) =>
	auths(label, holds, { [host]: fields }, note);
const at = (key: string, holds: Holding) => auths(`host ${JSON.stringify(key)}`, holds, { [key]: full });
const legacy = (label: string, holds: Holding, content: unknown): Shape => ({
	label: `dockercfg, ${label}`,
	type: 'kubernetes.io/dockercfg',
	data: { '.dockercfg': JSON.stringify(content) },
	holds,
	...(holds === 'opens' && { note: /legacy/ }),
});
const typed = (type: string, data: Record<string, string>): Shape => ({
	label: `${type} with ${Object.keys(data).join(', ')}`,
	type,
	data,
	holds: 'ignored',
});

export const shapes: readonly Shape[] = [
	entry('as kubectl writes it', 'opens', full),
	entry('with an email', 'opens', { ...full, email: 'me@example.com' }),
	entry('auth only', 'opens', { auth: right }),
	entry('auth only, unpadded', 'opens', { auth: right.replace(/=+$/, '') }),
	entry('auth broken into lines', 'opens', { auth: `${right.slice(0, 8)}\n${right.slice(8)}\n` }),
	entry('username and password only', 'opens', plain),
	entry('an empty auth beside them', 'opens', { ...plain, auth: '' }),
	entry('auth at odds, and right', 'opens', { username: user, password: 'guessed', auth: right }, /takes auth/),
	entry('an identity token beside it', 'opens', { ...full, identitytoken: 'x' }),
	config('a whole config.json', 'opens', {
		auths: { [host]: { auth: right }, 'other.example.com': {} },
		HttpHeaders: { 'User-Agent': 'Docker-Client' },
		credHelpers: { 'other.example.com': 'ecr-login' },
	}),
	config('a credsStore beside it', 'opens', { auths: { [host]: full }, credsStore: 'desktop' }),
	config('fields in another case', 'opens', { Auths: { [host]: { Username: user, PASSWORD: password } } }),
	auths('another host first', 'opens', { 'a.example.com': { ...plain, password: 'x' }, [host]: full }),
	auths('Docker Hub first', 'opens', { 'https://index.docker.io/v1/': full, [host]: full }),
	auths('a null for another host', 'opens', { 'a.example.com': null, [host]: full }),
	auths('a wrong one for all, a right one for the host', 'opens', {
		'*.example.com': { ...plain, password: 'x' },
		[host]: full,
	}),
	auths('a wrong one for the path, a right one for the host', 'opens', {
		[`${host}/myapp`]: { ...plain, password: 'x' },
		[host]: full,
	}),
	auths('an empty one for the path, a right one for the host', 'opens', { [`${host}/myapp`]: {}, [host]: full }),
	...[host, `https://${host}`, `http://${host}`, `${host}/`, `https://${host}/`].map((key) => at(key, 'opens')),
	...[`https://${host}/v1/`, `https://${host}/v2/`, `${host}/v2/`, `${host}/v1/myapp`].map((key) => at(key, 'opens')),
	...[`${host}/myapp`, `${host}/my`, `https://${host}/m`].map((key) => at(key, 'opens')),
	...['*.example.com', 'registry.*.com', 'r*y.example.com', '*.*.*', `${host}:`].map((key) => at(key, 'opens')),
	...[`https://me@${host}`, `${host}?x=1`].map((key) => at(key, 'opens')),
	legacy('as kubectl wrote it', 'opens', { [host]: full }),
	legacy('auth only', 'opens', { [`https://${host}`]: { auth: right } }),

	entry('wrong password', 'refused', { username: user, password: 'guessed', auth: base64(`${user}:guessed`) }),
	entry('wrong user', 'refused', { username: 'me', password, auth: base64(`me:${password}`) }),
	entry('another case of the user', 'refused', { username: 'MyUser', password }),
	entry('both wrong', 'refused', { username: 'me', password: 'guessed' }),
	entry('auth at odds, and wrong', 'refused', { ...plain, auth: base64(`${user}:guessed`) }),
	entry('a line break at the end of auth', 'refused', { auth: base64(`${user}:${password}\n`) }),
	entry('the password in base64', 'refused', { username: user, password: base64(password) }),
	entry('cut at the second colon', 'refused', { username: user, password: password.split(':', 1)[0] }),
	auths('wrong for all hosts', 'refused', { '*.example.com': { ...plain, password: 'guessed' } }),
	auths('a right one for another host', 'refused', { 'a.example.com': full, [host]: { ...plain, password: 'x' } }),
	legacy('wrong password', 'refused', { [host]: { ...plain, password: 'guessed' } }),

	config('an empty object', 'nothing', {}),
	config('null', 'nothing', 'null'),
	config('only a credential helper', 'nothing', { credHelpers: { [host]: 'ecr-login' } }),
	config('Docker Desktop', 'nothing', { auths: { [host]: {} }, credsStore: 'desktop' }),
	config('entries without auths', 'nothing', { [host]: full }),
	auths('no entries', 'nothing', {}),
	auths('auths is null', 'nothing', null),
	entry('an empty entry', 'nothing', {}),
	entry('a null entry', 'nothing', null),
	entry('only an email', 'nothing', { email: 'me@example.com' }),
	entry('an empty password', 'nothing', { username: user, password: '' }),
	entry('an empty password in auth', 'nothing', { auth: base64(`${user}:`) }),
	entry('no user', 'nothing', { username: '', password }),
	entry('no user in auth', 'nothing', { auth: base64(`:${password}`) }),
	entry('an identity token alone', 'nothing', { identitytoken: 'x' }),
	legacy('no entries', 'nothing', {}),
	legacy('an empty entry', 'nothing', { [host]: {} }),

	...[`${host}:443`, `${host}:5000`, `https://${host}:443`, '[q-s]egistry.example.com'].map((key) =>
		at(key, 'other-host'),
	),
	...['registry.exampel.com', 'example.com', 'Registry.example.com', `${host}.`].map((key) => at(key, 'other-host')),
	...['*.com', '*', '*.*', '*.registry.example.com', '**.com'].map((key) => at(key, 'other-host')),
	...[`https://${host}/v2`, `${host}/v1`, `${host}/v2/team`, `${host}/team`, `${host}//`].map((key) =>
		at(key, 'other-host'),
	),
	...[`${host}/myapp:1.0`, `${host}/myapp/`, `${host}/Myapp`].map((key) => at(key, 'other-host')),
	...['https://index.docker.io/v1/', 'docker.io', 'reg?stry.example.com'].map((key) => at(key, 'other-host')),
	...['', ` ${host}`, `ftp://${host}`, `HTTPS://${host}`, `${host}/%zz`].map((key) => at(key, 'other-host')),
	legacy('another host', 'other-host', { 'a.example.com': full }),

	typed('Opaque', { '.dockerconfigjson': JSON.stringify({ auths: { [host]: full } }) }),
	typed('Opaque', { '.dockerconfigjson': 'no JSON', '.dockercfg': '{}' }),
	typed('Opaque', { username: user, password }),
	typed('Opaque', {}),
	typed('kubernetes.io/basic-auth', { username: user, password }),
	typed('example.com/docker', { '.dockerconfigjson': JSON.stringify({ auths: { [host]: { auth: '%' } } }) }),

	entry('auth not base64', 'malformed', { ...plain, auth: `${user}:${password}` }),
	entry('auth for URLs', 'malformed', { auth: base64('??>>:>>??').replaceAll('+', '-').replaceAll('/', '_') }),
	entry('auth padded too much', 'malformed', { auth: `${right}=` }),
	entry('auth with a blank at its end', 'malformed', { auth: `${right} ` }),
	entry('auth without a colon', 'malformed', { ...plain, auth: base64(user) }),
	entry('an entry that is text', 'malformed', right),
	entry('a number as password', 'malformed', { username: user, password: 1234 }),
	entry('a list as auth', 'malformed', { auth: [right] }),
	auths('a broken one for another host', 'malformed', { [host]: full, 'a.example.com': { auth: '%%%' } }),
	auths('a list of entries', 'malformed', [{ [host]: full }]),
	auths('text as auths', 'malformed', right),
	legacy('auth not base64', 'malformed', { [host]: { auth: '!' } }),
];

/** `wanted`: the name that Pods use. */
export const gapsOf = (wanted: string): readonly Gap[] => [
	{ label: 'not there', holds: 'absent', siblings: [], elsewhere: [] },
	{ label: 'not there, beside others', holds: 'absent', siblings: ['tls-of-the-shop', 'db'], elsewhere: [] },
	{ label: 'a slip away', holds: 'misspelt', siblings: [wanted.replace('e', 'ee')], elsewhere: [] },
	{ label: 'two letters swapped', holds: 'misspelt', siblings: [swapLast(wanted)], elsewhere: [] },
	{ label: 'in another namespace', holds: 'elsewhere', siblings: ['db'], elsewhere: ['staging'] },
	{ label: 'a slip away and elsewhere', holds: 'misspelt', siblings: [`${wanted}s`], elsewhere: ['staging'] },
];

function swapLast(word: string): string {
	return `${word.slice(0, -2)}${word.at(-1)}${word.at(-2)}`;
}
