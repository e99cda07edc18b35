/** htpasswd lines that registry:2 reads. */

import { compare } from 'bcryptjs';
import * as assert from 'uvu/assert';
import { UsageError } from '../../src/model/error.ts';
import { writeHtpasswdLine } from '../../src/oci/htpasswd.ts';
import { suite } from '../harness.ts';

const test = suite('oci/htpasswd');

test('a line holds the user and a bcrypt hash that fits the password', async () => {
	const line = await writeHtpasswdLine({ username: 'myuser', password: 'mypässword' });
	assert.match(line, /^myuser:\$2y\$05\$[./A-Za-z0-9]{53}\n$/);
	const hash = line.trim().slice('myuser:'.length);
	assert.ok(await compare('mypässword', hash));
	assert.not(await compare('mypassword', hash));
});

test('what such a file cannot hold is refused', async () => {
	for (const [username, password] of [
		['', 'x'],
		['a:b', 'x'],
		['#a', 'x'],
		['a\nb', 'x'],
		['a', ''],
		['a', 'ä'.repeat(37)],
	] as const) {
		const error = await writeHtpasswdLine({ username, password }).catch((thrown: unknown) => thrown);
		assert.instance(error, UsageError);
		if (password !== '') assert.not.match((error as Error).message, password === 'x' ? /: x/ : password);
	}
	assert.match(await writeHtpasswdLine({ username: 'a', password: 'ä'.repeat(36) }), /^a:/);
});

test.run();
