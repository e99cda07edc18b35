/** What a registry is asked, one after the other: every endpoint, and every way to get it wrong. */

import { digestOf } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import { type Answer, ask, normalize, type Request } from './ask.ts';

export interface Step extends Request {
	name: string;
}

const learner = { authorization: basic('myuser:mypassword') };
const bytes = { 'content-type': mediaTypes.bytes };
const manifestType = { 'content-type': mediaTypes.manifest };
const manifestAccepted = { accept: mediaTypes.manifest };

const hello = digestOf('hello');
const empty = digestOf('');
const nothing = `sha256:${'0'.repeat(64)}`;
const descriptor = (mediaType: string, digest: string) => ({ mediaType, digest, size: 5 });
const manifestOf = (config: string, layers: string[] = []) =>
	JSON.stringify({
		schemaVersion: 2,
		mediaType: mediaTypes.manifest,
		config: descriptor(mediaTypes.config, config),
		layers: layers.map((layer) => descriptor(mediaTypes.layer, layer)),
	});
const manifest = manifestOf(hello);
const unsaid = manifest.replace(mediaTypes.manifest, '');
const restricted = manifest.replace(
	'"layers":[',
	`$&${JSON.stringify(descriptor('application/vnd.oci.image.layer.nondistributable.v1.tar', nothing))}`,
);
const digest = digestOf(manifest);
const index = (child: string) =>
	JSON.stringify({
		schemaVersion: 2,
		mediaType: mediaTypes.index,
		manifests: [{ ...descriptor(mediaTypes.manifest, child), size: manifest.length }],
	});

