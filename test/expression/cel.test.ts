/** Expressions: what they say of an object, what is wrong with them, and that none of them can hang. */

import * as assert from 'uvu/assert';
import { type Evaluated, evaluateExpression, expressionLimits, readExpression } from '../../src/expression/index.ts';
import { suite } from '../harness.ts';

const test = suite('expressions');

function evaluate(text: string, object: unknown = {}): Evaluated {
	const { fault, ...read } = readExpression(text);
	if (!('expression' in read)) throw new Error(`${text}: ${fault?.message}`);
	return evaluateExpression(read.expression, object);
}

const pod = {
	metadata: { name: 'web', labels: { app: 'web' }, annotations: { 'example.com/x': 'y' } },
	spec: {
		replicas: 3,
		containers: [
			{ name: 'app', image: 'registry.example.com/myapp:1.0' },
			{ name: 'side', image: 'registry.example.com/side@sha256:abc' },
		],
	},
};

const verdicts: [text: string, outcome: Evaluated['outcome']][] = [
	['object.spec.replicas == 3', 'true'],
	['object.spec.replicas > 3', 'false'],
	["object.spec.containers.all(c, c.image.startsWith('registry.example.com/'))", 'true'],
	["object.spec.containers.exists(c, c.name == 'db')", 'false'],
	["object.metadata.annotations['example.com/x'] == 'y'", 'true'],
	['has(object.spec.paused) ? object.spec.paused : size(object.spec.containers) == 2', 'true'],
	["object.spec.?strategy.?type.orValue('RollingUpdate') == 'RollingUpdate'", 'true'],
	['object.spec.strategy.type == "Recreate"', 'undefined'],
	['object.spec.replicas', 'undefined'],
	["object.metadata.name.matches('^we')", 'true'],
	["object.metadata.name.matches('^(w+e+)+$')", 'false'],
	["object.spec.containers.filter(c, c.image.matches('@sha256:[0-9a-f]+$')).size() == 1", 'true'],
	["cel.bind(names, object.spec.containers.map(c, c.name), names == ['app', 'side'])", 'true'],
	["'app' in object.metadata.labels && !('tier' in object.metadata.labels)", 'true'],
	["object.constructor == 'Object'", 'undefined'],
];

for (const [text, outcome] of verdicts) {
	test(`${text} is ${outcome}`, () => assert.is(evaluate(text, pod).outcome, outcome));
}

test('what is not there is named', () => {
	assert.equal(evaluate('object.spec.strategy.type == "Recreate"', pod), {
		outcome: 'undefined',
		message: 'No such key: strategy',
	});
});

const faults: [text: string, line: number, column: number, message: RegExp][] = [
	['object.spec.replicas = 3', 1, 22, /Unexpected character/],
	['object.spec ==\n  spec.replicas', 2, 3, /Unknown variable: spec/],
	['size(object.spec.containers)', 1, 1, /must be true or false, and gives int/],
	["object.name.startWith('x')", 1, 1, /startWith/],
	["object.name.matches('(?=x)')", 1, 21, /not one of RE2: invalid or unsupported Perl syntax/],
	["object.name.matches('(')", 1, 21, /not one of RE2: missing closing/],
	['object.name.matches(object.pattern)', 1, 21, /must be written out/],
	["object.name.matches('a' + 'b')", 1, 21, /must be written out/],
	["object.name.matchesRe2('a')", 1, 1, /no function matchesRe2/],
	[`object.name.matches('${'a'.repeat(257)}')`, 1, 21, /longer than 256/],
	["object.name.matches('((a{30}){30}){1}b{900}')", 1, 21, /too large once it is compiled/],
	[`object.name == '${'a'.repeat(2000)}'`, 1, 1, /longer than 2000/],
	[`${'('.repeat(100)}true${')'.repeat(100)}`, 1, 41, /maxDepth/],
	[Array.from({ length: 300 }, () => 'true').join('||'), 1, 1, /maxAstNodes/],
];

for (const [text, line, column, message] of faults) {
	test(`${text.slice(0, 50)} is refused`, () => {
		const { fault } = readExpression(text);
		assert.match(fault?.message ?? '', message);
		assert.equal([fault?.line, fault?.column], [line, column]);
	});
}

const items = Array.from({ length: 100 }, (_, index) => index);
const list = `[${items.join(',')}]`;
/** Eight times as large with each of six steps. */
const grow = (start: string) => {
	const binds = [1, 2, 3, 4, 5, 6].map(
		(step) =>
			`cel.bind(v${step}, ${Array(8)
				.fill(`v${step - 1}`)
				.join(' + ')}, `,
	);
	return `cel.bind(v0, ${start}, ${binds.join('')}v6.size() > 0${')'.repeat(7)}`;
};

const hostile: [title: string, text: string, object: unknown][] = [
	['loops in loops', `${list}.all(a, ${list}.all(b, ${list}.all(c, ${list}.all(d, a + b + c + d >= 0))))`, {}],
	[
		'loops whose errors are passed over',
		'object.l.exists(a, object.l.exists(b, object.l.exists(c, c.x)))',
		{ l: items },
	],
	[
		'either side of an or, in loops',
		'object.l.exists(a, object.l.exists(b, object.l.exists(c, c.x || a.y || c.z)))',
		{ l: items },
	],
	['a text that grows', grow("'aaaaaaaaaaaaaaaa'"), {}],
	['a list that grows', grow('object.l'), { l: items }],
	[
		'a list of lists of lists, compared',
		'object.l.map(a, object.l.map(b, object.l)) == object.l.map(a, object.l.map(b, object.l))',
		{ l: items },
	],
	[
		'a comparison with a large object, in a loop',
		'object.l.all(a, object.m == object.n)',
		{ l: items, m: items.map((i) => ({ i, items })), n: items.map((i) => ({ i, items })) },
	],
	[
		'a slow pattern over long texts',
		"object.l.exists(a, object.t.matches('(?i)(\\\\pL{1,400})+$'))",
		{ l: items, t: `${'a'.repeat(4095)}!` },
	],
	['a text that is too long for a pattern', "object.t.matches('a$')", { t: 'a'.repeat(expressionLimits.text + 1) }],
	['splitting, in a loop', "object.l.all(a, object.t.split('').size() > 0)", { l: items, t: 'a'.repeat(100_000) }],
];

for (const [title, text, object] of hostile) {
	test(`${title}: ends, and soon`, () => {
		const began = process.cpuUsage();
		assert.is(evaluate(text, object).outcome, 'too-much');
		const { user, system } = process.cpuUsage(began);
		assert.ok(user + system < 2_000_000, `${user + system} µs`);
	});
}

test('a pattern that makes other engines hang is answered at once', () => {
	const object = { t: `${'a'.repeat(4000)}!` };
	assert.is(evaluate("object.t.matches('^(a+)+$')", object).outcome, 'false');
});

test('what was spent on one object is not charged to the next', () => {
	const { fault, ...read } = readExpression('object.l.all(a, object.l.all(b, a == a))');
	if (!('expression' in read)) throw new Error(fault?.message);
	assert.is(evaluateExpression(read.expression, { l: Array.from({ length: 400 }, () => 1) }).outcome, 'too-much');
	assert.is(evaluateExpression(read.expression, { l: [1, 2] }).outcome, 'true');
});

test('an object as deep as JSON can be is no reason to fall over', () => {
	const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
	assert.is(evaluate('object.a == object.a', { a: deep }).outcome, 'undefined');
});

test.run();
