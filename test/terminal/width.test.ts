/** Lines that keep within a width. */

import * as assert from 'uvu/assert';
import { hasColour } from '../../src/terminal/colour.ts';
import { chooseWidth, spread, truncate, wrap } from '../../src/terminal/width.ts';
import { suite } from '../harness.ts';

const test = suite('width and colour');

test('takes the width of the terminal, 80 where there is none, and never more', () => {
	assert.equal(
		[chooseWidth({ columns: 40 }), chooseWidth({}), chooseWidth({ columns: 0 }), chooseWidth({ columns: 200 })],
		[40, 80, 80, 80],
	);
});

test('wraps at blanks and keeps a long word whole', () => {
	assert.equal(wrap('a bb ccc', 4), ['a bb', 'ccc']);
	assert.equal(wrap('see /a/very/long/path now', 8), ['see', '/a/very/long/path', 'now']);
	assert.equal(wrap('', 8), ['']);
});

test('truncates with a mark', () => {
	assert.is(truncate('kubeproctor', 5), 'kube…');
	assert.is(truncate('kube', 4), 'kube');
	assert.is(truncate('kube', 0), '…');
});

test('spreads two texts over a line, or says that they do not fit', () => {
	assert.is(spread('a', 'b', 5), 'a   b');
	assert.is(spread('aa', 'bb', 5), null);
});

test('colours a terminal only, unless told otherwise', () => {
	const ask = (isTTY: boolean, env: Record<string, string>, isRefused = false) =>
		hasColour({ stream: { isTTY }, env, isRefused });
	assert.is(ask(true, {}), true);
	assert.is(ask(false, {}), false);
	assert.is(ask(true, { NO_COLOR: '1' }), false);
	assert.is(ask(true, { NO_COLOR: '' }), true);
	assert.is(ask(true, { TERM: 'dumb' }), false);
	assert.is(ask(false, { FORCE_COLOR: '1' }), true);
	assert.is(ask(true, { FORCE_COLOR: '0' }), false);
	assert.is(ask(true, { FORCE_COLOR: '1' }, true), false);
});

test.run();
