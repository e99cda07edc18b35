/** `WWW-Authenticate` as registries really write it, and as nobody should. */

import * as assert from 'uvu/assert';
import { parseChallenges } from '../../src/oci/challenge.ts';
import { suite } from '../harness.ts';

const test = suite('oci/challenge');

for (const [header, expected] of [
	['Basic realm="kubeproctor private registry"', [['basic', { realm: 'kubeproctor private registry' }]]],
	[
		'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
		[
			[
				'bearer',
				{ realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:a/b:pull,push' },
			],
		],
	],
	[
		'Bearer realm="a", Basic realm="b"',
		[
			['bearer', { realm: 'a' }],
			['basic', { realm: 'b' }],
		],
	],
	[
		'Negotiate, Basic realm=plain',
		[
			['negotiate', {}],
			['basic', { realm: 'plain' }],
		],
	],
	['BASIC REALM="a \\"quoted\\" one"', [['basic', { realm: 'a "quoted" one' }]]],
	['Basic', [['basic', {}]]],
	['Bearer realm="never closed', [['bearer', {}]]],
	['', []],
	[undefined, []],
	['= = "', []],
] as const) {
	test(header ?? 'no header', () => {
		assert.equal(
			parseChallenges(header),
			expected.map(([scheme, parameters]) => ({ scheme, parameters: { ...parameters } })),
		);
	});
}

test.run();