/** `{upload}` in a path: where the last answer with a Location sent us; what follows is added to its query. */
export const steps: readonly Step[] = [
	...['/', '/v2', '/v2/', '/v2/_catalog', '/v2/a/manifests/1', '/v2/a/b/tags/list', `/v2/a/blobs/${hello}`].map(
		asNobody,
	),
	...[`/v2/a/tags/list/?n=1&last='<">`, '/v2/a/blobs/uploads', '/v2//_catalog?n=1', '/v2/a/../b/tags/list'].map(
		asNobody,
	),
	...['/v2/nothing', '/v2/A/manifests/1', '/elsewhere', '/v2/a/manifests/-bad', '/v2/a/blobs/bad'].map(asNobody),
	{ ...asNobody('/v2/'), name: 'wrong password', headers: { authorization: basic('myuser:wrong') } },
	{ ...asNobody('/v2/a/manifests/1'), name: 'wrong user', headers: { authorization: basic('nobody:mypassword') } },
	{ ...asNobody('/v2/'), name: 'no colon in the credentials', headers: { authorization: basic('myuser') } },
	{ ...asNobody('/v2/'), name: 'a token instead of a password', headers: { authorization: 'Bearer x' } },
	{ ...asNobody('/v2/'), name: 'credentials that are no base64', headers: { authorization: 'Basic !!!' } },
	{
		...asNobody('/v2/'),
		name: 'basic in small letters',
		headers: { authorization: learner.authorization.replace('B', 'b') },
	},
	{ ...asNobody('/v2/a/blobs/uploads/'), name: 'push as nobody', method: 'POST' },
	{ ...asNobody(`/v2/a/blobs/uploads/?mount=${hello}&from=b%3Cc`), name: 'mount as nobody', method: 'POST' },
	{ ...asNobody('/v2/a/manifests/1'), name: 'put a manifest as nobody', method: 'PUT' },
	{ ...asNobody('/v2/a/manifests/1'), name: 'delete a manifest as nobody', method: 'DELETE' },
	{ ...asNobody('/v2/a/manifests/1'), name: 'head a manifest as nobody', method: 'HEAD' },
	{ ...asNobody('/v2/a/tags/list'), name: 'a wrong method as nobody', method: 'PATCH' },
	{ ...asNobody('/v2/a/manifests/1'), name: 'options as nobody', method: 'OPTIONS' },
	{ ...asNobody('/v2/a/blobs/uploads'), name: 'push as nobody, without the slash', method: 'POST' },

	learnerAsks('base', 'GET', '/v2/'),
	learnerAsks('base, head', 'HEAD', '/v2/'),
	learnerAsks('base, post', 'POST', '/v2/'),
	learnerAsks('empty catalog', 'GET', '/v2/_catalog'),
	learnerAsks('tags of an unknown repository', 'GET', '/v2/a/tags/list'),
	learnerAsks('unknown tag', 'GET', '/v2/a/manifests/1'),
	learnerAsks('unknown tag, head', 'HEAD', '/v2/a/manifests/1'),
	learnerAsks('unknown manifest', 'GET', `/v2/a/manifests/${nothing}`),
	learnerAsks('manifest by what is no digest', 'GET', '/v2/a/manifests/sha256:abc'),
	learnerAsks('unknown blob', 'GET', `/v2/a/blobs/${hello}`),
	learnerAsks('unknown blob, head', 'HEAD', `/v2/a/blobs/${hello}`),
	learnerAsks('blob by half a digest', 'GET', '/v2/a/blobs/sha256:abc'),
	learnerAsks('blob by an unknown algorithm', 'GET', '/v2/a/blobs/md5:5d41402abc4b2a76b9719d911017c592'),
	learnerAsks('slash in a tag', 'GET', '/v2/a/manifests/1%2f2'),
	learnerAsks('digest with an encoded colon', 'GET', `/v2/a/manifests/${nothing.replace(':', '%3A')}`),
	learnerAsks('post to a blob', 'POST', `/v2/a/blobs/${hello}`),
	learnerAsks('patch a manifest', 'PATCH', '/v2/a/manifests/1'),
	learnerAsks('post to tags', 'POST', '/v2/a/tags/list'),
	learnerAsks('options of a manifest', 'OPTIONS', '/v2/a/manifests/1'),
	learnerAsks('options of a blob', 'OPTIONS', `/v2/a/blobs/${hello}`),
	learnerAsks('cancel uploads', 'DELETE', '/v2/a/blobs/uploads/'),
	learnerAsks('get uploads', 'GET', '/v2/a/blobs/uploads/'),
	learnerAsks('unknown upload', 'GET', '/v2/a/blobs/uploads/00000000-0000-0000-0000-000000000000'),

	learnerAsks('mount of nothing', 'POST', `/v2/a/blobs/uploads/?mount=${hello}&from=b`),
	learnerAsks('mount of what is no digest', 'POST', '/v2/a/blobs/uploads/?mount=nonsense&from=b'),
	learnerAsks('begin', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('begin where one has begun', 'POST', '{upload}'),
	learnerAsks('where it stands', 'GET', '{upload}'),
	learnerAsks('where it stands, head', 'HEAD', '{upload}'),
	learnerAsks('complete without a digest', 'PUT', '{upload}'),
	learnerAsks('complete with what is no digest', 'PUT', '{upload}digest=nonsense'),
	learnerAsks('complete with another digest', 'PUT', `{upload}digest=${nothing}`, bytes, 'hello'),
	learnerAsks('gone after that', 'GET', '{upload}'),
	learnerAsks('begin, to cancel', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('cancel', 'DELETE', '{upload}'),
	learnerAsks('cancel it again', 'DELETE', '{upload}'),
	learnerAsks('a chunk for what was cancelled', 'PATCH', '{upload}', bytes, 'hello'),
	learnerAsks('complete what was cancelled', 'PUT', `{upload}digest=${hello}`, bytes, 'hello'),
	learnerAsks('begin, in chunks', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('first chunk', 'PATCH', '{upload}', { ...bytes, 'content-range': '0-1' }, 'he'),
	learnerAsks('second chunk', 'PATCH', '{upload}', { ...bytes, 'content-range': '2-4' }, 'llo'),
	learnerAsks('where the chunks end', 'GET', '{upload}'),
	learnerAsks('complete the chunks', 'PUT', `{upload}digest=${hello}`),
	learnerAsks('gone once it is complete', 'GET', '{upload}'),
	learnerAsks('begin, in one stream', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('the stream', 'PATCH', '{upload}', bytes, 'hello'),
	learnerAsks('complete the stream', 'PUT', `{upload}digest=${hello}`),
	learnerAsks('begin, in one request', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('complete at once', 'PUT', `{upload}digest=${hello}`, bytes, 'hello'),
	learnerAsks('begin, with a last chunk', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('all but the last chunk', 'PATCH', '{upload}', { ...bytes, 'content-range': '0-1' }, 'he'),
	learnerAsks(
		'complete with the last chunk',
		'PUT',
		`{upload}digest=${hello}`,
		{ ...bytes, 'content-range': '2-4' },
		'llo',
	),
	learnerAsks('begin, by SHA-512', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('complete by SHA-512', 'PUT', `{upload}digest=${digestOf('hello', 'sha512')}`, bytes, 'hello'),
	learnerAsks('begin, with nothing in it', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('complete the empty blob', 'PUT', `{upload}digest=${empty}`),
	learnerAsks('the empty blob', 'GET', `/v2/a/blobs/${empty}`),
	learnerAsks('a part of the empty blob', 'GET', `/v2/a/blobs/${empty}`, { range: 'bytes=0-1' }),
	learnerAsks('begin, out of order', 'POST', '/v2/a/blobs/uploads/'),
	learnerAsks('a chunk out of order', 'PATCH', '{upload}', { ...bytes, 'content-range': '9-10' }, 'll'),

	learnerAsks('blob', 'GET', `/v2/a/blobs/${hello}`),
	learnerAsks('blob, head', 'HEAD', `/v2/a/blobs/${hello}`),
	learnerAsks('from the second byte to the third', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=1-2' }),
	learnerAsks('the last two bytes', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=-2' }),
	learnerAsks('from the fourth byte', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=3-' }),
	learnerAsks('behind the end', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=9-' }),
	learnerAsks('a part, head', 'HEAD', `/v2/a/blobs/${hello}`, { range: 'bytes=1-2' }),
	learnerAsks('the one of two ranges that is there', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=9-9,0-0' }),
	learnerAsks('a range and a comma', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=1-2,' }),
	learnerAsks('a range of no numbers', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=x' }),
	learnerAsks('a range of no bytes', 'GET', `/v2/a/blobs/${hello}`, { range: 'items=0-1' }),
	learnerAsks('the part of what is known', 'GET', `/v2/a/blobs/${hello}`, {
		range: 'bytes=1-2',
		'if-range': `"${hello}"`,
	}),
	learnerAsks('the part of another', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=1-2', 'if-range': '"x"' }),
	learnerAsks('two ranges', 'GET', `/v2/a/blobs/${hello}`, { range: 'bytes=0-1,3-4' }),
	learnerAsks('blob that is known', 'GET', `/v2/a/blobs/${hello}`, { 'if-none-match': `"${hello}"` }),
	learnerAsks('blob that is known, head', 'HEAD', `/v2/a/blobs/${hello}`, { 'if-none-match': `"x", "${hello}"` }),
	learnerAsks('blob that is known weakly', 'GET', `/v2/a/blobs/${hello}`, { 'if-none-match': `W/"${hello}"` }),
	learnerAsks('blob, unless there is any', 'GET', `/v2/a/blobs/${hello}`, { 'if-none-match': '*' }),
	learnerAsks('blob that is known without quotes', 'GET', `/v2/a/blobs/${hello}`, { 'if-none-match': hello }),
	learnerAsks('blob, if it is that one', 'GET', `/v2/a/blobs/${hello}`, { 'if-match': `"x", "${hello}"` }),
	learnerAsks('blob, if it is any', 'GET', `/v2/a/blobs/${hello}`, { 'if-match': '*' }),
	learnerAsks('blob, if it is another', 'GET', `/v2/a/blobs/${hello}`, { 'if-match': '"x"' }),
	learnerAsks('mount without a source', 'POST', `/v2/a/blobs/uploads/?mount=${hello}`),
	learnerAsks('mount into a folder', 'POST', `/v2/c/d/blobs/uploads/?mount=${hello}&from=a`),
	learnerAsks('mount beside a folder', 'POST', `/v2/c-d/blobs/uploads/?mount=${hello}&from=a`),
	learnerAsks('mount', 'POST', `/v2/c/blobs/uploads/?mount=${hello}&from=a`),
	learnerAsks('mounted blob', 'GET', `/v2/c/blobs/${hello}`),

	learnerAsks('manifest that is no JSON', 'PUT', '/v2/a/manifests/1', manifestType, 'no JSON'),
	learnerAsks('manifest as text', 'PUT', '/v2/a/manifests/1', { 'content-type': 'text/plain' }, manifest),
	learnerAsks('manifest as nothing', 'PUT', '/v2/a/manifests/1', {}, manifest),
	learnerAsks(
		'manifest as another type',
		'PUT',
		'/v2/a/manifests/1',
		{ 'content-type': mediaTypes.dockerManifest },
		manifest,
	),
	learnerAsks(
		'manifest of what is not there',
		'PUT',
		'/v2/a/manifests/1',
		manifestType,
		manifestOf(nothing, [nothing]),
	),
	learnerAsks(
		'index of what is not there',
		'PUT',
		'/v2/a/manifests/1',
		{ 'content-type': mediaTypes.index },
		index(nothing),
	),
	learnerAsks('manifest without a config', 'PUT', '/v2/a/manifests/1', manifestType, '{"schemaVersion":2,"layers":[]}'),
	learnerAsks('manifest with half a byte', 'PUT', '/v2/a/manifests/1', manifestType, manifest.replace(':5}', ':5.5}')),
	learnerAsks(
		'manifest with a layer that is elsewhere',
		'PUT',
		`/v2/a/manifests/${digestOf(restricted)}`,
		manifestType,
		restricted,
	),
	learnerAsks(
		'manifest of Docker that does not say so',
		'PUT',
		'/v2/a/manifests/1',
		{ 'content-type': mediaTypes.dockerManifest },
		manifest.replace(/"mediaType":"[^"]*",/, ''),
	),
	learnerAsks('manifest by another digest', 'PUT', `/v2/a/manifests/${nothing}`, manifestType, manifest),
	learnerAsks('manifest as an impossible tag', 'PUT', '/v2/a/manifests/-bad', manifestType, manifest),
	learnerAsks('manifest', 'PUT', '/v2/a/manifests/1', manifestType, manifest),
	learnerAsks('manifest with a second tag', 'PUT', '/v2/a/manifests/2', manifestType, manifest),
	learnerAsks(
		'manifest that says nothing of what it is',
		'PUT',
		`/v2/a/manifests/${digestOf(unsaid)}`,
		manifestType,
		unsaid,
	),
	learnerAsks('index', 'PUT', '/v2/a/manifests/all', { 'content-type': mediaTypes.index }, index(digest)),

	learnerAsks('pull', 'GET', '/v2/a/manifests/1', manifestAccepted),
	learnerAsks('pull by digest, head', 'HEAD', `/v2/a/manifests/${digest}`, manifestAccepted),
	learnerAsks('pull as a node', 'HEAD', '/v2/a/manifests/all?ns=registry.example.com', {
		accept: `${mediaTypes.dockerManifest}, ${mediaTypes.dockerIndex}, ${mediaTypes.manifest}, ${mediaTypes.index}, */*`,
	}),
	learnerAsks('pull as curl does', 'GET', '/v2/a/manifests/1', { accept: '*/*' }),
	learnerAsks('pull an index as curl does', 'GET', '/v2/a/manifests/all', { accept: '*/*' }),
	learnerAsks('pull as an old Docker', 'GET', '/v2/a/manifests/1', { accept: mediaTypes.dockerManifest }),
	learnerAsks('pull what is known', 'GET', '/v2/a/manifests/1', {
		...manifestAccepted,
		'if-none-match': `"${digest}"`,
	}),
	learnerAsks('pull what is known without quotes', 'GET', '/v2/a/manifests/1', {
		...manifestAccepted,
		'if-none-match': digest,
	}),
	learnerAsks('pull what is among the known', 'GET', '/v2/a/manifests/1', {
		...manifestAccepted,
		'if-none-match': `"x", "${digest}"`,
	}),
	learnerAsks('pull in capitals', 'GET', '/v2/a/manifests/1', { accept: mediaTypes.manifest.toUpperCase() }),
	learnerAsks('pull an unknown tag', 'GET', '/v2/a/manifests/9', manifestAccepted),
	learnerAsks('pull from a repository that has none', 'GET', '/v2/c/manifests/1', manifestAccepted),

	learnerAsks('tags', 'GET', '/v2/a/tags/list'),
	learnerAsks('one tag', 'GET', '/v2/a/tags/list?n=1'),
	learnerAsks('tags after the first', 'GET', '/v2/a/tags/list?last=1'),
	learnerAsks('no tags', 'GET', '/v2/a/tags/list?n=0'),
	learnerAsks('x tags', 'GET', '/v2/a/tags/list?n=x'),
	learnerAsks('catalog', 'GET', '/v2/_catalog'),
	learnerAsks('first of the catalog', 'GET', '/v2/_catalog?n=1'),
	learnerAsks('rest of the catalog', 'GET', '/v2/_catalog?n=9&last=a'),
	learnerAsks('all that is in a full page of the catalog', 'GET', '/v2/_catalog?n=2&last=c/d'),
	learnerAsks('the catalog behind a folder', 'GET', '/v2/_catalog?last=c/d'),
	learnerAsks('the catalog behind its end', 'GET', '/v2/_catalog?last=z'),
	learnerAsks('x of the catalog', 'GET', '/v2/_catalog?n=x'),
	learnerAsks('less than none of the catalog', 'GET', '/v2/_catalog?n=-1'),
	learnerAsks('too much of the catalog', 'GET', '/v2/_catalog?n=1001'),
	learnerAsks('more of the catalog than can be counted', 'GET', '/v2/_catalog?n=99999999999999999999'),
	learnerAsks('none of the catalog', 'GET', '/v2/_catalog?n=0'),
	learnerAsks('referrers', 'GET', `/v2/a/referrers/${digest}`),

	learnerAsks('delete a tag', 'DELETE', '/v2/a/manifests/2'),
	learnerAsks('delete an unknown manifest', 'DELETE', `/v2/a/manifests/${nothing}`),
	learnerAsks('delete the manifest', 'DELETE', `/v2/a/manifests/${digest}`),
	learnerAsks('its tag is gone', 'GET', '/v2/a/manifests/1', manifestAccepted),
	learnerAsks('delete the index', 'DELETE', `/v2/a/manifests/${digestOf(index(digest))}`),
	learnerAsks('tags of a repository that has none', 'GET', '/v2/a/tags/list'),
	learnerAsks('delete an unknown blob', 'DELETE', `/v2/a/blobs/${nothing}`),
	learnerAsks('delete the blob', 'DELETE', `/v2/a/blobs/${hello}`),
	learnerAsks('delete it again', 'DELETE', `/v2/a/blobs/${hello}`),
	learnerAsks('it is gone', 'GET', `/v2/a/blobs/${hello}`),
	learnerAsks('the mounted one is not', 'HEAD', `/v2/c/blobs/${hello}`),
	learnerAsks('post with the whole blob', 'POST', `/v2/p/blobs/uploads/?digest=${hello}`, bytes, 'hello'),
];

/** Every answer, by the name of its step. */
export async function takeSteps(url: string): Promise<Record<string, Answer>> {
	const answers: Record<string, Answer> = {};
	let upload = '';
	for (const { name, ...step } of steps) {
		const path = step.path.replace(/^\{upload\}(.*)$/, (_, query) => {
			if (query === '') return upload;
			return `${upload}${upload.includes('?') ? '&' : '?'}${query}`;
		});
		const answer = await ask(url, { ...step, path });
		if (answer.headers['location'] !== undefined) upload = answer.headers['location'].replace(url, '');
		answers[name] = normalize(answer, url);
	}
	return answers;
}

function asNobody(path: string): Step {
	return { name: `${path} as nobody`, method: 'GET', path };
}

function learnerAsks(
	name: string,
	method: string,
	path: string,
	headers: Record<string, string> = {},
	body = '',
): Step {
	return { name, method, path, headers: { ...learner, ...headers }, body };
}

function basic(credentials: string): string {
	return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
