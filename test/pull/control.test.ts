/** Pods without credentials, and what their state proves. */

import * as assert from 'uvu/assert';
import { judgeControl, mayUseCache } from '../../src/pull/control.ts';
import { suite } from '../harness.ts';

const test = suite('controls');
const refused = (message: string) => judgeControl({ reason: 'ErrImagePull', message }, false);

test('only a denial for want of credentials counts', () => {
	assert.is(refused('authorization failed: no basic auth credentials'), 'refused');
	assert.is(refused('authentication required'), 'refused');
	assert.is(refused('unexpected status from HEAD request to http://x: 401 Unauthorized'), 'broken');
	assert.is(refused('dial tcp: lookup x: no such host'), 'broken');
	assert.is(refused('http: server gave HTTP response to HTTPS client'), 'broken');
});

test("the node's own pull limit says nothing yet", () => assert.is(refused('pull QPS exceeded'), 'pending'));

test('one that has the image runs, even where it crashes', () => {
	assert.is(judgeControl(null, true), 'runs');
	assert.is(judgeControl({ reason: 'CrashLoopBackOff', message: '' }, true), 'runs');
	assert.is(judgeControl({ reason: 'ContainerCreating', message: '' }, false), 'pending');
	assert.is(judgeControl(null, false), 'pending');
});

test('the cache is open to everybody before 1.35, and only to who does not ask again', () => {
	assert.is(mayUseCache('IfNotPresent', '1.34.9'), true);
	assert.is(mayUseCache('Always', '1.34.9'), false);
	assert.is(mayUseCache('IfNotPresent', '1.35.0'), false);
	assert.is(mayUseCache('IfNotPresent', '2.0.0'), false);
});

test.run();
