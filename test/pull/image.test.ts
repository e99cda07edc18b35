/** Whether two references are of one image, and whose image a node speaks of. */

import * as assert from 'uvu/assert';
import { isAboutAnother } from '../../src/pull/image.ts';
import { suite } from '../harness.ts';

const test = suite('pull/image');

const digest = `sha256:${'0'.repeat(64)}`;

test("a node's words are of the image that they name, however they write it", () => {
	for (const [image, text] of [
		['myapp', 'Back-off pulling image "myapp"'],
		['myapp', 'failed to pull and unpack image "docker.io/library/myapp:latest": not found'],
		['myapp', 'Back-off pulling image "myapp": ErrImagePull: failed to pull image "docker.io/library/myapp:latest"'],
		[`h/myapp:1.0@${digest}`, `failed to pull and unpack image "h/myapp@${digest}": not found`],
		['h/MyApp', 'Failed to apply default image tag "h/MyApp": couldn\'t parse image name "h/MyApp"'],
		['h/myapp:1.0', 'Container image "h/myapp:1.0" is not present with pull policy of Never'],
		['h/myapp:1.0', 'pull QPS exceeded'],
		['h/myapp:1.0', ''],
	] as const)
		assert.not.ok(isAboutAnother(text, image), text);
});

test('or of another', () => {
	for (const [image, text] of [
		['h/myapp:1.0', 'Back-off pulling image "h/myapp:1.O"'],
		['h/myapp:1.0', 'failed to pull and unpack image \\"h/other:1.0\\": not found'],
		['h/myapp', 'Failed to apply default image tag "h/MyApp": couldn\'t parse image name "h/MyApp"'],
		['h/myapp:1.0', `failed to pull and unpack image "h/myapp@${digest}": not found`],
		['h/myapp:1.0', 'Container image "h/myapp:2.0" is not present with pull policy of Never'],
	] as const)
		assert.ok(isAboutAnother(text, image), text);
});

test.run();
