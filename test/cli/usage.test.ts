/** Mistakes on the command line: exit 2, on stderr, with the way out of it. */

import * as assert from 'uvu/assert';
import { suite } from '../harness.ts';
import { runCli } from './run-cli.ts';

const test = suite('usage');

type Mistake = [args: string[], says: string[]];

/** Arguments → what stderr says. */
const mistakes: Mistake[] = [
	[['gade'], ["Unknown command 'gade'", 'Did you mean grade?', 'kubeproctor --help']],
	[['xyzzy'], ["Unknown command 'xyzzy'", 'kubeproctor --help']],
	[
		['--nmae', 'x', 'list'],
		["Unknown option '--nmae'", 'Did you mean --name?'],
	],
	[
		['list', '--otput', 'json'],
		["Unknown option '--otput'", 'Did you mean --output?', 'kubeproctor list --help'],
	],
	[
		['up', '--provder', 'kind'],
		["Unknown option '--provder'", 'Did you mean --provider?', 'kubeproctor up --help'],
	],
	[
		['list', '-o', 'xml'],
		["'xml'", 'text, json'],
	],
	...['https://a.b', 'a.b/team', 'a.b:99999', 'school'].map(
		(host): Mistake => [
			['--name', 'x', 'up', '--provider', 'existing', '--context', 'c', '--registry', host, '--registry-username', 'u'],
			['--registry takes the host of a registry', `not ${host}.`],
		],
	),
	[['list', 'everything'], ["Too many arguments for 'list'"]],
	[['list', '--name'], ["'--name <name>' argument missing"]],
];

for (const [args, says] of mistakes) {
	test(`kubeproctor ${args.join(' ')}`, async () => {
		const { code, stdout, stderr } = await runCli(args);
		assert.is(code, 2);
		assert.is(stdout, '');
		for (const text of says) assert.match(stderr, text);
		assert.match(stderr.split('\n')[0] ?? '', /^✘ .* {2}exit 2$/);
		assert.not.match(stderr, /\n\s+at /);
	});
}

test.run();
