/** Where our registry answers otherwise than registry:2 does, what it says, and why. */

import { mediaTypes } from '../../../src/oci/media-types.ts';

export interface Exception {
	because: string;
	status: number;
	body: string;
	/** Only these are looked at. */
	headers?: Record<string, string>;
}

const newerThanRegistry2 = 'registry:2 predates the distribution spec 1.1, which asks for this';
const ownFault = 'an error of registry:2 that the spec does not allow';
const signedState = 'registry:2 signs the state of an upload; we keep it, so there is only known and unknown';
const bareAnswer = 'no client looks at it, and all our answers carry the same headers';

export const exceptions: Record<string, Exception> = {
	'/ as nobody': { because: bareAnswer, status: 200, body: '' },
	'/v2 as nobody': { because: bareAnswer, status: 301, body: '', headers: { location: '/v2/' } },
	'manifest by what is no digest': {
		because: ownFault,
		status: 400,
		body: fault('DIGEST_INVALID', 'provided digest did not match uploaded content', {}),
	},
	'unknown upload': {
		because: signedState,
		status: 404,
		body: fault('BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry'),
	},
	'gone after that': {
		because: signedState,
		status: 404,
		body: fault('BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry'),
	},
	'a chunk out of order': {
		because: newerThanRegistry2,
		status: 416,
		body: fault('RANGE_INVALID', 'invalid content range'),
		headers: { location: 'http://registry/v2/a/blobs/uploads/<upload>', range: '0-0' },
	},
	'behind the end': {
		because: 'registry:2 promises five bytes, sends none, and hangs up',
		status: 416,
		body: '',
		headers: { 'content-range': 'bytes */5', 'content-length': '0' },
	},
	'two ranges': {
		because: 'nobody has to serve several ranges, and no client of registries asks for them',
		status: 200,
		body: 'hello',
	},
	'manifest that is no JSON': {
		because: 'registry:2 shows the inside of its JSON decoder',
		status: 400,
		body: fault('MANIFEST_INVALID', 'manifest invalid', {}),
	},
	'one tag': {
		because: newerThanRegistry2,
		status: 200,
		body: '{"name":"a","tags":["1"]}\n',
		headers: { link: '</v2/a/tags/list?last=1&n=1>; rel="next"' },
	},
	'tags after the first': { because: newerThanRegistry2, status: 200, body: '{"name":"a","tags":["2","all"]}\n' },
	'no tags': { because: newerThanRegistry2, status: 200, body: '{"name":"a","tags":[]}\n' },
	'x tags': {
		because: newerThanRegistry2,
		status: 400,
		body: fault('PAGINATION_NUMBER_INVALID', 'invalid number of results requested', { n: 'x' }),
	},
	referrers: {
		because: newerThanRegistry2,
		status: 200,
		body: `${JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] })}\n`,
		headers: { 'content-type': mediaTypes.index },
	},
	'delete a tag': { because: newerThanRegistry2, status: 202, body: '' },
	'tags of a repository that has none': { because: ownFault, status: 200, body: '{"name":"a","tags":[]}\n' },
	'post with the whole blob': {
		because: 'registry:2 takes the first of two ways that the spec leaves open, we the shorter one',
		status: 201,
		body: '',
	},
};

function fault(code: string, message: string, detail?: unknown): string {
	return `${JSON.stringify({ errors: [{ code, message, ...(detail !== undefined && { detail }) }] })}\n`;
}
