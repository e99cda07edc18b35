/** The log of a real registry:2 with containerd, Docker, curl, ourselves and a forger as its clients. */

import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { parsePullLog, selectPullLines } from '../../src/oci/pull-log.ts';
import { suite } from '../harness.ts';

const test = suite('oci/pull-log');
const log = readFileSync(new URL('registry.log.txt', import.meta.url), 'utf8');
const index = 'sha256:7c8b85f3b55d2aa565f430f37c6a65b72b3a2718b8bb1850c050a0bf0665c036';
const amd64 = 'sha256:4e713bf4ff28348113f2488d0e3e94f2e06b004ca7e0a3ddd29984305562c4e6';

test('each answered request for a manifest, and nothing else', () => {
	const records = parsePullLog(log).map(({ method, repository, reference, status, client }) =>
		[method, repository, reference, status, client].join(' '),
	);
	assert.equal(records, [
		'HEAD myapp 1.0 404 172.17.0.1',
		'HEAD myapp 1.0 401 172.18.0.2',
		'HEAD myapp 1.0 200 172.18.0.2',
		`GET myapp ${index} 401 172.18.0.2`,
		`GET myapp ${index} 200 172.18.0.2`,
		`GET myapp ${amd64} 200 172.18.0.2`,
		'HEAD myapp 1.0 401 172.18.0.2',
		'GET myapp 1.0 401 172.18.0.1',
		'GET myapp 1.0 401 172.18.0.1',
		`GET a/b ${index} 404 172.18.0.1`,
		'GET myapp 1.0 401 172.18.0.1',
	]);
});

test('the lines themselves can be kept, and say the same later', () => {
	const lines = selectPullLines(log);
	assert.equal(parsePullLog(lines.join('\n')), parsePullLog(log));
	assert.ok(lines.every((line) => log.includes(line)));
	assert.not(lines.some((line) => line.includes('04:50:00')));
});

test('time, and who asked', () => {
	const [first, second] = parsePullLog(log);
	assert.is(first?.time, '2026-11-23T04:36:57.000Z');
	assert.is(first?.userAgent, 'kubeproctor');
	assert.is(second?.userAgent, 'containerd/v2.1.9');
});

const line = '10.0.0.9 - - [01/Feb/2026:23:59:59 +0530] "GET /v2/a/manifests/1 HTTP/1.1" 200 1 "" "containerd/v2.1.9"';

test('a zone other than UTC, IPv6, a time stamp before the line, a carriage return', () => {
	assert.is(parsePullLog(line)[0]?.time, '2026-02-01T18:29:59.000Z');
	assert.is(parsePullLog(line.replace('10.0.0.9', 'fd00::2'))[0]?.client, 'fd00::2');
	assert.is(parsePullLog(`2026-02-01T18:29:59.123456789Z ${line}\r\n`).length, 1);
});

test('a line that is torn anywhere is passed over, and the next one is read', () => {
	for (let at = 0; at < line.length; at++) {
		const records = parsePullLog(`${line.slice(0, at)}\n${line}\n${line.slice(at + 1)}`);
		const whole = records.filter(({ client, reference }) => client === '10.0.0.9' && reference === '1');
		assert.ok(whole.length >= 1, line.slice(0, at));
	}
	assert.equal(parsePullLog(''), []);
	assert.equal(parsePullLog(line.replace('Feb', 'Fly')), []);
	assert.equal(parsePullLog(line.replace('01/', '42/')), []);
});

test('text that only quotes such a line is no such line', () => {
	assert.equal(parsePullLog(`time="…" level=info msg="${line.replaceAll('"', '\\"')}"`), []);
	assert.equal(parsePullLog(`x ${line}`), []);
});

test.run();
