/** Where our registry answers otherwise than registry:2 does, what it says, and why. */

import { digestOf } from '../../../src/oci/digest.ts';
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
const torn = 'registry:2 promises five bytes, sends none, and hangs up';
const conformance = 'the conformance program of the OCI asks for this';
const innerWorkings = 'registry:2 shows the inside of its JSON decoder';
const bareAnswer = 'no client looks at it, and all our answers carry the same headers';

const unknownUpload: Exception = {
	because: signedState,
	status: 404,
	body: fault('BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry', {}),
};

export const exceptions: Record<string, Exception> = {
	'/ as nobody': { because: bareAnswer, status: 200, body: '' },
	'manifest by what is no digest': {
		because: ownFault,
		status: 400,
		body: fault('DIGEST_INVALID', 'provided digest did not match uploaded content', {}),
	},
	'unknown upload': unknownUpload,
	'gone after that': unknownUpload,
	'a chunk out of order': {
		because: newerThanRegistry2,
		status: 416,
		body: fault('RANGE_INVALID', 'invalid content range'),
		headers: { location: 'http://registry/v2/a/blobs/uploads/<upload>', range: '0-0' },
	},
	'behind the end': {
		because: torn,
		status: 416,
		body: '',
		headers: { 'content-range': 'bytes */5', 'content-length': '0' },
	},
	'complete by SHA-512': {
		because: newerThanRegistry2,
		status: 201,
		body: '',
		headers: { 'docker-content-digest': digestOf('hello', 'sha512') },
	},
	'a range of no numbers': { because: torn, status: 416, body: '', headers: { 'content-range': 'bytes */5' } },
	'a range of no bytes': { because: 'RFC 9110 has an unknown unit ignored', status: 200, body: 'hello' },
	'blob, if it is another': { because: torn, status: 412, body: '', headers: { 'content-length': '0' } },
	'mount without a source': { because: conformance, status: 201, body: '' },
	'pull what is among the known': { because: 'RFC 9110 has a list there', status: 304, body: '' },
	'manifest without a config': invalidManifest('registry:2 looks for a blob without a digest'),
	'manifest with half a byte': invalidManifest(innerWorkings),
	'manifest with a layer that is elsewhere': { because: conformance, status: 201, body: '' },
	'two ranges': {
		because: 'nobody has to serve several ranges, and no client of registries asks for them',
		status: 200,
		body: 'hello',
	},
	'manifest that is no JSON': invalidManifest(innerWorkings),
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

function invalidManifest(because: string): Exception {
	return { because, status: 400, body: fault('MANIFEST_INVALID', 'manifest invalid', {}) };
}

function fault(code: string, message: string, detail?: unknown): string {
	return `${JSON.stringify({ errors: [{ code, message, ...(detail !== undefined && { detail }) }] })}\n`;
}
