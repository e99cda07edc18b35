/** Passwords: what an htpasswd file lets in, when it is read again, and what it costs. */

import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from 'bcryptjs';
import * as assert from 'uvu/assert';
import { writeHtpasswdLine } from '../../../src/oci/htpasswd.ts';
import { readBasic } from '../../../src/oci/server/guard.ts';
import { openUsers, parseHtpasswd } from '../../../src/oci/server/users.ts';
import { ask } from '../../contracts/registry/ask.ts';
import { suite } from '../../harness.ts';
import { withFolder, withRegistry } from './registry.ts';

const test = suite('oci/server/users');

test('bcrypt under each of its names matches, and no other kind of hash ever does', async () => {
	const bcrypt = (await hash('secret', 4)).slice(3);
	const lines = {
		a: `$2a${bcrypt}`,
		b: `$2b${bcrypt}`,
		y: `$2y${bcrypt}`,
		x: `$2x${bcrypt}`,
		plain: 'secret',
		// Hashes of "secret", as `openssl passwd` and Apache's htpasswd make them.
		md5: '$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/',
		sha1: '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=',
		sha256: '$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.',
		cut: `$2y${bcrypt.slice(0, -1)}`,
		empty: '',
	};
	await withFolder(async (folder) => {
		const file = join(folder, 'htpasswd');
		writeFileSync(
			file,
			Object.entries(lines)
				.map((line) => line.join(':'))
				.join('\n'),
		);
		const users = openUsers({ htpasswd: file });
		const right = [];
		for (const username of Object.keys(lines)) {
			if (await users.admit({ username, password: 'secret' })) right.push(username);
			assert.not(await users.admit({ username, password: 'secre' }), username);
			assert.not(await users.admit({ username, password: '' }), username);
		}
		assert.equal(right, ['a', 'b', 'y']);
		assert.not(await users.admit({ username: 'nobody', password: 'secret' }));
	});
});

test('a file is read as registry:2 reads it', () => {
	const text = '# a comment\n\n  one:hash:with:colons  \r\n#two:x\ntwo:1\ntwo:2\n';
	assert.equal(
		[...parseHtpasswd(text)],
		[
			['one', 'hash:with:colons'],
			['two', '2'],
		],
	);
	assert.throws(() => parseHtpasswd('good:x\nbad\n'), 'htpasswd: invalid entry at line 2');
});

test('another password counts from the moment the file has it, and a missing file lets nobody in', async () => {
	await withFolder(async (folder) => {
		const htpasswd = join(folder, 'htpasswd');
		let age = 0;
		const write = async (password: string) => {
			writeFileSync(htpasswd, await writeHtpasswdLine({ username: 'myuser', password }));
			// Two writes of the same length may fall into one tick of the file system's clock.
			utimesSync(htpasswd, ++age, age);
		};
		await write('one');
		await withRegistry({ users: { htpasswd } }, async ({ url }) => {
			const status = async (password: string) => {
				const headers = { authorization: `Basic ${Buffer.from(`myuser:${password}`).toString('base64')}` };
				return (await ask(url, { method: 'GET', path: '/v2/', headers })).status;
			};
			assert.equal([await status('one'), await status('one'), await status('two')], [200, 200, 401]);
			await write('two');
			assert.equal([await status('one'), await status('two')], [401, 200]);
			rmSync(htpasswd);
			assert.equal([await status('one'), await status('two')], [500, 500]);
			await write('three');
			assert.equal([await status('two'), await status('three')], [401, 200]);
		});
	});
});

test('a password that was right is not hashed again; a wrong one is, each time', async () => {
	await withFolder(async (folder) => {
		const file = join(folder, 'htpasswd');
		writeFileSync(file, `myuser:${await hash('secret', 10)}`);
		const users = openUsers({ htpasswd: file });
		const measure = async (password: string, times: number) => {
			let least = Number.POSITIVE_INFINITY;
			for (let time = 0; time < times; time++) {
				const before = performance.now();
				await users.admit({ username: 'myuser', password });
				least = Math.min(least, performance.now() - before);
			}
			return least;
		};
		await measure('secret', 1);
		const remembered = await measure('secret', 20);
		const wrong = await measure('wrong', 4);
		assert.ok(remembered * 10 < wrong, `${remembered} ms, ${wrong} ms`);
	});
});

test('users change while the registry runs', async () => {
	await withRegistry({ users: null }, async (registry) => {
		const status = async (headers = {}) => (await ask(registry.url, { method: 'GET', path: '/v2/', headers })).status;
		assert.is(await status(), 200);
		registry.setUsers({ credentials: [{ username: 'a', password: 'b:c' }] });
		assert.is(await status(), 401);
		assert.is(await status({ authorization: `Basic ${btoa('a:b:c')}` }), 200);
		assert.is(await status({ authorization: `Basic ${btoa('a:b')}` }), 401);
		registry.setUsers({ credentials: [] });
		assert.is(await status({ authorization: `Basic ${btoa('a:b:c')}` }), 401);
	});
});

test('only what RFC 7617 allows is read as credentials', () => {
	const read = (text: string) => readBasic(`Basic ${btoa(text)}`);
	assert.equal(read('a:b'), { username: 'a', password: 'b' });
	assert.equal(read(':'), { username: '', password: '' });
	assert.equal(read('a::b:'), { username: 'a', password: ':b:' });
	assert.equal(readBasic(`bASIC ${btoa('a:b')}`), { username: 'a', password: 'b' });
	for (const bad of [
		undefined,
		'',
		'Basic',
		'Basic ',
		`Basic  ${btoa('a:b')}`,
		'Basic YTpi=',
		'Basic YTp',
		'Basic YT-i',
		btoa('a:b'),
	]) {
		assert.is(readBasic(bad), null, bad);
	}
});

test.run();
